import type { LintRule } from "../model.js";

export const unanchoredPrematch: LintRule = {
  code: "OSSEC-UNANCHORED-PREMATCH",
  effect: "style",
  dialects: ["ossec", "wazuh"],
  title: "A prematch that is found anywhere",
  why: "Without ^ the text is looked for in the whole message: every line that quotes it, whoever wrote it, is taken by this decoder.",
  instead: "Begin the prematch with ^, and name the program with <program_name> where there is one.",
  reference: "docs/reference/ossec.md#os_regex, #decoder-selection",
  bad: { decoders: `<decoder name="app"><prematch>«scan detected»</prematch></decoder>` },
  good: { decoders: `<decoder name="app"><prematch>^scan detected</prematch></decoder>` },
  check(context, report) {
    for (const { decoder } of context.loaded.decoders.withoutProgramName) {
      if (decoder.prematch === null || decoder.prematch.language === "pcre2") continue;
      const alternatives = context.alternativesOf(decoder.prematch);
      if (alternatives?.some(({ anchoredStart }) => !anchoredStart))
        report(
          context.written.pattern(decoder.prematch)[0],
          `decoder "${decoder.name}" takes every line that holds its prematch anywhere`,
        );
    }
  },
};
