import { attributeNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const levelOver15: LintRule = {
  code: "OSSEC-LEVEL-OVER-15",
  effect: "style",
  title: "A level above 15",
  why: "Levels are meant from 0 to 15; tools that read alerts, and Wazuh, know no higher ones (Wazuh refuses more than 16).",
  instead: "Write a level from 0 to 15.",
  reference: "docs/reference/ossec.md#rule-attributes (no upper limit), docs/reference/wazuh.md#in-short",
  bad: {
    rules: `<rule id="100100" level="«20»"><match>bad login</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="15"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const level = attributeNamed(written, "level");
      if (level === undefined || !/^[0-9]+$/.test(level.value)) continue;
      const kept = Number(level.value.slice(0, 4));
      if (kept > 15 && kept !== 99)
        report(valuePlace(level), `level ${kept} of rule ${written.rule.id} is above 15`);
    }
  },
};
