import { elementOfSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const wazuhExpectDeprecated: LintRule = {
  code: "WAZUH-EXPECT-DEPRECATED",
  effect: "misread",
  severity: "info",
  dialects: ["wazuh"],
  title: "A command with expect",
  why: "expect is deprecated since 4.2. From then on agents give the script one JSON object on its standard input (command add or delete, the alert within parameters) and no arguments: a script that reads its arguments finds none.",
  instead: "Take <expect> away and let the script read the JSON; further words for it stand in <extra_args>.",
  reference: "docs/reference/wazuh.md#in-short (AR)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<global><white_list>192.0.2.1</white_list></global>\n<command><name>block</name><executable>block.sh</executable><expect>«srcip»</expect><timeout_allowed>yes</timeout_allowed></command>\n<active-response><command>block</command><location>local</location><level>5</level><timeout>600</timeout></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<global><white_list>192.0.2.1</white_list></global>\n<command><name>block</name><executable>block.sh</executable><timeout_allowed>yes</timeout_allowed></command>\n<active-response><command>block</command><location>local</location><level>5</level><timeout>600</timeout></active-response>`,
  },
  check(context, report) {
    for (const section of context.sections) {
      const expect = section.name === "command" ? elementOfSection(section, "expect") : undefined;
      if (expect !== undefined)
        report(
          expect.place,
          "agents from 4.2 on give the script JSON on its standard input, not these arguments",
        );
    }
  },
};
