import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";
import { badWords } from "../text.js";

export const matchCaretInside: LintRule = {
  code: "OSSEC-MATCH-CARET-INSIDE",
  trap: "match-caret-inside",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "An anchor inside a word of an OS_Match pattern",
  why: "^ means the beginning and $ the end of the text, also inside a word, where neither can be: the word never matches.",
  instead: "Anchors stand first or last in a word. To look for the character itself use a PCRE2 element.",
  reference: "docs/reference/ossec.md#os_match",
  bad: { rules: `<rule id="100100" level="5"><match>«a^b»</match><description>a</description></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>^ab|b$</match><description>a</description></rule>` },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language !== "osmatch") continue;
      const words = badWords(pattern.text);
      if (words.length === 0) continue;
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)}: "${words.join('", "')}" never matches, because of the anchor inside`,
      );
    }
  },
};
