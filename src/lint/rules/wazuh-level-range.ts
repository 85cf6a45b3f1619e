import type { LintRule } from "../model.js";

export const wazuhLevelRange: LintRule = {
  code: "WAZUH-LEVEL-RANGE",
  effect: "refused",
  dialects: ["wazuh"],
  title: "A level above 16",
  why: "Levels go from 0 to 16; a higher one stops the loader.",
  instead: "Write a level from 0 to 16.",
  reference: "docs/reference/wazuh.md#in-short (level)",
  bad: {
    rules: `<rule id="100100" level="«20»"><match>bad login</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="16"><match>bad login</match><description>a</description></rule>` },
};
