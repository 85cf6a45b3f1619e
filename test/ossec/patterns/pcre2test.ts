import { spawnSync } from "node:child_process";
import { encodeCharacter } from "../../../src/ossec/patterns/unicode/utf8.js";

/** PCRE2's own answer about one pattern: refused, or for each text the end and the captures, null, or not known. */
export type Pcre2Answer =
  | { readonly refused: string }
  | { readonly matches: readonly (Pcre2Match | null | "unknown")[] };

export interface Pcre2Match {
  readonly end: number;
  readonly captures: readonly string[];
}

/** Is the program pcre2test (Debian package pcre2-utils) of a version whose syntax zopf implements here? */
export function hasPcre2test(): boolean {
  const run = spawnSync("pcre2test", ["-C"], { encoding: "latin1" });
  return run.status === 0 && run.stdout.includes("PCRE2 version 10.42");
}

function hexadecimal(text: string): string {
  return Buffer.from(text, "latin1").toString("hex").replace(/(..)/g, "$1 ").trim();
}

function subject(text: string): string {
  const escaped = Buffer.from(text, "latin1").toString("hex").replace(/(..)/g, "\\x$1");
  // A comment mark of pcre2test: an empty text.
  return escaped === "" ? "\\=" : escaped;
}

function fromEscapes(text: string): string {
  // In braces with (*UTF): the code of a character.
  return text.replace(/\\x(?:\{([0-9a-f]+)\}|([0-9a-f]{2}))/g, (_, character?: string, byte?: string) =>
    character === undefined
      ? String.fromCharCode(Number.parseInt(byte ?? "", 16))
      : encodeCharacter(Number.parseInt(character, 16)),
  );
}

function readMatch(lines: readonly string[], text: string): Pcre2Match | null | "unknown" {
  if (lines[0]?.startsWith("No match")) return null;
  // The stack of the JIT, or the match limit: the engine takes it for no match.
  if (/^Failed: error -4[67]:/.test(lines[0] ?? "")) return null;
  const captures: string[] = [];
  let end = -1;
  for (const line of lines) {
    const rest = /^ 0\+ ?(.*)$/.exec(line);
    if (rest !== null) end = text.length - fromEscapes(rest[1] ?? "").length;
    const group = /^ *([0-9]+): ?(.*)$/.exec(line);
    if (group !== null && group[1] !== "0" && group[2] !== "<unset>")
      captures.push(fromEscapes(group[2] ?? ""));
  }
  // Match limits and calls without end are reported in other words.
  return end < 0 ? "unknown" : { end, captures };
}

/** Asks pcre2test about patterns, each on all texts. The texts hold no backslash. With `jit` as the engine runs them. */
export function askPcre2test(
  patterns: readonly string[],
  texts: readonly string[],
  jit = false,
): Pcre2Answer[] {
  const input = patterns
    .map((pattern) =>
      [
        `/${hexadecimal(pattern)}/hex,caseless,aftertext${jit ? ",jit" : ""}`,
        ...texts.map((text) => `    ${subject(text)}`),
        "",
        "",
      ].join("\n"),
    )
    .join("");
  const run = spawnSync("pcre2test", ["-q"], { input, encoding: "latin1", maxBuffer: 1 << 28 });
  const blocks = run.stdout.split(/^\/[^\n]*\/hex,caseless,aftertext(?:,jit)?\n/m).slice(1);
  return blocks.map((block) => {
    const lines = block.split("\n");
    if (lines[0]?.startsWith("Failed:")) return { refused: lines[0] };
    const answers: string[][] = [];
    for (const line of lines) {
      if (line.startsWith("    \\")) answers.push([]);
      else answers.at(-1)?.push(line);
    }
    return { matches: answers.map((answer, index) => readMatch(answer, texts[index] ?? "")) };
  });
}
