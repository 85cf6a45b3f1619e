import {
  type CompileResult,
  compilePattern,
  type Matcher,
  type PatternLanguage,
} from "../../ossec/patterns/index.js";
import { checkLiteralText } from "../../targets/ossec/text.js";
import { compileWazuhPattern } from "../../wazuh/patterns/compile.js";
import { codes } from "../codes.js";
import { type Decoder, object, oneOf, text } from "./decoder.js";
import { describe, type Field, isObject } from "./field.js";

/** What conditions are written in: OSSEC's languages, and Wazuh's own OS_Regex. */
export type ConditionLanguage = PatternLanguage | "wazuhregex";

/** As people write them. */
const helpers: Readonly<Record<ConditionLanguage, string>> = {
  osregex: "osRegex",
  osmatch: "osMatch",
  pcre2: "pcre2",
  wazuhregex: "wazuhRegex",
};

/** A pattern of the bundle, checked by the engine's own compiler and for what it would not mean. */
export interface PatternDeclaration<L extends ConditionLanguage = PatternLanguage> extends Written<L> {
  readonly matcher: Matcher;
}

/** A pattern of a condition. */
export type ConditionPatternDeclaration = PatternDeclaration<ConditionLanguage>;

/** A pattern as the engine's bytes. */
export function engineText(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** What is wrong with a pattern, to be said behind its label. */
export interface Problem {
  readonly message: string;
  readonly help?: string | undefined;
}

export interface Written<L extends ConditionLanguage> {
  readonly language: L;
  readonly text: string;
}

const written = object({ language: oneOf("osregex", "osmatch", "pcre2", "wazuhregex"), text });

/** A pattern in one of these languages: those that its element can hold (docs/reference/ossec.md#pattern-languages). */
export function pattern<L extends ConditionLanguage>(
  ...languages: readonly L[]
): Decoder<PatternDeclaration<L>, Written<L>> {
  return (field) => {
    if (!isObject(field.value) || Array.isArray(field.value))
      return refusePattern(field, {
        message: `must say in which of OSSEC's pattern languages it is written, not be ${describe(field.value)}`,
        help: `write ${helpersOf(languages)}`,
      });
    const source = written(field);
    if (source === null) return null;
    const language = languages.find((one) => one === source.language);
    return language === undefined
      ? refusePattern(field, wrongLanguage(source.language, languages))
      : usable(
          field,
          checkPattern({ language, text: source.text }, (trap) => field.accepts(trap)),
        );
  };
}

/** The pattern, or a diagnostic. */
export function usable<L extends ConditionLanguage>(
  field: Field,
  checked: PatternDeclaration<L> | Problem,
): PatternDeclaration<L> | null {
  if (!("matcher" in checked)) return refusePattern(field, checked);
  warnOfSlowness(field, checked);
  return field.declare(checked);
}

function refusePattern(field: Field, { message, help }: Problem): null {
  return field.report(codes.pattern(field.span(), `${field.label} ${message}`, help));
}

/** What is wrong with a language where the element has only those; null: nothing. */
export function languageProblem(
  language: ConditionLanguage,
  languages: readonly ConditionLanguage[],
): Problem | null {
  return languages.includes(language) ? null : wrongLanguage(language, languages);
}

function wrongLanguage(language: ConditionLanguage, languages: readonly ConditionLanguage[]): Problem {
  return {
    message: `cannot be an ${helpers[language]} pattern: OSSEC has no such element`,
    help: `write ${helpersOf(languages)}`,
  };
}

function helpersOf(languages: readonly ConditionLanguage[]): string {
  return languages.map((language) => `${helpers[language]}("…")`).join(" or ");
}

/**
 * The pattern, compiled; or why it cannot be used: the engine would refuse it, or take it for something else.
 *
 * @param accepts - whether it is known that the engine takes it for something else, by the code of lint's finding
 */
export function checkPattern<L extends ConditionLanguage>(
  source: Written<L>,
  accepts: (code: string) => boolean = () => false,
): PatternDeclaration<L> | Problem {
  const { language } = source;
  if (language === "pcre2" && /\(\?P?<|\\[kg]</.test(source.text))
    return {
      message: "holds `<`, which OSSEC's XML has no way to write",
      help: "do without names and look-behinds",
    };
  const text = language === "pcre2" ? withoutLess(source.text) : source.text;
  // What a `$` means is for policy: only OSSEC's file may define variables.
  const problem = checkLiteralText(text);
  if (problem !== null)
    return { message: `cannot be written into OSSEC's XML: ${problem}`, help: xmlHelp(text) };
  const result = compiled(language, engineText(text));
  if (!result.ok) {
    const at = result.at === undefined ? "" : ` (at character ${result.at + 1})`;
    const why = result.engineMessage === undefined ? "uses what zopf cannot try" : "is refused by OSSEC";
    return { message: `${why}: ${result.reason}${at}` };
  }
  const trap = trapOf(language, text);
  if (trap !== null && !accepts(trap.code))
    return {
      message: trap.message,
      help: `${trap.help ?? "leave it out"}; where that is what is meant, rule: { accept: ["${trap.code}"] }`,
    };
  return slowness(result.value) ?? { language, text, matcher: result.value };
}

function compiled(language: ConditionLanguage, text: string): CompileResult<Matcher> {
  return language === "wazuhregex"
    ? compileWazuhPattern({ language: "osregex", text })
    : compilePattern({ language, text });
}

function slowness({ backtracking }: Matcher): Problem | null {
  if (backtracking.kind === "exponential")
    return {
      message: `takes exponential time on some lines, so that whoever writes one stops OSSEC: ${backtracking.place}`,
      help: "do not repeat what repeats itself: (a+)+ is a+",
    };
  return null;
}

/** Reports a pattern that takes long on long lines; whoever writes one then keeps the engine busy. */
function warnOfSlowness(field: Field, { matcher: { backtracking } }: ConditionPatternDeclaration): void {
  if (backtracking.kind === "polynomial" && backtracking.degree > 2)
    field.report(
      codes.slowPattern(
        field.span(),
        `${field.label} takes time with the ${backtracking.degree}th power of a line's length: ${backtracking.place}`,
        "anchor it with ^, and let no two repetitions take the same text",
      ),
    );
}

/** `<` of PCRE2 as an escape, which XML readers do not see. */
function withoutLess(text: string): string {
  return text.replace(/\\([\s\S])|</g, (found, escaped: string | undefined) =>
    escaped === undefined || escaped === "<" ? "\\x3c" : found,
  );
}

function xmlHelp(text: string): string | undefined {
  if (text.includes("<")) return 'write it in pcre2, where zopf makes "\\x3c" of it';
  return undefined;
}

/** What compiles and means something else, and the code of lint's finding about it. */
interface Trap extends Problem {
  readonly code: string;
}

/** The first trap of a pattern; null: there is none (docs/reference/ossec.md#pattern-languages, #traps). */
function trapOf(language: ConditionLanguage, text: string): Trap | null {
  return trapsOf(language, text)[0] ?? null;
}

/** Codes of what lint finds in the pattern that a bundle refuses unless its rule accepts it. */
export function trapCodes({ language, text }: Written<ConditionLanguage>): readonly string[] {
  return [...new Set(trapsOf(language, text).map(({ code }) => code))];
}

function trapsOf(language: ConditionLanguage, text: string): readonly Trap[] {
  switch (language) {
    case "osmatch":
      return text.split("|").flatMap(osMatchTraps);
    case "osregex":
      return osRegexTraps(text);
    case "pcre2":
    case "wazuhregex":
      return [];
  }
}

function osMatchTraps(word: string): readonly Trap[] {
  if (word === "")
    return [
      {
        code: "OSSEC-EMPTY-ALTERNATIVE",
        message: 'has an empty word beside "|", which is found in every text',
      },
    ];
  const found: Trap[] = [];
  const literal = (code: string, what: string): void => {
    found.push({
      code,
      message: `holds ${what}: OS_Match knows only words, "|" between them, "^" first and "$" last in a word`,
      help: "write it with osRegex or pcre2",
    });
  };
  if (/.\^|\$./.test(word))
    literal("OSSEC-MATCH-CARET-INSIDE", `"${/.\^/.test(word) ? "^" : "$"}" inside a word`);
  if (/\\[wdsSWDtp.]|\.[*+]|\[[^\]]+\]|\(\?/.test(word))
    literal("OSSEC-MATCH-IS-NOT-REGEX", "what reads like a regular expression");
  if (word.startsWith("!")) literal("OSSEC-MATCH-BANG", '"!", which negates nothing');
  return found;
}

function osRegexTraps(text: string): readonly Trap[] {
  const bare = text.replace(/\\[\s\S]/g, "\\");
  const found: Trap[] = [];
  const literal = (code: string, what: string, help: string): void => {
    found.push({ code, message: `holds ${what}, which OS_Regex takes letter by letter`, help });
  };
  if (/\.[*+]/.test(bare))
    literal(
      "OSSEC-REGEX-DOT-STAR",
      '"." with a quantifier',
      'any text is "\\.+" or "\\.*"; or write it in pcre2',
    );
  if (/\[[^\]\\]*-[^\]\\]*\][*+]?/.test(bare))
    literal("OSSEC-REGEX-BRACKETS", "a character class in brackets", "write it in pcre2");
  if (/[^\\*+.][*+]/.test(bare))
    literal(
      "OSSEC-REGEX-LITERAL-QUANTIFIER",
      "a quantifier behind a character or a group",
      "write it in pcre2",
    );
  if (/\{\d+(?:,\d*)?\}/.test(bare)) literal("OSSEC-REGEX-BRACES", "a number in braces", "write it in pcre2");
  if (/\(\?/.test(bare)) literal("OSSEC-REGEX-QUESTION-MARK", '"(?"', "write it in pcre2");
  return found;
}
