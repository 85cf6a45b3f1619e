import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const xmlEntity: LintRule = {
  code: "OSSEC-XML-ENTITY",
  trap: "xml-entity",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "An XML entity in a pattern",
  why: "The reader knows no entities: &lt; stays four characters, and the pattern looks for them.",
  instead: String.raw`Write > & " ' as they are, and \< for < in a <regex>.`,
  reference: "docs/reference/ossec.md#xml (Entities do not exist)",
  bad: { rules: `<rule id="100100" level="5"><match>«a&lt;b»</match><description>a</description></rule>` },
  good: {
    rules: String.raw`<rule id="100100" level="5"><regex>a\<b</regex><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      const found = /&(?:lt|gt|amp|quot|apos|#\d+|#x[0-9a-f]+);/i.exec(pattern.text);
      if (found === null) continue;
      report(pattern.place, `<${pattern.name}> of ${ownerOf(pattern)} looks for the text "${found[0]}"`);
    }
  },
};
