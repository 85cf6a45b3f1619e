import { placeInSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const arLevel0Rule: LintRule = {
  code: "OSSEC-AR-LEVEL0-RULE",
  trap: "ar-level0-rule",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "An active response for a rule that can have none",
  why: "Active responses are never bound to rules of level 0, of accuracy 0 or with the option no_ar, even when they are named.",
  instead: "Give the rule a level; the option no_log keeps its alert out of the log.",
  reference: "docs/reference/ossec.md#active-response (Never bound to …)",
  bad: {
    rules: `<rule id="100100" level="0"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><rules_id>«100100»</rules_id></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><rules_id>100100</rules_id></active-response>`,
  },
  check(context, report) {
    for (const { response, section, index } of context.responses) {
      const { rulesGroup } = response;
      // In Wazuh a response with both is for rules of the group from that level on.
      const byLevel = context.dialect === "wazuh" && response.level > 0;
      const pattern =
        rulesGroup === null || byLevel || !context.complete
          ? null
          : context.loaded.dialect.compilePattern(rulesGroup);
      if (pattern?.ok) {
        const members = context.loaded.rules.filter(({ group }) => pattern.value.test(group));
        if (members.length > 0 && members.every((rule) => !rule.activeResponses.includes(index))) {
          report(
            placeInSection(section, "rules_group"),
            "the response is never bound: every rule of the group is of level 0, of accuracy 0 or has the option no_ar",
          );
        }
      }
      for (const id of response.rulesId) {
        const rule = context.loaded.ruleById.get(id);
        if (rule === undefined || rule.activeResponses.includes(index)) continue;
        const why =
          rule.level === 0
            ? "is of level 0"
            : rule.options.noActiveResponse
              ? "has the option no_ar"
              : "has accuracy 0";
        report(
          placeInSection(section, "rules_id"),
          `the response is never bound to rule ${id}, which ${why}`,
        );
      }
    }
  },
};
