/** Characters that are the same without letter case: PCRE2's caseless matching with PCRE2_UTF (docs/reference/ossec.md#utf-8). */
import { caseClasses, caseRows } from "./case-table.js";

/** By character: the other members of its class. Filled at the first question. */
let others: ReadonlyMap<number, readonly number[]> | null = null;

function readTable(): ReadonlyMap<number, readonly number[]> {
  const read = new Map<number, readonly number[]>();
  for (const [first, last, step, distance] of caseRows) {
    for (let code = first; code <= last; code += step) {
      read.set(code, [code + distance]);
      read.set(code + distance, [code]);
    }
  }
  for (const members of caseClasses) {
    for (const code of members)
      read.set(
        code,
        members.filter((member) => member !== code),
      );
  }
  return read;
}

const noOthers: readonly number[] = [];

/** The other characters that are this one without letter case: of `k` they are `K` and the Kelvin sign. */
export function otherCases(code: number): readonly number[] {
  others ??= readTable();
  return others.get(code) ?? noOthers;
}

/** Every character that is the same as some other without letter case, with those. */
export function casedCharacters(): ReadonlyMap<number, readonly number[]> {
  others ??= readTable();
  return others;
}
