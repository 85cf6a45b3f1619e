import { BLANK, CLOSE, COLON, DASH, DIGIT_ONE, DOT, isDigit, LETTER_T, OPEN, SLASH } from "./characters.js";
import { codeAt, type LineBytes } from "./line-bytes.js";
import type { Header } from "./syslog-header.js";

function headerUntil(logStart: number): Header {
  return { hostname: null, programName: null, logStart };
}

/** `Mon Apr 17 18:27:14 2006 1 ` */
function isXferlog(line: LineBytes): boolean {
  return (
    line.text.length > 27 &&
    codeAt(line, 3) === BLANK &&
    codeAt(line, 7) === BLANK &&
    codeAt(line, 10) === BLANK &&
    codeAt(line, 13) === COLON &&
    codeAt(line, 16) === COLON &&
    codeAt(line, 19) === BLANK &&
    codeAt(line, 24) === BLANK &&
    codeAt(line, 26) === BLANK
  );
}

/** `01/28-09:13:16.240702  ` */
function isSnort(line: LineBytes): boolean {
  return (
    line.text.length > 23 &&
    codeAt(line, 2) === SLASH &&
    codeAt(line, 5) === DASH &&
    codeAt(line, 8) === COLON &&
    codeAt(line, 11) === COLON &&
    codeAt(line, 14) === DOT &&
    codeAt(line, 21) === BLANK
  );
}

/** `01/28/1979-09:13:16.240702  ` */
function isSuricata(line: LineBytes): boolean {
  return (
    line.text.length > 25 &&
    codeAt(line, 2) === SLASH &&
    codeAt(line, 5) === SLASH &&
    codeAt(line, 10) === DASH &&
    codeAt(line, 13) === COLON &&
    codeAt(line, 16) === COLON &&
    codeAt(line, 19) === DOT &&
    codeAt(line, 26) === BLANK
  );
}

/** `[Fri Feb 11 18:06:35 2004] ` */
function isApache(line: LineBytes): boolean {
  return (
    line.text.length > 26 &&
    codeAt(line, 0) === OPEN &&
    codeAt(line, 4) === BLANK &&
    codeAt(line, 8) === BLANK &&
    codeAt(line, 11) === BLANK &&
    codeAt(line, 14) === COLON &&
    codeAt(line, 17) === COLON &&
    codeAt(line, 20) === BLANK &&
    codeAt(line, 25) === CLOSE
  );
}

/** `[Time 2006.12.28 15:53:55 UTC] ` */
function isAppleSystemLog(line: LineBytes): boolean {
  return (
    line.text.length > 25 &&
    codeAt(line, 0) === OPEN &&
    codeAt(line, 1) === LETTER_T &&
    codeAt(line, 5) === BLANK &&
    codeAt(line, 10) === DOT &&
    codeAt(line, 13) === DOT &&
    codeAt(line, 16) === BLANK &&
    codeAt(line, 19) === COLON
  );
}

/** `1140804070.368  11623 ` */
function isSquid(line: LineBytes): boolean {
  return (
    line.text.length > 31 &&
    codeAt(line, 0) === DIGIT_ONE &&
    isDigit(codeAt(line, 1)) &&
    isDigit(codeAt(line, 2)) &&
    isDigit(codeAt(line, 3)) &&
    codeAt(line, 10) === DOT &&
    isDigit(codeAt(line, 13)) &&
    codeAt(line, 14) === BLANK &&
    (codeAt(line, 21) === BLANK || codeAt(line, 22) === BLANK)
  );
}

/**
 * Reads the entries `[Name value]` of an Apple system log line. The engine ends a value by writing a NUL over its
 * bracket, so that without a message entry the message ends at the first value that was read.
 */
function readAppleSystemLog(line: string): Header {
  let hostname: string | null = null;
  let programName: string | null = null;
  let message = -1;
  let firstCut = line.length;
  let logEnd = line.length;
  let open = line.indexOf("[", 25);
  while (open >= 0) {
    let at = open + 1;
    if (programName === null && line.startsWith("Sender ", at)) {
      const close = line.indexOf("]", at + 7);
      if (close < 0) break;
      programName = line.slice(at + 7, close);
      firstCut = Math.min(firstCut, close);
      at = close + 1;
    } else if (message < 0 && line.startsWith("Message ", at)) {
      message = at + 8;
      const close = line.indexOf("]", message);
      if (close < 0) break;
      logEnd = close;
      at = close + 1;
    } else if (line.startsWith("Host ", at)) {
      const close = line.indexOf("]", at + 5);
      if (close >= 0) {
        hostname = line.slice(at + 5, close);
        firstCut = Math.min(firstCut, close);
      }
      break;
    }
    open = line.indexOf("[", at);
  }
  return message < 0
    ? { hostname, programName, logStart: 25, logEnd: firstCut }
    : { hostname, programName, logStart: message, logEnd };
}

/** Headers of lines without a syslog date (docs/reference/ossec.md#pre-decoding, step 4); null when none is recognised. */
export function readOtherHeader(line: LineBytes): Header | null {
  if (isXferlog(line)) return headerUntil(24);
  if (isSnort(line)) return headerUntil(23);
  if (isSuricata(line)) return headerUntil(28);
  if (isApache(line)) return headerUntil(27);
  if (isAppleSystemLog(line)) return readAppleSystemLog(line.text);
  if (!isSquid(line)) return null;
  let start = 14;
  while (codeAt(line, start) === BLANK) start++;
  return headerUntil(start);
}
