import { elementOfSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const arTimeoutWord: LintRule = {
  code: "OSSEC-AR-TIMEOUT-WORD",
  trap: "ar-timeout-word",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "A timeout that is no number",
  why: "It is read as 0, which means for ever: whoever is blocked stays blocked.",
  instead: "Write seconds: 600.",
  reference: "docs/reference/ossec.md#active-response (timeout is read like C's atoi)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect><timeout_allowed>yes</timeout_allowed></command>\n<active-response><command>block</command><location>local</location><level>5</level><timeout>«hour»</timeout></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect><timeout_allowed>yes</timeout_allowed></command>\n<active-response><command>block</command><location>local</location><level>5</level><timeout>600</timeout></active-response>`,
  },
  check(context, report) {
    for (const { section } of context.responses) {
      const timeout = elementOfSection(section, "timeout");
      if (timeout !== undefined && !/^\s*[+-]?\d/.test(timeout.value))
        report(timeout.place, `"${timeout.value}" is read as 0: the block is for ever`);
    }
  },
};
