import { elementOfSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const arTimeoutUnit: LintRule = {
  code: "OSSEC-AR-TIMEOUT-UNIT",
  trap: "ar-timeout-unit",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "A timeout with a unit",
  why: "Only the digits at the beginning are read, as seconds: 10m is ten seconds.",
  instead: "Write seconds: 600.",
  reference: "docs/reference/ossec.md#active-response (timeout is read like C's atoi)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect><timeout_allowed>yes</timeout_allowed></command>\n<active-response><command>block</command><location>local</location><level>5</level><timeout>«10m»</timeout></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect><timeout_allowed>yes</timeout_allowed></command>\n<active-response><command>block</command><location>local</location><level>5</level><timeout>600</timeout></active-response>`,
  },
  check(context, report) {
    for (const { response, section } of context.responses) {
      const timeout = elementOfSection(section, "timeout");
      if (timeout !== undefined && /^\s*[+-]?\d+\s*[^\d\s]/.test(timeout.value))
        report(timeout.place, `"${timeout.value}" is read as ${response.timeout} seconds`);
    }
  },
};
