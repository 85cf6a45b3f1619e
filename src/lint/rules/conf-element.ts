import type { LintRule } from "../model.js";

export const confElement: LintRule = {
  code: "OSSEC-CONF-ELEMENT",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A section or element that ossec.conf does not have",
  why: "Names count in exact letter case, unknown ones are errors, and so is a section without any element.",
  instead: "Take it away.",
  reference: "docs/reference/ossec.md#configuration",
  bad: { conf: `«<ruleset>»<rule_dir>rules</rule_dir></ruleset>` },
  good: { conf: `<global><white_list>192.0.2.1</white_list></global>` },
};
