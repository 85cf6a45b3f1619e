import { BLANK, COLON, COMMA, DASH, DOT, isDigit } from "./characters.js";

/** `Mon DD HH:MM:SS ` */
function monthFirst(line: string): number {
  return line.length > 16 &&
    line.charCodeAt(3) === BLANK &&
    line.charCodeAt(6) === BLANK &&
    line.charCodeAt(9) === COLON &&
    line.charCodeAt(12) === COLON &&
    line.charCodeAt(15) === BLANK
    ? 16
    : -1;
}

/** `YYYY-MM-DD HH:MM:SS,mmm ` */
function dashedWithMilliseconds(line: string): number {
  return line.length > 23 &&
    line.charCodeAt(10) === BLANK &&
    line.charCodeAt(13) === COLON &&
    line.charCodeAt(16) === COLON &&
    line.charCodeAt(19) === COMMA
    ? 23
    : -1;
}

/** `YYYY-MM-DDTHH:MM:SS[.f…]±hh:mm `: the place of the last colon tells the number of fraction digits. */
function isoWithOffset(line: string): number {
  if (line.length <= 32 || line.charCodeAt(13) !== COLON || line.charCodeAt(16) !== COLON) return -1;
  if (line.charCodeAt(22) === COLON && line.charCodeAt(25) === BLANK) return 26;
  if (line.charCodeAt(19) !== DOT) return -1;
  for (let colon = 24; colon <= 29; colon++) if (line.charCodeAt(colon) === COLON) return colon + 3;
  return -1;
}

/** `YYYY Mon DD HH:MM:SS ` */
function yearFirst(line: string): number {
  return line.length > 20 &&
    isDigit(line.charCodeAt(0)) &&
    line.charCodeAt(8) === BLANK &&
    line.charCodeAt(11) === BLANK &&
    line.charCodeAt(14) === COLON &&
    line.charCodeAt(17) === COLON &&
    line.charCodeAt(20) === BLANK
    ? 21
    : -1;
}

/** `YYYY:MM:DD-HH:MM:SS ` */
function colonSeparated(line: string): number {
  return line.length > 19 &&
    isDigit(line.charCodeAt(0)) &&
    line.charCodeAt(7) === COLON &&
    line.charCodeAt(10) === DASH &&
    line.charCodeAt(13) === COLON &&
    line.charCodeAt(16) === COLON
    ? 20
    : -1;
}

/**
 * Offset behind a syslog date at the beginning of the line, without the one extra blank that may follow; -1
 * when there is none. Dates are told by the places of blanks and colons (spec/ossec.md 4, step 1).
 */
export function endOfSyslogDate(line: string): number {
  const afterMonth = monthFirst(line);
  if (afterMonth >= 0) return afterMonth;
  switch (line.charCodeAt(4)) {
    case DASH:
      if (line.charCodeAt(7) !== DASH) return -1;
      return line.charAt(10) === "T" ? isoWithOffset(line) : dashedWithMilliseconds(line);
    case BLANK:
      return yearFirst(line);
    case COLON:
      return colonSeparated(line);
    default:
      return -1;
  }
}
