import { placeInSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const wazuhArLevelAndGroup: LintRule = {
  code: "WAZUH-AR-LEVEL-AND-GROUP",
  effect: "misread",
  severity: "info",
  dialects: ["wazuh"],
  title: "A response with level and rules_group",
  why: "In Wazuh both must hold; in OSSEC one of them is enough.",
  instead: "Write two <active-response> sections if one of them shall do.",
  reference: "docs/reference/wazuh.md#responses-in-wazuh",
  bad: {
    rules: `<rule id="100100" level="8"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>drop</name><executable>firewall-drop</executable></command>
<active-response><command>drop</command><location>local</location><level>7</level><rules_group>«local»</rules_group></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="8"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>drop</name><executable>firewall-drop</executable></command>
<active-response><command>drop</command><location>local</location><level>7</level></active-response>`,
  },
  check(context, report) {
    for (const { section, response } of context.responses) {
      if (response.level === 0 || response.rulesGroup === null) continue;
      report(
        placeInSection(section, "rules_group"),
        `the response is for rules of the group from level ${response.level} on, not for all of it`,
      );
    }
  },
};
