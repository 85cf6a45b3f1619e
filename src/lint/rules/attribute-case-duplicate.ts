import { lowerCase } from "../../ossec/load/text.js";
import type { AttributeRange } from "../../ossec/source-map.js";
import { removeAttribute } from "../edits.js";
import { valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const attributeCaseDuplicate: LintRule = {
  code: "OSSEC-ATTRIBUTE-CASE-DUPLICATE",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "The same attribute twice in different letter case",
  why: "The reader refuses the same attribute twice only when the letter case is the same; otherwise the later value wins.",
  instead: "Keep one of the two.",
  reference: "docs/reference/ossec.md#xml (Attributes)",
  bad: {
    rules: `<rule id="100100" level="5" Level="«6»"><match>bad login</match><description>a</description></rule>`,
  },
  fixed: { rules: `<rule id="100100" Level="6"><match>bad login</match><description>a</description></rule>` },
  good: { rules: `<rule id="100100" level="6"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const { attributes } of context.rules) {
      if (attributes.every(({ name }) => name === lowerCase(name))) continue;
      const seen = new Map<string, AttributeRange>();
      for (const attribute of attributes) {
        const name = lowerCase(attribute.name);
        const earlier = seen.get(name);
        if (earlier !== undefined)
          report(
            valuePlace(attribute),
            `${attribute.name} is given twice: the later value wins`,
            // An empty number changes nothing, so the earlier one stays in force.
            attribute.value === "" ? {} : removeAttribute("Take the earlier one away.", earlier),
          );
        seen.set(name, attribute);
      }
    }
  },
};
