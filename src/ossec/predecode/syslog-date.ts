import { BLANK, COLON, COMMA, DASH, DOT, isDigit, LETTER_T } from "./characters.js";
import { codeAt, type LineBytes } from "./line-bytes.js";

/** Offset behind `Mon DD HH:MM:SS `; -1: there is none. */
export function monthFirst(line: LineBytes): number {
  return line.text.length > 16 &&
    codeAt(line, 3) === BLANK &&
    codeAt(line, 6) === BLANK &&
    codeAt(line, 9) === COLON &&
    codeAt(line, 12) === COLON &&
    codeAt(line, 15) === BLANK
    ? 16
    : -1;
}

/** `YYYY-MM-DD HH:MM:SS,mmm ` */
function dashedWithMilliseconds(line: LineBytes): number {
  return line.text.length > 23 &&
    codeAt(line, 10) === BLANK &&
    codeAt(line, 13) === COLON &&
    codeAt(line, 16) === COLON &&
    codeAt(line, 19) === COMMA
    ? 23
    : -1;
}

/** `YYYY-MM-DDTHH:MM:SS[.f…]±hh:mm `, also with a comma before the fraction: the place of the last colon tells the number of fraction digits. */
function isoWithOffset(line: LineBytes): number {
  if (line.text.length <= 32 || codeAt(line, 13) !== COLON || codeAt(line, 16) !== COLON) return -1;
  if (codeAt(line, 22) === COLON && codeAt(line, 25) === BLANK) return 26;
  const fraction = codeAt(line, 19);
  if (fraction !== DOT && fraction !== COMMA) return -1;
  for (let colon = 24; colon <= 29; colon++) if (codeAt(line, colon) === COLON) return colon + 3;
  return -1;
}

/** Offset behind `YYYY Mon DD HH:MM:SS `; -1: there is none. */
export function yearFirst(line: LineBytes): number {
  return line.text.length > 20 &&
    isDigit(codeAt(line, 0)) &&
    codeAt(line, 8) === BLANK &&
    codeAt(line, 11) === BLANK &&
    codeAt(line, 14) === COLON &&
    codeAt(line, 17) === COLON &&
    codeAt(line, 20) === BLANK
    ? 21
    : -1;
}

/** `YYYY:MM:DD-HH:MM:SS ` */
function colonSeparated(line: LineBytes): number {
  return line.text.length > 19 &&
    isDigit(codeAt(line, 0)) &&
    codeAt(line, 7) === COLON &&
    codeAt(line, 10) === DASH &&
    codeAt(line, 13) === COLON &&
    codeAt(line, 16) === COLON
    ? 20
    : -1;
}

/**
 * Offset behind a syslog date at the beginning of the line, without the one extra blank that may follow; -1
 * when there is none. Dates are told by the places of blanks and colons (docs/reference/ossec.md#pre-decoding, step 1).
 */
export function endOfSyslogDate(line: LineBytes): number {
  const afterMonth = monthFirst(line);
  if (afterMonth >= 0) return afterMonth;
  switch (codeAt(line, 4)) {
    case DASH:
      if (codeAt(line, 7) !== DASH) return -1;
      return codeAt(line, 10) === LETTER_T ? isoWithOffset(line) : dashedWithMilliseconds(line);
    case BLANK:
      return yearFirst(line);
    case COLON:
      return colonSeparated(line);
    default:
      return -1;
  }
}
