import { elementNamed, type WrittenRule } from "../elements.js";
import { compositesOf, listed, searchPlace } from "../helpers.js";
import type { LintRule } from "../model.js";

export const sidTargetStarvesGroup: LintRule = {
  code: "OSSEC-SID-TARGET-STARVES-GROUP",
  trap: "sid-target-starves-group",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "The target of an if_matched_sid feeds no group any more",
  why: "A rule that some if_matched_sid names puts its events into that list and into no group list. The composites of its groups do not see them.",
  instead: "Count both ways by sid, or put a child rule in between for one of the two.",
  reference:
    "docs/reference/ossec.md#correlation (a rule that is the target of any if_matched_sid feeds no group list any more)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><group>«bad_login,»</group><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_group>bad_login</if_matched_group><description>many</description></rule>\n<rule id="100102" level="11" frequency="40" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>very many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><group>bad_login,</group><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_group>bad_login</if_matched_group><description>many</description></rule>\n<rule id="100102" level="11" frequency="40" timeframe="60"><if_matched_group>bad_login</if_matched_group><description>very many</description></rule>`,
  },
  check(context, report) {
    const counting = new Map<number, number>();
    for (const { search, id } of context.loaded.rules) {
      if (search?.kind === "sid" && !counting.has(search.sid)) counting.set(search.sid, id);
    }
    const own = new Map<WrittenRule, number[]>();
    const byId = new Map(compositesOf(context).map((written) => [written.rule.id, written]));
    for (const written of context.rules) {
      const { rule } = written;
      if (written.overwrite || !rule.feedsSidList || rule.feedsGroupListsOf.length === 0) continue;
      if (rule.level === 0 || rule.noalert) continue;
      const composites = [...new Set(rule.feedsGroupListsOf)];
      const place = elementNamed(written, "group")?.content ?? written.place;
      if (context.stock.isStock(place)) {
        // Of a stock rule it concerns the reader's own composites: each is reported once.
        for (const id of composites) {
          const composite = byId.get(id);
          if (composite === undefined || context.stock.isStock(composite.place)) continue;
          own.set(composite, [...(own.get(composite) ?? []), rule.id]);
        }
      }
      report(
        place,
        `rule ${rule.id} is the target of if_matched_sid (rule ${counting.get(rule.id) ?? "?"}), so its events no longer reach composite ${composites.join(", ")}`,
      );
    }
    for (const [composite, targets] of own) {
      report(
        searchPlace(composite),
        `rule ${composite.rule.id} does not count rule ${listed(targets)} of this group: other composites name ${targets.length === 1 ? "it" : "them"} in if_matched_sid`,
        {
          severity: "warning",
          help: `Write a second composite with <if_matched_sid>${targets[0] ?? ""}</if_matched_sid> for what should count.`,
        },
      );
    }
  },
};
