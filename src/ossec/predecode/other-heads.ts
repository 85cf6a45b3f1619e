import { BLANK, CLOSE, COLON, DASH, DOT, isDigit, OPEN, SLASH } from "./characters.js";
import type { Head } from "./syslog-head.js";

function headUntil(logStart: number): Head {
  return { hostname: null, programName: null, logStart };
}

/** `Mon Apr 17 18:27:14 2006 1 ` */
function isXferlog(line: string): boolean {
  return (
    line.length > 27 &&
    line.charCodeAt(3) === BLANK &&
    line.charCodeAt(7) === BLANK &&
    line.charCodeAt(10) === BLANK &&
    line.charCodeAt(13) === COLON &&
    line.charCodeAt(16) === COLON &&
    line.charCodeAt(19) === BLANK &&
    line.charCodeAt(24) === BLANK &&
    line.charCodeAt(26) === BLANK
  );
}

/** `01/28-09:13:16.240702  ` */
function isSnort(line: string): boolean {
  return (
    line.length > 23 &&
    line.charCodeAt(2) === SLASH &&
    line.charCodeAt(5) === DASH &&
    line.charCodeAt(8) === COLON &&
    line.charCodeAt(11) === COLON &&
    line.charCodeAt(14) === DOT &&
    line.charCodeAt(21) === BLANK
  );
}

/** `01/28/1979-09:13:16.240702  ` */
function isSuricata(line: string): boolean {
  return (
    line.length > 25 &&
    line.charCodeAt(2) === SLASH &&
    line.charCodeAt(5) === SLASH &&
    line.charCodeAt(10) === DASH &&
    line.charCodeAt(13) === COLON &&
    line.charCodeAt(16) === COLON &&
    line.charCodeAt(19) === DOT &&
    line.charCodeAt(26) === BLANK
  );
}

/** `[Fri Feb 11 18:06:35 2004] ` */
function isApache(line: string): boolean {
  return (
    line.length > 26 &&
    line.charCodeAt(0) === OPEN &&
    line.charCodeAt(4) === BLANK &&
    line.charCodeAt(8) === BLANK &&
    line.charCodeAt(11) === BLANK &&
    line.charCodeAt(14) === COLON &&
    line.charCodeAt(17) === COLON &&
    line.charCodeAt(20) === BLANK &&
    line.charCodeAt(25) === CLOSE
  );
}

/** `[Time 2006.12.28 15:53:55 UTC] ` */
function isAppleSystemLog(line: string): boolean {
  return (
    line.length > 25 &&
    line.charCodeAt(0) === OPEN &&
    line.charAt(1) === "T" &&
    line.charCodeAt(5) === BLANK &&
    line.charCodeAt(10) === DOT &&
    line.charCodeAt(13) === DOT &&
    line.charCodeAt(16) === BLANK &&
    line.charCodeAt(19) === COLON
  );
}

/** `1140804070.368  11623 ` */
function isSquid(line: string): boolean {
  return (
    line.length > 31 &&
    line.charAt(0) === "1" &&
    isDigit(line.charCodeAt(1)) &&
    isDigit(line.charCodeAt(2)) &&
    isDigit(line.charCodeAt(3)) &&
    line.charCodeAt(10) === DOT &&
    isDigit(line.charCodeAt(13)) &&
    line.charCodeAt(14) === BLANK &&
    (line.charCodeAt(21) === BLANK || line.charCodeAt(22) === BLANK)
  );
}

/**
 * Reads the entries `[Name value]` of an Apple system log line. The engine ends a value by writing a NUL over its
 * bracket, so that without a message entry the message ends at the first value that was read.
 */
function readAppleSystemLog(line: string): Head {
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

/** Heads of lines without a syslog date (spec/ossec.md 4, step 4); null when none is recognised. */
export function readOtherHead(line: string): Head | null {
  if (isXferlog(line)) return headUntil(24);
  if (isSnort(line)) return headUntil(23);
  if (isSuricata(line)) return headUntil(28);
  if (isApache(line)) return headUntil(27);
  if (isAppleSystemLog(line)) return readAppleSystemLog(line);
  if (!isSquid(line)) return null;
  let start = 14;
  while (line.charCodeAt(start) === BLANK) start++;
  return headUntil(start);
}
