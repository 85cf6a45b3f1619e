import { elementOfSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const arNoTimeout: LintRule = {
  code: "OSSEC-AR-NO-TIMEOUT",
  effect: "style",
  dialects: ["ossec", "wazuh"],
  title: "An active response without a timeout",
  why: "What it does is never undone: an address that was forged, or that somebody else gets tomorrow, stays blocked until a person takes it out.",
  instead: "Give the command <timeout_allowed>yes</timeout_allowed> and the response a <timeout>.",
  reference: "docs/reference/ossec.md#active-response (timeout 0)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect>srcip</expect></command>\n«<active-response>»<command>block</command><location>local</location><level>5</level></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>\n<active-response><command>block</command><location>local</location><level>5</level><timeout>600</timeout></active-response>`,
  },
  check(context, report) {
    for (const { response, section } of context.responses) {
      if (
        response.timeout !== 0 ||
        !response.command.expect.srcip ||
        elementOfSection(section, "timeout") !== undefined
      )
        continue;
      report(section.opening, `what command "${response.command.name}" does is never undone`);
    }
  },
};
