import type { LintRule } from "../model.js";

export const command: LintRule = {
  code: "OSSEC-COMMAND",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A command without name, executable or expect",
  why: "All three are needed; expect may be empty.",
  instead: "Write <expect></expect> when the script needs nothing.",
  reference: "docs/reference/ossec.md#active-response",
  bad: { conf: `«<command>»<name>block</name><executable>block.sh</executable></command>` },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
};
