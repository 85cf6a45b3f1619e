import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const groupMemberAfterComposite: LintRule = {
  code: "OSSEC-GROUP-MEMBER-AFTER-COMPOSITE",
  trap: "group-member-after-composite",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A member of a group that is loaded behind the composite that counts it",
  why: "if_matched_group counts only rules that are loaded before the composite. Events of later ones never reach its list.",
  instead: "Move the composite behind the last member of its group.",
  reference: "docs/reference/ossec.md#correlation (lists fed only by rules loaded before the composite)",
  bad: {
    rules: `<rule id="100100" level="3"><match>old scan</match><group>scan,</group><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_group>scan</if_matched_group><description>many</description></rule>\n<rule id="100102" level="3"><match>new scan</match><group>«scan,»</group><description>b</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>old scan</match><group>scan,</group><description>a</description></rule>\n<rule id="100102" level="3"><match>new scan</match><group>scan,</group><description>b</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_group>scan</if_matched_group><description>many</description></rule>`,
  },
  check(context, report) {
    const composites = context.loaded.rules.flatMap((rule, index) => {
      const compiled =
        rule.search?.kind === "group" && rule.ifMatchedGroup !== null
          ? context.loaded.dialect.compilePattern(rule.ifMatchedGroup)
          : null;
      return compiled?.ok === true ? [{ rule, index, matcher: compiled.value }] : [];
    });
    if (composites.length === 0) return;
    const order = new Map(context.loaded.rules.map((rule, index) => [rule, index]));
    const byText = new Map<string, typeof composites>();
    for (const written of context.rules) {
      const { rule } = written;
      if (written.overwrite || rule.level === 0 || rule.noalert || rule.search !== null) continue;
      let matching = byText.get(rule.group);
      if (matching === undefined) {
        matching = composites.filter(({ matcher }) => matcher.test(rule.group));
        byText.set(rule.group, matching);
      }
      const position = order.get(rule) ?? 0;
      const { file } = written.place.source;
      const missed = matching.filter(
        ({ rule: composite, index }) =>
          index < position &&
          (context.ordered || context.written.rule(composite).place.source.file === file) &&
          !rule.feedsGroupListsOf.includes(composite.id) &&
          // Local rules stand behind the stock ones: that their composites do not count them is as it should be.
          (!context.stock.isStock(context.written.rule(composite).place) ||
            context.stock.isStock(written.place)),
      );
      if (missed.length === 0) continue;
      const ids = [...new Set(missed.map(({ rule: composite }) => composite.id))].join(", ");
      report(
        elementNamed(written, "group")?.content ?? written.place,
        `events of rule ${rule.id} are never counted by composite ${ids}, which is loaded before it`,
      );
    }
  },
};
