/** Host and program behind a date (docs/reference/wazuh.md#pre-decoding-in-wazuh). */
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
} from "../../ossec/predecode/characters.js";
import { codeAt, type LineBytes } from "../../ossec/predecode/line-bytes.js";

/** What a header says, and where the message begins. */
export interface Names {
  readonly hostname: string | null;
  readonly programName: string | null;
  readonly logStart: number;
  /** End of the message when it is not the end of the line. */
  readonly logEnd?: number;
  /** The engine ended a text at the byte before the message. */
  readonly cutBefore: boolean;
}

/** Where the message begins when a Solaris tag `[ID n facility.level] ` stands before it: the byte behind it goes along. */
function behindTag(line: LineBytes, from: number): number {
  if (codeAt(line, from) !== OPEN || !line.text.startsWith("[ID ", from)) return from;
  const close = line.text.indexOf("]", from + 4);
  return close < 0 ? from : Math.min(close + 2, line.text.length);
}

function names(
  line: LineBytes,
  hostname: string | null,
  programName: string,
  behind: number,
  cut: boolean,
): Names {
  const logStart = behindTag(line, behind);
  return { hostname, programName, logStart, cutBefore: cut && logStart === behind };
}

const behindBlank = (line: LineBytes, at: number): number => (codeAt(line, at) === BLANK ? at + 1 : at);

/** Offset of the closing bracket of `[digits]` at this place, else -1. */
function endOfProcessId(line: LineBytes, at: number): number {
  if (codeAt(line, at) !== OPEN || !isDigit(codeAt(line, at + 1))) return -1;
  const close = endOfDigits(line, at + 1);
  return codeAt(line, close) === CLOSE ? close : -1;
}

/** Offset of the program name in the AIX form `facility|severity:level prog`, else -1. */
function aixProgram(line: LineBytes, pipe: number): number {
  if (codeAt(line, pipe) !== PIPE || !isLower(codeAt(line, pipe + 1))) return -1;
  const colon = endOfAlphanumerics(line, pipe + 2);
  if (codeAt(line, colon) !== COLON) return -1;
  const blank = endOfAlphanumerics(line, colon + 1);
  return codeAt(line, blank) === BLANK ? blank + 1 : -1;
}

function isColonBlank(line: LineBytes, at: number): boolean {
  return codeAt(line, at) === COLON && codeAt(line, at + 1) === BLANK;
}

function aixNames(line: LineBytes, hostname: string, word: number, program: number): Names {
  const end = endOfWord(line, program);
  const name = line.text.slice(program, end);
  if (isColonBlank(line, end)) return names(line, hostname, name, end + 2, false);
  const close = endOfProcessId(line, end);
  if (close >= 0 && isColonBlank(line, close + 1)) return names(line, hostname, name, close + 3, false);
  // The engine has already cut the line at the bracket, and the message is still the whole word.
  if (codeAt(line, end) === OPEN && isDigit(codeAt(line, end + 1)))
    return { hostname, programName: name, logStart: word, logEnd: end, cutBefore: true };
  // The engine does not end the name here: it is the rest of the line.
  return names(line, hostname, line.text.slice(program), end, false);
}

function behindHost(line: LineBytes, hostname: string, word: number): Names {
  const end = endOfWord(line, word);
  const ending = codeAt(line, end);
  if (ending === COLON) {
    const behind = behindBlank(line, end + 1);
    return names(line, hostname, line.text.slice(word, end), behind, behind === end + 1);
  }
  const close = endOfProcessId(line, end);
  if (close >= 0) {
    const next = codeAt(line, close + 1);
    const name = line.text.slice(word, end);
    if (next === COLON) return names(line, hostname, name, behindBlank(line, close + 2), false);
    if (next === BLANK) return names(line, hostname, name, close + 2, false);
  }
  const program = aixProgram(line, end);
  if (program >= 0) return aixNames(line, hostname, word, program);
  return { hostname, programName: null, logStart: word, cutBefore: true };
}

/** @param behindDate - as {@link endOfDate} says it */
export function namesBehind(line: LineBytes, behindDate: number): Names {
  const start = behindBlank(line, behindDate);
  const end = endOfWord(line, start);
  const word = line.text.slice(start, end);
  if (codeAt(line, end) === BLANK) return behindHost(line, word, end + 1);
  if (isColonBlank(line, end)) return names(line, null, word, end + 2, false);
  return { hostname: null, programName: null, logStart: start, cutBefore: start === behindDate };
}
