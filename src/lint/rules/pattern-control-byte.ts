import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const patternControlByte: LintRule = {
  code: "OSSEC-PATTERN-CONTROL-BYTE",
  effect: "dead",
  title: "A pattern that wants a line end or another control byte",
  why: "Since 3.8.0 the engine deletes every control byte from a line. A line break inside the element belongs to the pattern.",
  instead: "Write the pattern on one line.",
  reference: "docs/reference/ossec.md#xml (Values are not trimmed), #pre-decoding (0.)",
  engines: ["4.3", "3.8"],
  bad: {
    rules: `<rule id="100100" level="5"><match>«bad\n  login»</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language === "pcre2" || pattern.name === "if_matched_group") continue;
      const alternatives = context.alternativesOf(pattern) ?? [];
      const dead = alternatives.filter(({ tokens }) =>
        tokens.some(
          ({ kind, text, quantifier }) =>
            kind === "literal" && quantifier === "" && /^[\u0000-\u0008\u000a-\u001f\u007f]$/.test(text),
        ),
      );
      if (dead.length === 0) continue;
      const which =
        dead.length === alternatives.length ? "can never match" : "has an alternative that can never match";
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)} ${which}: it wants a line end or another control byte, which the engine deletes from every line`,
      );
    }
  },
};
