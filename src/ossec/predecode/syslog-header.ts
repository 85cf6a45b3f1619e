import {
  BLANK,
  CLOSE,
  COLON,
  endOfAlphanumerics,
  endOfDigits,
  endOfWord,
  isDigit,
  isLower,
  OPEN,
  PIPE,
} from "./characters.js";
import { codeAt, type LineBytes } from "./line-bytes.js";

/** The header of a line: names, and where the message begins and ends. */
export interface Header {
  readonly hostname: string | null;
  readonly programName: string | null;
  readonly logStart: number;
  /** End of the message when it is not the end of the line. */
  readonly logEnd?: number;
}

/** Offset behind `: ` at this place, else -1. */
function behindColon(line: LineBytes, at: number): number {
  return codeAt(line, at) === COLON && codeAt(line, at + 1) === BLANK ? at + 2 : -1;
}

/** Offset behind `[digits]: ` or, if allowed, `[digits] ` at this place, else -1. */
function behindProcessId(line: LineBytes, at: number, colonNeeded: boolean): number {
  if (!opensProcessId(line, at)) return -1;
  const close = endOfDigits(line, at + 1);
  if (codeAt(line, close) !== CLOSE) return -1;
  const behind = behindColon(line, close + 1);
  if (behind >= 0) return behind;
  return !colonNeeded && codeAt(line, close + 1) === BLANK ? close + 2 : -1;
}

function opensProcessId(line: LineBytes, at: number): boolean {
  return codeAt(line, at) === OPEN && isDigit(codeAt(line, at + 1));
}

/** Where the message begins when a Solaris tag `[ID n facility.level] ` stands before it. */
function behindSolarisTag(line: LineBytes, from: number): number {
  if (codeAt(line, from) !== OPEN || !line.text.startsWith("[ID ", from)) return from;
  const close = line.text.indexOf("] ", from + 4);
  return close < 0 ? from : close + 2;
}

/** Offset of the program name in the AIX form `facility|severity:level prog`, else -1. */
function aixProgram(line: LineBytes, pipe: number): number {
  if (codeAt(line, pipe) !== PIPE || !isLower(codeAt(line, pipe + 1))) return -1;
  const colon = endOfAlphanumerics(line, pipe + 2);
  if (codeAt(line, colon) !== COLON) return -1;
  const blank = endOfAlphanumerics(line, colon + 1);
  return codeAt(line, blank) === BLANK ? blank + 1 : -1;
}

function aixHeader(line: LineBytes, hostname: string, word: number, program: number): Header {
  const end = endOfWord(line, program);
  const name = line.text.slice(program, end);
  const behindName = behindColon(line, end);
  const behind = behindName >= 0 ? behindName : behindProcessId(line, end, true);
  if (behind >= 0) return { hostname, programName: name, logStart: behindSolarisTag(line, behind) };
  // The engine has already cut the line at the bracket, and the message is still the whole word.
  if (opensProcessId(line, end)) return { hostname, programName: name, logStart: word, logEnd: end };
  // The engine does not end the name here: it is the rest of the line.
  return { hostname, programName: line.text.slice(program), logStart: behindSolarisTag(line, end) };
}

function programHeader(line: LineBytes, hostname: string, word: number): Header {
  const end = endOfWord(line, word);
  const behindName = behindColon(line, end);
  const behind = behindName >= 0 ? behindName : behindProcessId(line, end, false);
  if (behind >= 0) {
    return { hostname, programName: line.text.slice(word, end), logStart: behindSolarisTag(line, behind) };
  }
  const program = aixProgram(line, end);
  if (program >= 0) return aixHeader(line, hostname, word, program);
  return { hostname, programName: null, logStart: word };
}

/** Reads host and program behind a syslog date (docs/reference/ossec.md#pre-decoding, steps 2 and 3). */
export function readSyslogHeader(line: LineBytes, behindDate: number): Header {
  const start = codeAt(line, behindDate) === BLANK ? behindDate + 1 : behindDate;
  const end = endOfWord(line, start);
  if (codeAt(line, end) === BLANK) return programHeader(line, line.text.slice(start, end), end + 1);
  const behind = behindColon(line, end);
  if (behind < 0) return { hostname: null, programName: null, logStart: start };
  return {
    hostname: null,
    programName: line.text.slice(start, end),
    logStart: behindSolarisTag(line, behind),
  };
}
