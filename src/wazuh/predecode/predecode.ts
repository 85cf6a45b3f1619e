/** How Wazuh cuts a line into its header and its message (docs/reference/wazuh.md#pre-decoding-in-wazuh). */
import { BLANK, COLON, OPEN, SLASH } from "../../ossec/predecode/characters.js";
import { codeAt, type LineBytes } from "../../ossec/predecode/line-bytes.js";
import { readOtherHeader } from "../../ossec/predecode/other-headers.js";
import type { CutLine } from "../../ossec/predecode/predecode.js";
import { endOfDate } from "./date.js";
import { type Names, namesBehind } from "./names.js";

/** The agent of lines that the server reads itself. */
const ownAgent = "000";

interface Origin {
  readonly agentId: string;
  readonly location: string;
  /** Host of all lines of an agent; null: the server's own line, whose host may be written in it. */
  readonly agentName: string | null;
}

/** `[id] (name) ip->path`; null: the engine drops what comes from there. */
function originOf(location: string): Origin | null {
  if (!location.startsWith("[")) return { agentId: ownAgent, location, agentName: null };
  const close = location.indexOf("]");
  if (close < 0) return null;
  const rest = location.slice(location[close + 1] === " " ? close + 2 : close + 1);
  const open = rest.indexOf("(");
  const end = open < 0 ? -1 : rest.indexOf(")", open);
  return {
    agentId: location.slice(1, close),
    location: rest,
    agentName: end < 0 ? "" : rest.slice(open + 1, end),
  };
}

interface Header extends Names {
  readonly dateStart: number;
  readonly dateEnd: number;
}

/** Of lines without a syslog date: the engine ends the date where its own kind of line has it end. */
function otherHeader(line: LineBytes): Header | null {
  const found = readOtherHeader(line);
  if (found === null) return null;
  const { hostname, programName, logStart, logEnd } = found;
  const header = { hostname, programName, logStart, ...(logEnd === undefined ? {} : { logEnd }) };
  if (codeAt(line, 2) === SLASH)
    return { ...header, dateStart: 0, dateEnd: codeAt(line, 5) === SLASH ? 26 : 21, cutBefore: false };
  if (codeAt(line, 0) === OPEN) {
    const isApache = codeAt(line, 14) === COLON && logStart === 27;
    return { ...header, dateStart: isApache ? 1 : 0, dateEnd: isApache ? 25 : 0, cutBefore: false };
  }
  const isXferlog = codeAt(line, 3) === BLANK;
  return { ...header, dateStart: 0, dateEnd: isXferlog ? logStart : logStart - 1, cutBefore: !isXferlog };
}

/** A German `Mär` is one byte longer: the engine looks for the date one byte further on, and counts as if it did not. */
function isUmlautMonth(line: LineBytes): boolean {
  return codeAt(line, 1) === 0xc3 && codeAt(line, 2) === 0xa4;
}

function readHeader(line: LineBytes): Header | null {
  const shifted = isUmlautMonth(line) ? { text: line.text, bytes: line.bytes, at: line.at + 1 } : line;
  const behindDate = endOfDate(shifted);
  if (behindDate < 0) return otherHeader(shifted);
  return { ...namesBehind(line, behindDate), dateStart: 0, dateEnd: behindDate - 1 };
}

/**
 * Cuts a line; null: its location is malformed, and the engine drops it.
 *
 * @param location - `stdin`, a path, or an agent's `[id] (name) ip->path`
 */
export function cutLine(line: LineBytes, location: string, ownHostname: string): CutLine | null {
  const origin = originOf(location);
  if (origin === null) return null;
  const fullLog = line.text;
  const header = readHeader(line);
  const { agentId, agentName } = origin;
  return {
    fullLog,
    hostname: agentName ?? header?.hostname ?? ownHostname,
    programName: header?.programName ?? null,
    log: header === null ? fullLog : fullLog.slice(header.logStart, header.logEnd),
    logStart: header?.logStart ?? 0,
    dateStart: header?.dateStart ?? 0,
    dateEnd: header?.dateEnd ?? 0,
    cutBefore: header?.cutBefore ?? true,
    location: origin.location,
    agentId,
    relocated: false,
  };
}

const hostBehindDate = /^[A-Z][a-z][a-z] [ 0-3][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9] ([^ ]+)/;

/** The host that an alert's JSON shows: only of lines that begin with a syslog date; null: none. */
export function shownHostname(fullLog: string): string | null {
  return hostBehindDate.exec(fullLog)?.[1] ?? null;
}
