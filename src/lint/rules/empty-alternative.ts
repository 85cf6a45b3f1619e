import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const emptyAlternative: LintRule = {
  code: "OSSEC-EMPTY-ALTERNATIVE",
  trap: "empty-alternative",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "An empty alternative matches everything",
  why: "a| means a or nothing, and nothing is found in every text. An empty OS_Match pattern matches everything too.",
  instead: "Take the empty alternative away.",
  reference: "docs/reference/ossec.md#os_regex, #os_match",
  bad: { rules: `<rule id="100100" level="5"><match>«bad|»</match><description>a</description></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
  check(context, report) {
    for (const pattern of context.patterns) {
      const alternatives = context.alternativesOf(pattern);
      const found =
        alternatives === null
          ? /^\||[^\\]\|\||[^\\]\|$/.test(pattern.text)
          : alternatives.some(
              ({ tokens, anchoredEnd, anchoredStart }) =>
                tokens.length === 0 && !(anchoredStart && anchoredEnd),
            );
      if (!found) continue;
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)} matches every text: ${pattern.text === "" ? "it is empty" : "one of its alternatives is empty"}`,
      );
    }
  },
};
