import { type ByteSet, singleByte, union } from "../../ossec/patterns/byte-set.js";
import { CLASS, classSets, MARK, type OsRegexAlternative, STAR } from "./os-regex-parse.js";

/** The bytes that a text may begin with that an anchored alternative matches; null: any, or none at all. */
export function firstBytesOf({ units, anchoredStart }: OsRegexAlternative): ByteSet | null {
  if (!anchoredStart) return null;
  let bytes: ByteSet | null = null;
  // Only one mark is taken before a byte is looked at; a second one is a literal.
  for (let at = units[0] === MARK ? 1 : 0; ; ) {
    const unit = units[at];
    if (unit === undefined || unit === MARK) return null;
    const own = unit < CLASS ? singleByte(unit, true) : classSets[unit - CLASS];
    if (own === undefined) return null;
    bytes = bytes === null ? own : union(bytes, own);
    // A class that may match nothing lets what is behind it begin.
    if (unit < CLASS || units[at + 1] !== STAR) return bytes;
    at += 2;
  }
}
