import { joinInto } from "../edits.js";
import { elementsNamed } from "../elements.js";
import { shown } from "../helpers.js";
import type { LintRule } from "../model.js";

export const joinedIfSid: LintRule = {
  code: "OSSEC-JOINED-IF-SID",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "Two if_sid elements are joined",
  why: "The texts are put together: 100 and 200 become 100200.",
  instead: "Write the ids in one element with a comma between them.",
  reference: "docs/reference/ossec.md#rule-elements (Repeated elements)",
  bad: {
    rules: `<rule id="10" level="5"><match>a</match><description>a</description></rule>\n<rule id="100" level="5"><match>b</match><description>a</description></rule>\n<rule id="10100" level="5"><match>c</match><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>10</if_sid><if_sid>«100»</if_sid><description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="10" level="5"><match>a</match><description>a</description></rule>\n<rule id="100" level="5"><match>b</match><description>a</description></rule>\n<rule id="10100" level="5"><match>c</match><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>10100</if_sid><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100099" level="5"><match>a</match><description>a</description></rule>\n<rule id="100100" level="5"><match>b</match><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>100099, 100100</if_sid><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const all = elementsNamed(written, "if_sid");
      let joined = "";
      for (const [index, element] of all.entries()) {
        const before = joined;
        joined += element.value;
        const previous = all[index - 1];
        if (index === 0 || /[, ]$/.test(before) || /^[, ]/.test(element.value)) continue;
        report(
          element.content,
          `the <if_sid> elements of rule ${written.rule.id} are joined: "${shown(joined)}"`,
          previous === undefined ? {} : joinInto(previous, element),
        );
      }
    }
  },
};
