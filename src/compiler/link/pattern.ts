import type { PatternModel } from "../../model/model.js";
import { compilePattern, type Matcher, type PatternLanguage } from "../../ossec/patterns/index.js";
import { checkRuleText } from "../../targets/ossec/text.js";
import { codes } from "./codes.js";
import { child, describe, type Field, type LinkContext, readString } from "./field.js";

/** As people write them. */
const helpers: Readonly<Record<PatternLanguage, string>> = {
  osregex: "osRegex",
  osmatch: "osMatch",
  pcre2: "pcre2",
};

export interface ReadPattern {
  /** As it is written into the file. */
  readonly model: PatternModel;
  readonly matcher: Matcher;
}

/** A pattern as the engine's bytes. */
export function engineText(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/**
 * A pattern of the bundle, checked by the engine's own compiler and for what it would not mean. `languages` are
 * those that the element can hold (spec/ossec.md 3).
 */
export function readPattern(
  context: LinkContext,
  field: Field,
  languages: readonly PatternLanguage[],
  options: { readonly keepsTabs: boolean },
): ReadPattern | null {
  const refuse = (message: string, help?: string): null => {
    context.diagnostics.push(codes.pattern(field.span(), `${field.label} ${message}`, help));
    return null;
  };
  const known = languages.map((language) => `${helpers[language]}("…")`).join(" or ");
  const { value } = field;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse(
      `must say in which of OSSEC's pattern languages it is written, not be ${describe(value)}`,
      `write ${known}`,
    );
  const asked = child(context, field, "language").value;
  const language = (["osregex", "osmatch", "pcre2"] as const).find((one) => one === asked);
  if (language === undefined) return refuse("is no pattern", `write ${known}`);
  if (!languages.includes(language))
    return refuse(`cannot be an ${helpers[language]} pattern: OSSEC has no such element`, `write ${known}`);
  const written = readString(context, child(context, field, "text"));
  if (written === null) return null;
  if (language === "pcre2" && /\(\?P?<|\\[kg]</.test(written))
    return refuse("holds `<`, which OSSEC's XML has no way to write", "do without names and look-behinds");
  const text = language === "pcre2" ? withoutLess(written) : written;
  const problem = checkRuleText(text);
  if (problem !== null)
    return refuse(`cannot be written into OSSEC's XML: ${problem}`, xmlHelp(language, text));
  const compiled = compilePattern({ language, text: engineText(text) });
  if (!compiled.ok) {
    const at = compiled.at === undefined ? "" : ` (at character ${compiled.at + 1})`;
    return refuse(
      compiled.engineMessage === undefined
        ? `uses what zopf cannot try: ${compiled.reason}${at}`
        : `is refused by OSSEC: ${compiled.reason}${at}`,
    );
  }
  const trap = trapOf(language, text, options.keepsTabs);
  if (trap !== null) return refuse(trap.message, trap.help);
  const { backtracking } = compiled.value;
  if (backtracking.kind === "exponential")
    return refuse(
      `takes exponential time on some lines, so that whoever writes one stops OSSEC: ${backtracking.place}`,
      "do not repeat what repeats itself: (a+)+ is a+",
    );
  if (backtracking.kind === "polynomial" && backtracking.degree > 2)
    return refuse(
      `takes time with the ${backtracking.degree}th power of a line's length: ${backtracking.place}`,
      "anchor it with ^, and let no two repetitions take the same text",
    );
  return { model: { language, text }, matcher: compiled.value };
}

/** `<` of PCRE2 as an escape, which XML readers do not see. */
function withoutLess(text: string): string {
  return text.replace(/\\([\s\S])|</g, (found, escaped: string | undefined) =>
    escaped === undefined || escaped === "<" ? "\\x3c" : found,
  );
}

function xmlHelp(language: PatternLanguage, text: string): string | undefined {
  if (text.includes("<")) return 'write it in pcre2, where zopf makes "\\x3c" of it';
  if (language === "pcre2" && /\$[^$.|, ]/.test(text)) return "write \\z for the end, or \\x24 for a dollar";
  return undefined;
}

interface Trap {
  readonly message: string;
  readonly help?: string;
}

/** What compiles and means something else (spec/ossec.md 3, 14). */
function trapOf(language: PatternLanguage, text: string, keepsTabs: boolean): Trap | null {
  if (!keepsTabs && (text.includes("\t") || /(?:^|[^\\])(?:\\\\)*\\t/.test(text)))
    return {
      message: "waits for a TAB, and OSSEC deletes every TAB before it looks (since 3.8)",
      help: "leave it out: what stood on both sides of it is glued together",
    };
  switch (language) {
    case "osmatch":
      return osMatchTrap(text);
    case "osregex":
      return osRegexTrap(text);
    case "pcre2":
      return null;
  }
}

function osMatchTrap(text: string): Trap | null {
  const literal = (what: string): Trap => ({
    message: `holds ${what}: OS_Match knows only words, "|" between them, "^" first and "$" last in a word`,
    help: "write it with osRegex or pcre2",
  });
  for (const word of text.split("|")) {
    if (word === "") return { message: 'has an empty word beside "|", which is found in every text' };
    if (/.\^|\$./.test(word)) return literal(`"${/.\^/.test(word) ? "^" : "$"}" inside a word`);
    if (/\\[wdsSWDtp.]|\.[*+]|\[[^\]]+\]|\(\?/.test(word))
      return literal("what reads like a regular expression");
    if (word.startsWith("!")) return literal('"!", which negates nothing');
  }
  return null;
}

function osRegexTrap(text: string): Trap | null {
  const bare = text.replace(/\\[\s\S]/g, "\\");
  const literal = (what: string, help: string): Trap => ({
    message: `holds ${what}, which OS_Regex takes letter by letter`,
    help,
  });
  if (/(?:^|[^\\])\.[*+]/.test(bare))
    return literal('"." with a quantifier', 'any text is "\\.+" or "\\.*"; or write it in pcre2');
  if (/\[[^\]\\]*-[^\]\\]*\][*+]?/.test(bare))
    return literal("a character class in brackets", "write it in pcre2");
  if (/[^\\*+][*+]/.test(bare))
    return literal("a quantifier behind a character or a group", "write it in pcre2");
  if (/\{\d+(?:,\d*)?\}/.test(bare)) return literal("a number in braces", "write it in pcre2");
  if (/\(\?/.test(bare)) return literal('"(?"', "write it in pcre2");
  return null;
}
