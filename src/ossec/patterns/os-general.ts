/**
 * Patterns of OS_Regex and OS_Match that the engine hands to PCRE2 as UTF-8: without letter case by Unicode, a class takes a
 * whole character (docs/reference/ossec.md#utf-8). They are read with one unit a character, and written out as bytes.
 */
import { osMatchAsPcre2, osRegexAsPcre2 } from "./as-pcre2.js";
import type { PatternTree } from "./ast.js";
import { GeneralMatcher } from "./general-matcher.js";
import { createMatcher } from "./matcher.js";
import type { Utf8Check } from "./os-fast-path.js";
import { parseOsMatch } from "./os-match-parse.js";
import { parseOsRegex } from "./os-regex-parse.js";
import { parsePcre2 } from "./pcre2/parse.js";
import type { CompileResult, Matcher } from "./types.js";
import { asciiForm, type CharacterTree, unitsOf } from "./unicode/character-tree.js";
import { decodeUnchecked, encodingOf, isAscii } from "./unicode/utf8.js";

export type OsLanguage = "osregex" | "osmatch";

/** Codes from here on lead PCRE2 outside of its tables: most of them kill the engine. */
const beyondTables = 0x112000;

function parse(language: OsLanguage, text: string): CompileResult<PatternTree> {
  return language === "osregex" ? parseOsRegex(text) : { ok: true, value: parseOsMatch(text) };
}

/** A pattern that is not UTF-8: PCRE2 reads it unchecked, so that a lead byte may swallow what has a meaning. */
function readUnchecked(language: OsLanguage, text: string): CompileResult<CharacterTree> {
  const written = language === "osregex" ? osRegexAsPcre2(text) : osMatchAsPcre2(text);
  if (written === null) return { ok: false, engineMessage: 1450, reason: "OS_Regex has no such escape" };
  const codes = decodeUnchecked(written);
  const reason = "the pattern is not UTF-8, and a byte of it announces a character beyond Unicode";
  if (codes.some((code) => code >= beyondTables))
    return { ok: false, crash: true, engineMessage: 1450, reason };
  const { text: units, characters } = unitsOf(codes, 0x80);
  const tree = parsePcre2(units);
  if (tree.ok) return { ok: true, value: { tree: tree.value, characters, firstUnit: 0x80 } };
  return { ...tree, reason: `the pattern is not UTF-8: ${tree.reason}`, at: 0 };
}

/** Reads a pattern by characters. */
function readCharacters(language: OsLanguage, text: string): CompileResult<CharacterTree> {
  if (encodingOf(text) === "invalid") return readUnchecked(language, text);
  const { text: units, characters } = unitsOf(decodeUnchecked(text), 0x100);
  const tree = parse(language, units);
  return tree.ok ? { ok: true, value: { tree: tree.value, characters, firstUnit: 0x100 } } : tree;
}

/** The same of a pattern that compiled before. */
export function charactersOf(language: OsLanguage, text: string): CharacterTree {
  const read = readCharacters(language, text);
  if (read.ok) return read.value;
  throw new Error(`bug: a pattern that compiled before does not: ${read.reason}`);
}

/** The tree for texts of ASCII only. */
export function asciiTree(language: OsLanguage, text: string): PatternTree {
  return asciiForm(charactersOf(language, text));
}

/** Compiles a pattern that is no fast path. */
export function compileGeneral<L extends OsLanguage>(
  language: L,
  text: string,
  check: Utf8Check,
): CompileResult<Matcher & { readonly language: L }> {
  let tree: PatternTree;
  if (isAscii(text)) {
    const parsed = parse(language, text);
    if (!parsed.ok) return parsed;
    tree = parsed.value;
  } else {
    const read = readCharacters(language, text);
    if (!read.ok) return read;
    tree = asciiForm(read.value);
  }
  const ascii = createMatcher(language, text, tree);
  return { ok: true, value: new GeneralMatcher(language, ascii, () => charactersOf(language, text), check) };
}
