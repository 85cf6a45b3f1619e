import { attributeNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const level99IsZero: LintRule = {
  code: "OSSEC-LEVEL-99-IS-ZERO",
  trap: "level-99-is-zero",
  effect: "dead",
  title: "Level 99 is the engine's mark for level 0",
  why: "While rules are sorted, level 0 is kept as 99; afterwards every 99 becomes 0. The rule never alerts.",
  instead: "Write a level from 1 to 15.",
  reference: "docs/reference/ossec.md#rule-attributes",
  bad: {
    rules: `<rule id="100100" level="«99»"><match>bad login</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="15"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const level = attributeNamed(written, "level");
      if (level === undefined || !/^[0-9]+$/.test(level.value) || Number(level.value.slice(0, 4)) !== 99)
        continue;
      report(valuePlace(level), `level 99 means 0: rule ${written.rule.id} never alerts`);
    }
  },
};
