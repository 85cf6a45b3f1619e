import type { LintRule } from "../model.js";

export const activeResponse: LintRule = {
  code: "OSSEC-ACTIVE-RESPONSE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "An active response that cannot be set up",
  why: "command and location are needed, the command must stand above, defined-agent needs an agent_id, and a timeout a command that allows it.",
  instead:
    "Put the <command> before the <active-response>, and give it <timeout_allowed>yes</timeout_allowed> for a timeout.",
  reference: "docs/reference/ossec.md#active-response",
  bad: {
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level><timeout>«600»</timeout></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect><timeout_allowed>yes</timeout_allowed></command>\n<active-response><command>block</command><location>local</location><level>5</level><timeout>600</timeout></active-response>`,
  },
};
