import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const matchBang: LintRule = {
  code: "OSSEC-MATCH-BANG",
  trap: "match-bang",
  effect: "dead",
  title: "A leading ! in an OS_Match pattern",
  why: "OS_Match has no negation: the exclamation mark is looked for in the text.",
  instead: "Put what is not wanted into a rule of level 0 below the same parent; it is tried first.",
  reference: "docs/reference/ossec.md#os_match",
  bad: {
    rules: `<rule id="100100" level="5"><match>«!good login»</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language !== "osmatch" || !/^!\^?[A-Za-z0-9]/.test(pattern.text)) continue;
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)} looks for the text "${pattern.text}": ! does not negate`,
      );
    }
  },
};
