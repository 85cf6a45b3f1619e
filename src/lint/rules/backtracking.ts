import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const backtracking: LintRule = {
  code: "OSSEC-BACKTRACKING",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "A pattern that a line can make very slow",
  why: "The number of ways to match grows exponentially with the length of the line. Whoever can write such a line stops the engine.",
  instead: "Do not repeat what repeats itself: (a+)+ is a+.",
  reference:
    "docs/reference/ossec.md#pattern-languages (patterns are run with backtracking), #life-of-an-event (lines up to 6144 bytes)",
  bad: {
    rules: `<rule id="100100" level="5"><pcre2>«^(\\w+\\s?)+$»</pcre2><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><pcre2>^[\\w ]+$</pcre2><description>a</description></rule>` },
  check(context, report) {
    for (const pattern of context.patterns) {
      // Only what repeats a group can take exponential time, and only PCRE2 repeats groups.
      if (pattern.language !== "pcre2" || !/\)[+*{]/.test(pattern.text)) continue;
      const compiled = context.loaded.dialect.compilePattern(pattern);
      if (!compiled.ok) continue;
      const { backtracking } = compiled.value;
      if (backtracking.kind !== "exponential") continue;
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)} takes exponential time on some lines: ${backtracking.place}`,
      );
    }
  },
};
