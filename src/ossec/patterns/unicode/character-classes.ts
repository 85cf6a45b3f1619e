/** Characters sorted into classes that a pattern does not tell apart: a class is a unit of what the matchers run on. */
import { type ByteSet, emptySet, hasByte, rangeSet, rangesOf } from "../byte-set.js";
import { type CharacterRanges, normalRanges } from "./characters.js";

/** Stands for every character that no set of the pattern names. */
const restUnit = 0xff;
const firstUnit = 0x80;

/**
 * The classes of one pattern. The pattern is read twice: first its sets are collected, then, when {@link settle} has
 * found the classes, each set is one of units. ASCII characters are their own units.
 */
export class CharacterClasses {
  readonly #wanted = new Map<string, CharacterRanges>();
  readonly #sets = new Map<string, ByteSet>();
  /** Where runs of characters of one unit begin, ascending from U+0080 on, and their units. */
  readonly #starts: number[] = [];
  readonly #units: number[] = [];

  /**
   * The units of a set of characters; before {@link settle} nothing.
   *
   * @param key - the same for the same ranges
   */
  setOf(key: string, ranges: () => CharacterRanges): ByteSet {
    const set = this.#sets.get(key);
    if (set !== undefined) return set;
    if (!this.#wanted.has(key)) this.#wanted.set(key, normalRanges(ranges()));
    return emptySet;
  }

  /** Finds the classes; false: there are more than units for them. */
  settle(): boolean {
    const wanted = [...this.#wanted];
    const classes = this.#sortCharacters(wanted.map(([, ranges]) => ranges));
    if (classes.length > restUnit - firstUnit) return false;
    wanted.forEach(([key, ranges], index) => {
      const units = classes.flatMap((sets, at) => (sets.includes(index) ? [firstUnit + at] : []));
      const ascii = ranges.filter(([first]) => first < firstUnit);
      this.#sets.set(
        key,
        rangeSet([
          ...ascii.map(([first, last]): [number, number] => [first, Math.min(last, firstUnit - 1)]),
          ...units.map((unit): [number, number] => [unit, unit]),
        ]),
      );
    });
    return true;
  }

  /** Fills the runs; returns, by class, the sets that it is in. */
  #sortCharacters(sets: readonly CharacterRanges[]): readonly (readonly number[])[] {
    const turns = new Map<number, number[]>([[firstUnit, []]]);
    const turn = (code: number, index: number): void => {
      const turning = turns.get(code);
      if (turning === undefined) turns.set(code, [index]);
      else turning.push(index);
    };
    sets.forEach((ranges, index) => {
      for (const [first, last] of ranges) {
        if (last < firstUnit) continue;
        turn(Math.max(first, firstUnit), index);
        turn(last + 1, index);
      }
    });
    const classes: (readonly number[])[] = [];
    const unitOfKey = new Map<string, number>([["", restUnit]]);
    const inside = new Set<number>();
    for (const [code, turning] of [...turns].sort(([one], [other]) => one - other)) {
      for (const index of turning) if (!inside.delete(index)) inside.add(index);
      const members = [...inside].sort((one, other) => one - other);
      let unit = unitOfKey.get(members.join());
      if (unit === undefined) {
        unit = firstUnit + classes.length;
        unitOfKey.set(members.join(), unit);
        classes.push(members);
      }
      this.#starts.push(code);
      this.#units.push(unit);
    }
    return classes;
  }

  /** The unit of a character. */
  unitOf(code: number): number {
    if (code < firstUnit) return code;
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= code) low = middle;
      else high = middle;
    }
    return this.#units[low] ?? restUnit;
  }

  /** The characters of a set of units; of one with the rest in it those that it leaves out. */
  listed(set: ByteSet): CharacterRanges {
    const negated = hasByte(set, restUnit);
    const ranges: [number, number][] = rangesOf(negated ? set.map((word) => ~word) : set)
      .filter(([first]) => first < firstUnit)
      .map(([first, last]) => [first, Math.min(last, firstUnit - 1)]);
    this.#units.forEach((unit, at) => {
      if (unit === restUnit || hasByte(set, unit) === negated) return;
      ranges.push([this.#starts[at] ?? 0, (this.#starts[at + 1] ?? 0x110000) - 1]);
    });
    return normalRanges(ranges);
  }
}
