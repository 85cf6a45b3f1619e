import { shown } from "../helpers.js";
import type { LintRule } from "../model.js";
import type { Alternative } from "../tokens.js";

export const wazuhCaptureOrder: LintRule = {
  code: "WAZUH-CAPTURE-ORDER",
  trap: "os-regex-mark-order",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "A capture that may end before it begins",
  why: 'A group of nothing but a class with *, directly behind another class and at the end, may get its end one byte before its beginning: the engine dies of that (signal 11), e.g. of \\S(\\s*)$ on "aa".',
  instead: 'Use + in the group, put a letter before it, or use type="pcre2".',
  reference: "docs/reference/wazuh.md#crashes",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex>«\S(\s*)$»</regex><order>data</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex>\S(\s+)$</regex><order>data</order></decoder>`,
  },
  check(context, report) {
    const { compilePattern } = context.loaded.dialect;
    for (const decoder of context.loaded.decoders.all) {
      const { regex, order } = decoder;
      if (regex === null || order === null || regex.language !== "osregex") continue;
      if (!emptyLastGroup.test(regex.text)) continue;
      const compiled = compilePattern(regex);
      const line = compiled.ok
        ? samplesOf(context.alternativesOf(regex) ?? []).find(
            (text) => compiled.value.exec(text)?.crash === true,
          )
        : undefined;
      if (line === undefined) continue;
      report(
        context.written.pattern(regex)[0],
        `the engine dies of this pattern of decoder "${decoder.name}" on "${shown(line)}"`,
      );
    }
  },
};

const emptyLastGroup = /\\[wWdDsSpt.][+*]?\(\\[wWdDsSpt.]\*\)\$?(?:\||$)/;

const byteOf: Readonly<Record<string, string>> = {
  w: "a",
  d: "7",
  s: " ",
  S: "a",
  W: ".",
  D: "a",
  p: ".",
  t: "\t",
  ".": "a",
};

/** Texts that the alternatives are made for, with nothing in the last group, and the byte before it once more. */
function samplesOf(alternatives: readonly Alternative[]): readonly string[] {
  return alternatives.flatMap(({ tokens }) => {
    const bytes = tokens
      .slice(0, -1)
      .map(({ kind, text }) => (kind === "class" ? (byteOf[text] ?? "a") : text));
    const text = bytes.join("");
    return [text, text + (bytes.at(-1) ?? ""), `a${text}`];
  });
}
