import { removeElements } from "../edits.js";
import { elementNamed, elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const secondParentIgnored: LintRule = {
  code: "OSSEC-SECOND-PARENT-IGNORED",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "Two kinds of parents",
  why: "Of if_sid, if_level and if_group only the first in this order is looked at; the others are no conditions.",
  instead: "Write one of them.",
  reference: "docs/reference/ossec.md#place-in-the-tree (Parent)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><group>bad,</group><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>100100</if_sid><if_group>«bad»</if_group><description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad</match><group>bad,</group><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>100100</if_sid><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><group>bad,</group><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>100100</if_sid><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      if (written.overwrite) continue;
      const given = ["if_sid", "if_level", "if_group"].filter(
        (name) => elementNamed(written, name) !== undefined,
      );
      for (const name of given.slice(1)) {
        const element = elementNamed(written, name);
        if (element !== undefined)
          report(
            element.content,
            `<${name}> of rule ${written.rule.id} is ignored beside <${given[0] ?? ""}>`,
            removeElements("Take the ignored element away.", ...elementsNamed(written, name)),
          );
      }
    }
  },
};
