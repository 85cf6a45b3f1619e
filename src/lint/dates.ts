/** Patterns that ask for the date or another header that pre-decoding takes away (docs/reference/ossec.md#pre-decoding). */
import { type Automaton, automatonOf, closure } from "../ossec/patterns/automaton.js";
import { type ByteSet, hasByte, overlaps, rangeSet, setOf } from "../ossec/patterns/byte-set.js";
import type { PatternSource } from "../ossec/patterns/index.js";

/**
 * Headers by position: `MMM` a month, `A` a letter, `9` a digit, `_` a digit or a blank, others as they are. Only
 * a pattern that follows one for `least` characters, or to its end, is taken to ask for it.
 */
export interface DateShape {
  readonly shape: string;
  readonly least: number;
  readonly what: string;
}

/** Pre-decoding takes these away. */
export const cutDates: readonly DateShape[] = [
  { shape: "MMM _9 99:99:99 ", least: 8, what: "the syslog date" },
  { shape: "9999-99-99 99:99:99,999 ", least: 20, what: "the date" },
  { shape: "9999 MMM 99 99:99:99 ", least: 10, what: "the date" },
  { shape: "9999:99:99-99:99:99 ", least: 11, what: "the date" },
  ...["", ".9", ".999", ".999999"].flatMap((fraction) =>
    ["+", "-"].map((sign) => ({
      shape: `9999-99-99T99:99:99${fraction}${sign}99:99 `,
      least: 20 + fraction.length,
      what: "the date",
    })),
  ),
  { shape: "[AAA MMM 99 99:99:99 9999] ", least: 9, what: "the date of Apache's error log" },
];

/** Dates that look much like them and stay where they are. */
export const keptDates: readonly string[] = [
  "9999-99-99T99:99:99Z ",
  "9999-99-99T99:99:99.999Z ",
  "9999-99-99T99:99:99.999999Z ",
  "9999-99-99T99:99:99 ",
  "9999-99-99 99:99:99 ",
  "9999-99-99 99:99:99.999 ",
  "[AAA MMM 99 99:99:99.999999 9999] ",
  "9999/99/99 99:99:99 ",
  "99/99/9999 99:99:99 ",
];

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const digit = rangeSet([[48, 57]]);
const letter = rangeSet([
  [65, 90],
  [97, 122],
]);
const digitOrBlank = setOf("0123456789 ");

function setFor(character: string): ByteSet {
  return character === "9"
    ? digit
    : character === "A"
      ? letter
      : character === "_"
        ? digitOrBlank
        : setOf(character);
}

/** The shape once for each month, each character as the bytes that may stand there. */
function setsOf(shape: string): readonly (readonly ByteSet[])[] {
  const at = shape.indexOf("MMM");
  if (at < 0) return [[...shape].map(setFor)];
  const before = [...shape.slice(0, at)].map(setFor);
  const behind = [...shape.slice(at + 3)].map(setFor);
  return months.map((month) => [...before, ...[...month].map(setOf), ...behind]);
}

const [letterQ, five, blank] = [0x71, 0x35, 0x20];

/** Does the edge ask for something that only dates and the like have? Blanks are everywhere. */
function isSpecific(set: ByteSet): boolean {
  return !(hasByte(set, letterQ) && hasByte(set, five)) && !hasByte(set, blank);
}

/** Follows the shape as far as the pattern does. */
function follow(
  automaton: Automaton,
  sets: readonly ByteSet[],
): { readonly matchedAt: number; readonly toTheEnd: boolean; readonly specific: number } {
  const anywhere = { start: false, end: false };
  let states = closure(automaton, [automaton.start], { start: true, end: false });
  let specific = 0;
  for (const [index, wanted] of sets.entries()) {
    if (states.includes(automaton.accept)) return { matchedAt: index, toTheEnd: false, specific };
    const next = new Set<number>();
    let isAsked = false;
    for (const state of states) {
      for (const edge of automaton.edges[state] ?? []) {
        if (edge.kind !== "byte" || !overlaps(edge.set, wanted)) continue;
        next.add(edge.to);
        if (isSpecific(edge.set)) isAsked = true;
      }
    }
    if (next.size === 0) return { matchedAt: 0, toTheEnd: false, specific };
    if (isAsked) specific += 1;
    states = closure(automaton, next, anywhere);
  }
  return { matchedAt: 0, toTheEnd: true, specific };
}

function asks(automaton: Automaton, shape: string, least: number): boolean {
  return setsOf(shape).some((sets) => {
    const { matchedAt, toTheEnd, specific } = follow(automaton, sets);
    return specific >= 3 && (toTheEnd || (matchedAt > 0 && matchedAt >= least));
  });
}

/** Does every way through the pattern begin at the start of the text? */
function isAnchored(automaton: Automaton): boolean {
  const free = closure(automaton, [automaton.start], { start: false, end: false });
  return !free.some(
    (state) =>
      state === automaton.accept || (automaton.edges[state] ?? []).some(({ kind }) => kind === "byte"),
  );
}

/** What the pattern asks for that is no longer there; null: nothing, or it may well stand there in another form. */
export function asksForDate(pattern: PatternSource): string | null {
  const automaton = automatonOf(pattern);
  if (automaton === null || !isAnchored(automaton)) return null;
  const asked = cutDates.find(({ shape, least }) => asks(automaton, shape, least));
  if (asked === undefined || keptDates.some((shape) => asks(automaton, shape, 8))) return null;
  return asked.what;
}
