import { atoi } from "../../ossec/load/text.js";
import { elementOfSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const wazuhArTimeoutDropped: LintRule = {
  code: "WAZUH-AR-TIMEOUT-DROPPED",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "A timeout that the command does not allow",
  why: "A timeout of a command without <timeout_allowed>yes</timeout_allowed> is dropped, which is only logged as information: the block is never taken back.",
  instead: "Write <timeout_allowed>yes</timeout_allowed> into the <command>.",
  reference: "docs/reference/wazuh.md#responses-in-wazuh",
  bad: {
    rules: `<rule id="100100" level="8"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>drop</name><executable>firewall-drop</executable></command>
<active-response><command>drop</command><location>local</location><rules_id>100100</rules_id><timeout>«600»</timeout></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="8"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
<active-response><command>drop</command><location>local</location><rules_id>100100</rules_id><timeout>600</timeout></active-response>`,
  },
  check(context, report) {
    for (const { section, response } of context.responses) {
      const timeout = elementOfSection(section, "timeout");
      if (timeout === undefined || response.command.timeoutAllowed || atoi(timeout.value) === 0) continue;
      report(
        timeout.place,
        `the command ${response.command.name} allows no timeout: what it blocks stays blocked`,
      );
    }
  },
};
