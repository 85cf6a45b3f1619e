import { placeInSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const arUnknownRule: LintRule = {
  code: "OSSEC-AR-UNKNOWN-RULE",
  trap: "ar-unknown-rule",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "An active response for a rule that does not exist",
  why: "Unknown ids in rules_id are not reported; the response is never bound.",
  instead: "Name a rule that is loaded.",
  reference: "docs/reference/ossec.md#active-response (Unknown rule ids are not reported)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><rules_id>«100999»</rules_id></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><rules_id>100100</rules_id></active-response>`,
  },
  check(context, report) {
    if (!context.complete) return;
    for (const { response, section } of context.responses) {
      for (const id of response.rulesId) {
        if (!context.loaded.ruleById.has(id))
          report(
            placeInSection(section, "rules_id"),
            `there is no rule ${id}: the response is never started by it`,
          );
      }
    }
  },
};
