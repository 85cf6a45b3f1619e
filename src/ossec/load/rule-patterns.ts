/** Elements of a rule that become patterns (docs/reference/ossec.md#rule-elements). */
import type { PatternLanguage } from "../patterns/index.js";
import { asPattern, checkPattern, type JoinedText } from "./patterns.js";
import { type MutablePatterns, noPatterns, type PatternSlot, patternSlots } from "./rule-draft.js";
import type { RuleReading } from "./rule-reading.js";

/** An element whose values are joined into a pattern. */
export interface PatternElement {
  /** In lower case. */
  readonly name: string;
  /** As diagnostics name it. */
  readonly tag: string;
  /** The engine compiles them in this order. */
  readonly turn: number;
  readonly language: PatternLanguage;
  /** null: it has a place of its own. */
  readonly slot: PatternSlot | null;
}

export interface ReadPattern extends JoinedText {
  readonly element: PatternElement;
}

function slotElements(slot: PatternSlot): readonly Omit<PatternElement, "tag" | "turn">[] {
  return [
    { name: slot, language: slot === "regex" ? "osregex" : "osmatch", slot },
    { name: slot === "regex" ? "pcre2" : `${slot}_pcre2`, language: "pcre2", slot },
  ];
}

/** By name. */
export const patternElements: ReadonlyMap<string, PatternElement> = new Map(
  [
    ...patternSlots.flatMap(slotElements),
    { name: "if_matched_group", language: "osmatch", slot: null } as const,
    { name: "if_matched_regex", language: "osregex", slot: null } as const,
  ].map((element, turn) => [element.name, { ...element, tag: `<${element.name}>`, turn }]),
);

/** What was read of an element so far. */
export function readPatternOf(
  patterns: readonly ReadPattern[],
  element: PatternElement,
): ReadPattern | undefined {
  for (const pattern of patterns) if (pattern.element === element) return pattern;
  return undefined;
}

/** Adds the first value of an element, in its turn. */
export function addPattern(patterns: ReadPattern[], added: ReadPattern): void {
  let place = patterns.length;
  while (place > 0 && (patterns[place - 1]?.element.turn ?? -1) > added.element.turn) place--;
  if (place === patterns.length) patterns.push(added);
  else patterns.splice(place, 0, added);
}

/** Slots whose PCRE2 form is compiled beside the plain one; elsewhere it is not, be it broken (docs/reference/ossec.md#corner-cases-of-analysis). */
const alwaysCompiled: ReadonlySet<PatternSlot> = new Set<PatternSlot>(["regex", "id", "srcport"]);

function hasPlainForm(patterns: readonly ReadPattern[], slot: PatternSlot): boolean {
  return patterns.some(({ element }) => element.slot === slot && element.language !== "pcre2");
}

/** Compiles what was read, into the draft. */
export function compilePatterns({ draft, patterns, context }: RuleReading): void {
  // The engine's message about a broken port pattern reads the rule's `<id>`, which is seldom there.
  const diesOfPort = !patterns.some(({ element }) => element.slot === "id");
  let plain: MutablePatterns | null = null;
  let pcre2: MutablePatterns | null = null;
  for (const read of patterns) {
    const { language, slot, tag, name } = read.element;
    if (language === "pcre2" && slot !== null && !alwaysCompiled.has(slot) && hasPlainForm(patterns, slot))
      continue;
    const pattern = asPattern(language, read, context.patterns);
    const crash = diesOfPort && (slot === "srcport" || slot === "dstport");
    if (!checkPattern(pattern, read.places, context, tag, crash).ok) draft.refused = true;
    else if (slot === null)
      draft.data[name === "if_matched_group" ? "ifMatchedGroup" : "ifMatchedRegex"] = pattern;
    else if (language === "pcre2") {
      pcre2 ??= { ...noPatterns };
      pcre2[slot] = pattern;
    } else {
      plain ??= { ...noPatterns };
      plain[slot] = pattern;
    }
  }
  if (plain !== null) draft.data.plain = plain;
  if (pcre2 !== null) draft.pcre2 = pcre2;
}
