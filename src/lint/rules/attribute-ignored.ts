import { lowerCase } from "../../ossec/load/text.js";
import type { AttributeRange, ElementRange } from "../../ossec/source-map.js";
import { removeAttribute } from "../edits.js";
import type { LintRule } from "../model.js";

/** Of `<field>` the first attribute counts, of `<list>` and `<info>` all do. */
function ignoredAttributes({ name, attributes }: ElementRange): readonly AttributeRange[] {
  const folded = lowerCase(name);
  if (folded === "list" || folded === "info") return [];
  return folded === "field" && lowerCase(attributes[0]?.name ?? "") === "name"
    ? attributes.slice(1)
    : attributes;
}

export const attributeIgnored: LintRule = {
  code: "OSSEC-ATTRIBUTE-IGNORED",
  effect: "misread",
  title: "An attribute that the engine does not look at",
  why: "type= and negate= belong to Wazuh. OSSEC takes the language of a pattern from the element's name and looks at attributes of field, list and info only.",
  instead: "Use the element of the language: regex, match, pcre2 or a _pcre2 form.",
  reference: "docs/reference/ossec.md#pattern-languages, #rule-elements, docs/reference/wazuh.md#in-short",
  bad: {
    rules: `<rule id="100100" level="5"><match «type»="pcre2">bad|worse</match><description>a</description></rule>`,
  },
  fixed: { rules: `<rule id="100100" level="5"><match>bad|worse</match><description>a</description></rule>` },
  good: {
    rules: `<rule id="100100" level="5"><match_pcre2>bad|worse</match_pcre2><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      for (const element of written.elements) {
        for (const attribute of ignoredAttributes(element))
          report(
            attribute.namePlace,
            `${attribute.name}="${attribute.value}" of <${element.name}> is ignored`,
            removeAttribute("Take the attribute away.", attribute),
          );
      }
    }
  },
};
