import { removeElements } from "../edits.js";
import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const categoryInChildIgnored: LintRule = {
  code: "OSSEC-CATEGORY-IN-CHILD-IGNORED",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A category beside a parent",
  why: "A rule with if_sid takes its parent's category; its own <category> is ignored.",
  instead: "Take <category> away.",
  reference: "docs/reference/ossec.md#place-in-the-tree (a child takes its parent's category)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="5"><category>«firewall»</category><if_sid>100100</if_sid><description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>100100</if_sid><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>100100</if_sid><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const element = elementNamed(written, "category");
      if (element === undefined || written.overwrite || elementNamed(written, "if_sid") === undefined)
        continue;
      if (element.value !== written.rule.category)
        report(
          element.content,
          `rule ${written.rule.id} has its parent's category, ${written.rule.category}, not ${element.value}`,
          removeElements("Take the element away.", element),
        );
    }
  },
};
