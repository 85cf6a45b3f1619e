import { compositesOf, searchPlace } from "../helpers.js";
import type { LintRule } from "../model.js";

export const wazuhIfMatchedRegex: LintRule = {
  code: "WAZUH-IF-MATCHED-REGEX",
  trap: "if-matched-regex-agents",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "An if_matched_regex on which the engine hangs",
  why: "if_matched_regex without global_frequency ends in an endless loop as soon as it meets an event of another agent.",
  instead: "Write <global_frequency />, or count with if_matched_sid.",
  reference: "docs/reference/wazuh.md#crashes",
  bad: {
    rules: String.raw`<rule id="100100" level="10" frequency="5" timeframe="60"><if_matched_regex>«bad login»</if_matched_regex><description>many</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="10" frequency="5" timeframe="60"><if_matched_regex>bad login</if_matched_regex><global_frequency /><description>many</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      const { search, correlation, id } = written.rule;
      if (search?.kind !== "events" || correlation.global) continue;
      report(
        searchPlace(written),
        `rule ${id} hangs the engine as soon as two agents send events of its kind`,
      );
    }
  },
};
