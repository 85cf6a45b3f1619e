import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";
import { outsideAnchor } from "../text.js";

export const alternationAnchor: LintRule = {
  code: "OSSEC-ALTERNATION-ANCHOR",
  trap: "alternation-anchor",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "An anchor that holds for one alternative only",
  why: "^ belongs to the alternative that it stands in: ^a|b finds b anywhere.",
  instead: "Write the anchor in every alternative.",
  reference: "docs/reference/ossec.md#os_regex, #os_match",
  bad: {
    rules: `<rule id="100100" level="5"><match>«^bad login|worse login»</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>^bad login|^worse login</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (!pattern.text.includes("|")) continue;
      const alternatives = context.alternativesOf(pattern);
      const anchor = alternatives === null ? null : outsideAnchor(alternatives);
      if (anchor === null) continue;
      const which = anchor === "^" ? "first" : "last";
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)}: the ${anchor} holds for the ${which} alternative only`,
      );
    }
  },
};
