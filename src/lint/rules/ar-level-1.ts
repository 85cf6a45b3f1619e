import { placeInSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const arLevel1: LintRule = {
  code: "OSSEC-AR-LEVEL-1",
  trap: "ar-level-1",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "An active response from a very low level on",
  why: "The response is bound to every rule of that level and above: nearly every alert, successful logins among them, blocks somebody.",
  instead: "Name the rules (rules_id, rules_group), or take level 7 and above.",
  reference: "docs/reference/ossec.md#active-response (level ≥ AR level)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>«1»</level></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="10"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>10</level></active-response>`,
  },
  check(context, report) {
    for (const { response, section } of context.responses) {
      if (response.level < 1 || response.level > 3) continue;
      report(
        placeInSection(section, "level"),
        `level ${response.level} binds the response to practically every alert`,
      );
    }
  },
};
