import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const tabInPrematch: LintRule = {
  code: "OSSEC-TAB-IN-PREMATCH",
  trap: "tab-in-prematch",
  effect: "dead",
  title: "A pattern that wants a TAB",
  why: "Since 3.8.0 the engine deletes every control byte from a line, TAB included, before anything looks at it.",
  instead:
    "Write the pattern for the line without TABs: fields stand glued together. Let the sensor write blanks or JSON.",
  reference: "docs/reference/ossec.md#pre-decoding (0.), #versions",
  engines: ["4.3", "3.8"],
  bad: { decoders: String.raw`<decoder name="app"><prematch>«^app\tlogin»</prematch></decoder>` },
  good: { decoders: String.raw`<decoder name="app"><prematch>^app login</prematch></decoder>` },
  check(context, report) {
    for (const pattern of context.patterns) {
      const wanted =
        pattern.language === "osregex"
          ? /(?<!\\)(?:\\\\)*\\t(?!\*)/.test(pattern.text)
          : pattern.language === "pcre2" &&
            /(?<![\\[])\\(?:t|x09)(?![*?]|\{0)/.test(pattern.text.replace(/\[[^\]]*\]/g, ""));
      if (!wanted && !pattern.text.includes("\t")) continue;
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)} wants a TAB, which the engine deletes from every line`,
      );
    }
  },
};
