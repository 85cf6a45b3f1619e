import { didYouMean } from "../../diagnostics/near-names.js";
import { elementNamed, type WrittenRule } from "../elements.js";
import { compositesOf, searchPlace } from "../helpers.js";
import { lazily } from "../lazily.js";
import type { FindingDetails, LintRule } from "../model.js";

export const ifMatchedGroupNobody: LintRule = {
  code: "OSSEC-IF-MATCHED-GROUP-NOBODY",
  trap: "if-matched-group-nobody",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A composite of a group that no rule is in",
  why: "if_matched_group counts events of rules whose groups hold the text and that are loaded before. There is none, so the list stays empty.",
  instead: "Name a group that rules above really have.",
  reference: "docs/reference/ossec.md#correlation (if_matched_group)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_sid>100100</if_sid><if_matched_group>«nobody»</if_matched_group><description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><group>bad_login,</group><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_sid>100100</if_sid><if_matched_group>bad_login</if_matched_group><description>many</description></rule>`,
  },
  check(context, report) {
    if (!context.complete) return;
    const groups = lazily(() => new Set(context.loaded.rules.flatMap(({ group }) => group.split(/[,\s]+/))));
    for (const written of compositesOf(context)) {
      if (written.rule.search?.kind !== "group" || context.feedersOf(written.rule).length > 0) continue;
      report(
        searchPlace(written),
        `rule ${written.rule.id} can never fire: no rule loaded before it has the group that it counts`,
        help(written, groups()),
      );
    }
  },
};

function help(written: WrittenRule, groups: ReadonlySet<string>): FindingDetails {
  const wanted = elementNamed(written, "if_matched_group")?.value ?? "";
  const meant = wanted === "" ? "" : didYouMean(wanted, groups, 4);
  return meant === "" ? {} : { help: `Name a group that rules above really have.${meant}` };
}
