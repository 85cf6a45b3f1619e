import { placeInSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const arNeverBound: LintRule = {
  code: "OSSEC-AR-NEVER-BOUND",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "An active response that nothing starts",
  why: "Without level, rules_id or rules_group, or when none of them fits a loaded rule, the response is bound to no rule.",
  instead: "Give it a rules_id, a rules_group or a level.",
  reference: "docs/reference/ossec.md#active-response (Bound when rules load)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n«<active-response>»<command>block</command><location>local</location></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  check(context, report) {
    for (const { response, section, index } of context.responses) {
      const { level, rulesId, rulesGroup } = response;
      if (level === 0 && rulesId.length === 0 && rulesGroup === null) {
        report(section.opening, "the response has no level, rules_id or rules_group, so nothing starts it");
      } else if (
        context.complete &&
        rulesId.length === 0 &&
        !context.loaded.rules.some(({ activeResponses }) => activeResponses.includes(index))
      ) {
        report(
          placeInSection(section, "rules_group", "level"),
          "no loaded rule fits the response, so nothing starts it",
        );
      }
    }
  },
};
