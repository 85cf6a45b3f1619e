import type { PatternTree } from "../ast.js";
import { CharacterMatcher } from "../character-matcher.js";
import { createMatcher, surveyedMatcher } from "../matcher.js";
import type { CompileResult, Pcre2Pattern } from "../types.js";
import { parsePcre2, readPcre2 } from "./parse.js";
import { surveyPcre2 } from "./survey.js";

/** Compiles PCRE2 as the engine does: without letter case, bytes unless it says `(*UTF)`, unanchored (docs/reference/ossec.md#pcre2). */
export function compilePcre2(text: string): CompileResult<Pcre2Pattern> {
  const survey = surveyPcre2(text);
  if (survey !== null) return { ok: true, value: surveyedMatcher("pcre2", text, survey, parseSurveyed) };
  const read = readPcre2(text);
  if (!read.ok) return read;
  const { tree, classes } = read.value;
  const matcher =
    classes === null ? createMatcher("pcre2", text, tree) : new CharacterMatcher(text, tree, classes);
  return { ok: true, value: matcher };
}

function parseSurveyed(text: string): PatternTree {
  const tree = parsePcre2(text);
  if (tree.ok) return tree.value;
  throw new Error(`bug: a pattern was taken for a valid one: ${tree.reason}`);
}
