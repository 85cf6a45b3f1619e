/** Elements of a rule that become patterns (docs/reference/ossec.md#rule-elements). */
import { type PatternMember, type PatternName, patternMembers } from "../pattern-members.js";
import type { PatternLanguage } from "../patterns/index.js";
import type { XmlElement } from "../xml/document.js";
import { asPattern, checkPattern, type JoinedText } from "./patterns.js";
import { type MutablePatterns, noPatterns } from "./rule-draft.js";
import type { ElementReader } from "./rule-language.js";
import { fits, type RuleReading } from "./rule-reading.js";

/** An element whose values are joined into a pattern. */
export interface PatternElement {
  /** In lower case. */
  readonly name: string;
  /** As diagnostics name it. */
  readonly tag: string;
  /** The engine compiles them in this order. */
  readonly turn: number;
  /** Unless the element itself says another one. */
  readonly language: PatternLanguage | "text";
  /** Where the rule keeps it. */
  readonly member: PatternMember | "action" | "ifMatchedGroup" | "ifMatchedRegex";
  /** The `_pcre2` form, which OSSEC keeps apart. */
  readonly pcre2Form: boolean;
}

export interface ReadPattern extends JoinedText {
  readonly element: PatternElement;
  /** Of the last of the elements. */
  language: PatternLanguage | "text";
  negated: boolean;
}

/** What an element says of its own pattern, beside its value. */
export interface PatternAttributes {
  readonly language: PatternLanguage | "text";
  readonly negated: boolean;
}

/** Reads the attributes of an element with a pattern. */
export type PatternAttributeReader = (
  reading: RuleReading,
  child: XmlElement,
  language: PatternLanguage | "text",
) => PatternAttributes;

/** OSSEC's have none that count. */
const noAttributes: PatternAttributeReader = (_reading, _child, language) => ({ language, negated: false });

/** A row of the table of elements with patterns, in the order in which the engine compiles them. */
export type PatternRow = readonly [
  name: string,
  language: PatternElement["language"],
  member: PatternElement["member"],
  pcre2Form?: "pcre2",
];

/** The row of an element that is named as the table of members has it. */
export const patternRow = (name: PatternName, language: PatternLanguage): PatternRow => [
  name,
  language,
  patternMembers[name],
];

/** A reader for each of the rows. */
export function patternReaders(
  rows: readonly PatternRow[],
  attributes: PatternAttributeReader = noAttributes,
): readonly (readonly [string, ElementReader])[] {
  return rows.map(([name, language, member, form], turn) => {
    const element = { name, tag: `<${name}>`, turn, language, member, pcre2Form: form !== undefined };
    return [name, (reading, child) => joinPattern(reading, element, child, attributes)];
  });
}

/** What was read of an element so far. */
function readPatternOf(patterns: readonly ReadPattern[], element: PatternElement): ReadPattern | undefined {
  for (const pattern of patterns) if (pattern.element === element) return pattern;
  return undefined;
}

/** Adds the first value of an element, in its turn. */
function addPattern(patterns: ReadPattern[], added: ReadPattern): void {
  let place = patterns.length;
  while (place > 0 && (patterns[place - 1]?.element.turn ?? -1) > added.element.turn) place--;
  if (place === patterns.length) patterns.push(added);
  else patterns.splice(place, 0, added);
}

/** Joins a value to a pattern as the engine does. */
function joinPattern(
  reading: RuleReading,
  element: PatternElement,
  child: XmlElement,
  attributes: PatternAttributeReader,
): void {
  const { patterns } = reading;
  const { value } = child;
  const read = readPatternOf(patterns, element);
  const { language, negated } = attributes(reading, child, element.language);
  if (!fits(reading, read?.text ?? null, value, child)) {
    if (read !== undefined) patterns.splice(patterns.indexOf(read), 1);
  } else if (read === undefined) {
    const places: ReadPattern["places"] = [child.content];
    addPattern(patterns, { element, language, negated, text: value, places });
  } else {
    read.text += value;
    read.language = language;
    read.negated = negated;
    read.places.push(child.content);
  }
}

/** Where a PCRE2 form is compiled beside the plain one; elsewhere it is not, be it broken (docs/reference/ossec.md#corner-cases-of-analysis). */
const alwaysCompiled: ReadonlySet<PatternElement["member"]> = new Set<PatternElement["member"]>([
  "regex",
  "idPattern",
  "srcport",
]);

function hasPlainForm(patterns: readonly ReadPattern[], member: PatternElement["member"]): boolean {
  return patterns.some(({ element }) => element.member === member && !element.pcre2Form);
}

/** Compiles what was read, into the draft. */
export function compilePatterns({ draft, patterns, context }: RuleReading): void {
  // OSSEC's message about a broken port pattern reads the rule's `<id>`, which is seldom there.
  const diesOfPort =
    context.dialect.rules.diesOfBrokenPort && !patterns.some(({ element }) => element.member === "idPattern");
  let plain: MutablePatterns | null = null;
  let pcre2: MutablePatterns | null = null;
  for (const read of patterns) {
    const { member, tag, pcre2Form } = read.element;
    if (pcre2Form && !alwaysCompiled.has(member) && hasPlainForm(patterns, member)) continue;
    const { language, text, negated } = read;
    if (language === "text") {
      draft.data.action = negated ? { language, text, negated } : { language, text };
      continue;
    }
    const pattern = asPattern(language, read, context.patterns, negated);
    const crash = diesOfPort && (member === "srcport" || member === "dstport");
    if (!checkPattern(pattern, read.places, context, tag, crash).ok) draft.refused = true;
    else if (member === "ifMatchedGroup" || member === "ifMatchedRegex" || member === "action")
      draft.data[member] = pattern;
    else if (pcre2Form) {
      pcre2 ??= { ...noPatterns };
      pcre2[member] = pattern;
    } else {
      plain ??= { ...noPatterns };
      plain[member] = pattern;
    }
  }
  if (plain !== null) draft.data.plain = plain;
  if (pcre2 !== null) draft.pcre2 = pcre2;
}
