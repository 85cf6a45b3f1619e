/** Dates at the beginning of a line, recognised by the places of a few bytes (docs/reference/wazuh.md#pre-decoding-in-wazuh). */
import { BLANK, COLON, COMMA, DASH, DOT, LETTER_T, PLUS } from "../../ossec/predecode/characters.js";
import { codeAt, type LineBytes } from "../../ossec/predecode/line-bytes.js";
import { monthFirst, yearFirst } from "../../ossec/predecode/syslog-date.js";

/** `YYYY-MM-DDTHH:MM:SS±hh:mm `, or with a fraction, of which the place of one colon says how long it is. */
function isoWithOffset(line: LineBytes): number {
  if (line.text.length <= 32) return -1;
  if (codeAt(line, 22) === COLON && codeAt(line, 25) === BLANK) return 26;
  if (codeAt(line, 19) !== DOT) return -1;
  if (codeAt(line, 26) === COLON) return 30;
  return codeAt(line, 29) === COLON ? 33 : 32;
}

/** `YYYY-MM-DD HH:MM:SS,mmm ` and macOS's `YYYY-MM-DD HH:MM:SS.ffffff±hhmm `. */
function dashed(line: LineBytes): number {
  if (codeAt(line, 19) === COMMA) return line.text.length > 23 ? 24 : -1;
  if (codeAt(line, 19) !== DOT || line.text.length <= 32) return -1;
  const sign = codeAt(line, 26);
  return sign === PLUS || sign === DASH ? 32 : -1;
}

/** Offset behind the date and the byte that ends it; -1: there is none. */
export function endOfDate(line: LineBytes): number {
  const afterMonth = monthFirst(line);
  if (afterMonth >= 0) return afterMonth;
  const fifth = codeAt(line, 4);
  if (fifth === BLANK) return yearFirst(line);
  if (fifth !== DASH || codeAt(line, 7) !== DASH) return -1;
  if (codeAt(line, 13) !== COLON || codeAt(line, 16) !== COLON) return -1;
  const eleventh = codeAt(line, 10);
  if (eleventh === LETTER_T) return isoWithOffset(line);
  return eleventh === BLANK ? dashed(line) : -1;
}
