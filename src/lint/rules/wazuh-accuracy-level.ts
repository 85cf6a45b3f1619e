import { attributeNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhAccuracyLevel: LintRule = {
  code: "WAZUH-ACCURACY-LEVEL",
  trap: "accuracy-zero-level-zero",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "A rule of level 0 that alerts",
  why: 'accuracy="0" with level="0" becomes level 99: the rule alerts.',
  instead: "Take accuracy away.",
  reference: "docs/reference/wazuh.md#rule-attributes-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="0" accuracy="«0»"><match>noise</match><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="0"><match>noise</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const accuracy = attributeNamed(written, "accuracy");
      const level = attributeNamed(written, "level");
      if (
        accuracy !== undefined &&
        /^0+$/.test(accuracy.value) &&
        level !== undefined &&
        /^0*$/.test(level.value)
      )
        report(valuePlace(accuracy), `rule ${written.rule.id} alerts with level 99 although its level is 0`);
    }
  },
};
