/**
 * Wazuh's hand-written matcher, step for step as docs/reference/wazuh.md#os_regex-of-wazuh has it: what it does is no
 * regular expression's meaning, so nothing but these steps says it. test/wazuh/patterns/os-regex.test.ts holds it against
 * a second, slow writing of the steps.
 */
import { hasByte } from "../../ossec/patterns/byte-set.js";
import { foldedText, lowerByte } from "../../ossec/patterns/bytes.js";
import { type Prefix, prefixOf } from "./os-regex-needs.js";
import { CLASS, classSets, MARK, type OsRegexAlternative, PLUS, STAR } from "./os-regex-parse.js";

/** The result while there is none, and of a search without a match; -1 is one. */
export const NONE = -2;
const UNSET = -1;
/** Places to go back to. */
const SLOTS = 4;
/** What a mark stands for where it is compared as a literal. */
const PARENTHESIS = 0x28;

/**
 * Rounds that one search of one alternative may take; beyond it there is no match. The engine has no limit, and may take
 * the fifth power of the length of a text; a line of usual length never needs so many.
 */
const MOST_ROUNDS = 20_000_000;

/** What a byte is compared as: nothing is equal to one above 7F. */
const folded = Uint16Array.from({ length: 256 }, (_, code) => (code < 0x80 ? lowerByte(code) : 0xffff));

/** By class and byte, 256 a class: 1 where it matches. */
const classTable = new Uint8Array(classSets.length * 256);
for (const [number, set] of classSets.entries())
  for (let code = 0; code < 256; code += 1) if (hasByte(set, code)) classTable[number * 256 + code] = 1;

/** Runs one alternative. It keeps nothing from one search to the next but what the last one found. */
export class OsRegexMachine {
  readonly #units: Int32Array;
  readonly #length: number;
  readonly #anchoredStart: boolean;
  readonly #anchoredEnd: boolean;
  /** By place: number of the mark there. */
  readonly #markAt: Int32Array;
  /** By place: see {@link #stopsAt}. */
  readonly #stops: (Uint8Array | undefined)[] = [];
  /** Of each mark, counted from the beginning of the whole text; -1: it was not passed. */
  readonly marks: Int32Array;
  readonly #prefix: Prefix;
  readonly #slotPlaces = new Int32Array(SLOTS);
  readonly #slotSubjects = new Int32Array(SLOTS);

  constructor(alternative: OsRegexAlternative) {
    const { units, anchoredStart, anchoredEnd } = alternative;
    this.#units = Int32Array.from(units);
    this.#length = units.length;
    this.#anchoredStart = anchoredStart;
    this.#anchoredEnd = anchoredEnd;
    this.#prefix = prefixOf(alternative);
    let marks = 0;
    this.#markAt = Int32Array.from(units, (unit) => (unit === MARK ? marks++ : UNSET));
    this.marks = new Int32Array(marks).fill(UNSET);
  }

  /**
   * Searches the text from a byte on: the place of the last byte that was matched, the text's length at its end, `from` - 1
   * before its beginning; {@link NONE} when there is no match.
   *
   * @param start - where a match may begin at the earliest, as {@link Prefix} tells
   * @param capturing - the pattern has groups and is compiled for its captures
   */
  search(text: string, from: number, start: number, capturing: boolean): number {
    const units = this.#units;
    const length = this.#length;
    const end = this.#anchoredEnd;
    const size = text.length;
    const { marks } = this;
    marks.fill(UNSET);
    const markAt = this.#markAt;
    const slotPlaces = this.#slotPlaces;
    const slotSubjects = this.#slotSubjects;
    const { literal: prefix, offset, lettered } = this.#prefix;
    const where = lettered ? foldedText(text) : text;
    let slots = 0;
    let p = 0;
    let s = start;
    let repeats = false;
    let restart = UNSET;
    let result = from;
    let rounds = 0;
    while (s < size) {
      rounds += 1;
      if (rounds > MOST_ROUNDS) return NONE;
      const isFresh = p === 0 && slots === 0 && restart === UNSET && s > start;
      if (isFresh && prefix !== "" && (offset === 0 || !repeats)) {
        // What follows would find nothing else, byte by byte; a class that fails would end a repetition, though.
        const at = where.indexOf(prefix, s + offset);
        if (at < 0) return NONE;
        s = at - offset;
      }
      let mismatch = false;
      if (p === length) {
        if (!end) return result;
        mismatch = true;
      } else if (units[p] === MARK) {
        marks[markAt[p] ?? 0] = s;
        p += 1;
        if (p === length) {
          if (!end) return result;
          mismatch = true;
        }
      }
      if (!mismatch) {
        const byte = text.charCodeAt(s);
        const unit = units[p] ?? 0;
        if (unit >= CLASS) {
          const quantifier = p + 1 < length ? (units[p + 1] ?? 0) : 0;
          const quantified = quantifier === PLUS || quantifier === STAR;
          if (classTable[((unit - CLASS) << 8) | byte] === 1) {
            if (!quantified) {
              p += 1;
              if (restart === UNSET) restart = s;
              result = s;
              s += 1;
              continue;
            }
            if (quantifier === STAR) repeats = true;
            let next = p + 2;
            if (!repeats) {
              if (next < length && units[next] === MARK)
                marks[markAt[next] ?? 0] = s + 1 === size ? s + 1 : s;
              repeats = true;
              result = s;
              s += 1;
              continue;
            }
            const mark = next < length && units[next] === MARK ? (markAt[next] ?? 0) : UNSET;
            if (mark !== UNSET) next += 1;
            // Rounds that only go on to the next byte are taken together.
            const stops = this.#stopsAt(p, next);
            if (next === length) {
              do s += 1;
              while (s < size && stops[text.charCodeAt(s)] === 0);
              if (mark !== UNSET) marks[mark] = s;
              continue;
            }
            if (stops[byte] === 0) {
              do s += 1;
              while (s < size && stops[text.charCodeAt(s)] === 0);
              result = s - 1;
              continue;
            }
            const behind = units[next] ?? 0;
            let to = UNSET;
            if (behind >= CLASS) {
              if (classTable[((behind - CLASS) << 8) | byte] === 1) {
                const more = next + 1 < length ? (units[next + 1] ?? 0) : 0;
                to = more === PLUS || more === STAR ? next : next + 1;
              }
            } else if ((behind === MARK ? PARENTHESIS : behind) === folded[byte]) {
              repeats = false;
              to = next + 1;
            }
            if (to !== UNSET) {
              if (mark !== UNSET) marks[mark] = s;
              if (slots < SLOTS) {
                slotPlaces[slots] = p;
                slotSubjects[slots] = s;
                slots += 1;
              }
              p = to;
            }
            result = s;
            s += 1;
            continue;
          }
          const last = p + 1 === length || (p + 2 === length && (units[p + 1] ?? 0) < CLASS);
          if (repeats && result !== NONE && last) {
            result = s;
            if (!end) return result;
          } else if (quantifier === PLUS && repeats) {
            p += 2;
            repeats = false;
            continue;
          } else if (quantifier === STAR) {
            p += 2;
            result = s - 1;
            repeats = false;
            continue;
          }
          repeats = false;
        } else if ((unit === MARK ? PARENTHESIS : unit) === folded[byte]) {
          p += 1;
          if (restart === UNSET) restart = s;
          result = s;
          s += 1;
          continue;
        }
      }
      if (slots > 0) {
        slots -= 1;
        p = slotPlaces[slots] ?? 0;
        s = slotSubjects[slots] ?? 0;
      } else {
        if (this.#anchoredStart) return NONE;
        if (restart !== UNSET) {
          s = restart;
          restart = UNSET;
        }
        p = 0;
        result = NONE;
      }
      s += 1;
    }
    if (capturing) {
      while (p + 1 < length && (units[p] ?? 0) >= CLASS && units[p + 1] === STAR) p += 2;
      if (p < length && units[p] === MARK) marks[markAt[p] ?? 0] = size;
    }
    return this.#restIsEmpty(p, repeats) ? result : NONE;
  }

  /**
   * By byte: 0 where the class at a place takes it and what stands behind the quantifier does not.
   *
   * @param behind - the place behind the quantifier and a mark
   */
  #stopsAt(place: number, behind: number): Uint8Array {
    const known = this.#stops[place];
    if (known !== undefined) return known;
    const stops = new Uint8Array(256).fill(1);
    const own = ((this.#units[place] ?? CLASS) - CLASS) << 8;
    const unit = behind < this.#length ? (this.#units[behind] ?? 0) : -1;
    for (let byte = 0; byte < 256; byte += 1) {
      const taken =
        unit >= CLASS
          ? classTable[((unit - CLASS) << 8) | byte] === 1
          : (unit === MARK ? PARENTHESIS : unit) === folded[byte];
      if (classTable[own | byte] === 1 && !taken) stops[byte] = 0;
    }
    this.#stops[place] = stops;
    return stops;
  }

  /** May the rest of the pattern match nothing? Each way begins where the one before stopped. */
  #restIsEmpty(from: number, repeats: boolean): boolean {
    const units = this.#units;
    const length = this.#length;
    const isClass = (at: number): boolean => at < length && (units[at] ?? 0) >= CLASS;
    let p = from;
    const over = (): boolean => {
      if (p < length && units[p] === MARK) p += 1;
      return p === length;
    };
    if (over()) return true;
    if (isClass(p) && repeats) {
      p += 1;
      if (p < length && (units[p] === PLUS || units[p] === STAR)) {
        p += 1;
        if (over()) return true;
        if (isClass(p)) {
          p += 1;
          if (p < length && units[p] === STAR) {
            p += 1;
            if (over()) return true;
          }
        }
      }
    }
    if (!isClass(p)) return false;
    p += 1;
    if (p >= length || units[p] !== STAR) return false;
    p += 1;
    return over();
  }
}
