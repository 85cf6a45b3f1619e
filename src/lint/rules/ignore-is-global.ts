import { valuePlace } from "../elements.js";
import { positive } from "../helpers.js";
import type { LintRule } from "../model.js";

export const ignoreIsGlobal: LintRule = {
  code: "OSSEC-IGNORE-IS-GLOBAL",
  trap: "ignore-is-global",
  effect: "misread",
  severity: "info",
  dialects: ["ossec", "wazuh"],
  note: true,
  title: "ignore= silences a rule for everybody",
  why: "After an alert the rule is silent for that time for every source, not for the one that caused the alert.",
  instead: "Know that a second attacker is not told within that time.",
  reference: "docs/reference/ossec.md#matching-rules",
  bad: {
    rules: `<rule id="100100" level="5" ignore="«60»"><match>bad login</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const ignore = positive(written, "ignore", 6);
      if (ignore === null) continue;
      report(
        valuePlace(ignore),
        `after an alert rule ${written.rule.id} is silent for ${Number(ignore.value.slice(0, 6))} seconds for every source`,
      );
    }
  },
};
