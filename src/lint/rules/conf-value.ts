import type { LintRule } from "../model.js";

export const confValue: LintRule = {
  code: "OSSEC-CONF-VALUE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A value that an option of ossec.conf does not take",
  why: "yes and no are exact words, numbers are digits alone.",
  instead: "Write a value of the reference.",
  reference: "docs/reference/ossec.md#configuration",
  bad: { conf: `<global><logall>«1»</logall></global>` },
  good: { conf: `<global><logall>yes</logall></global>` },
};
