import type { Dialect } from "../dialect.js";
import { deleteControlBytes } from "./control-bytes.js";
import { codeAt, type LineBytes, lineBytes } from "./line-bytes.js";
import { readOtherHeader } from "./other-headers.js";
import { endOfSyslogDate } from "./syslog-date.js";
import { type Header, readSyslogHeader } from "./syslog-header.js";

export interface PredecodeOptions {
  readonly dialect: Dialect;
  /** Host name of a line that carries none: the engine's own short host name. */
  readonly ownHostname: string;
  /** Where it comes from; default `stdin`. */
  readonly location?: string;
}

/** A line cut into its header and its message (docs/reference/ossec.md#pre-decoding). Texts are latin1 strings. */
export interface PredecodedLine {
  readonly ignored?: false;
  /** The whole line, without control bytes from 3.8 on. */
  readonly fullLog: string;
  readonly hostname: string;
  readonly programName: string | null;
  /** What decoders and rules see. */
  readonly log: string;
}

/** A {@link PredecodedLine} with all that an engine takes from the line and the place that it came from. */
export interface CutLine extends PredecodedLine {
  /** Where its message stands in `fullLog`. */
  readonly logStart: number;
  /** The date, as a range of `fullLog`; empty: none, or OSSEC, which does not show it. */
  readonly dateStart: number;
  readonly dateEnd: number;
  /** Wazuh has put the end of a text before the message: a search that begins there sees nothing. */
  readonly cutBefore: boolean;
  /** Where the line came from, without the agent's number. */
  readonly location: string;
  /** Wazuh: `000` for the server itself. In OSSEC empty. */
  readonly agentId: string;
  /** OSSEC: the host name is the location's text. */
  readonly relocated: boolean;
}

export type Predecoded = PredecodedLine | { readonly ignored: true };

const ignoredLine: Predecoded = { ignored: true };

/** Is the second character of the line an `ä` in UTF-8? */
function hasUmlautMonth(line: LineBytes): boolean {
  return codeAt(line, 1) === 0xc3 && codeAt(line, 2) === 0xa4;
}

/**
 * A German `Mär` is one byte longer than other months. The engine looks for the date one byte further on, but counts
 * from the beginning of the line, and asks for the length of the whole line; the blank that this leaves is the extra
 * one that is skipped.
 */
function readUmlautHeader(line: LineBytes): Header | null {
  const shifted = { text: line.text, bytes: line.bytes, at: line.at + 1 };
  const behindDate = endOfSyslogDate(shifted);
  if (behindDate >= 0) return readSyslogHeader(line, behindDate);
  const header = readOtherHeader(shifted);
  return header === null ? null : { hostname: null, programName: null, logStart: header.logStart };
}

function readHeader(line: LineBytes): Header | null {
  if (hasUmlautMonth(line)) return readUmlautHeader(line);
  const behindDate = endOfSyslogDate(line);
  return behindDate >= 0 ? readSyslogHeader(line, behindDate) : readOtherHeader(line);
}

/**
 * Pre-decodes a line given without its newline. Lines of less than two characters are ignored, as
 * ossec-logtest does (docs/reference/ossec.md#life-of-an-event).
 */
export function predecode(line: string, options: PredecodeOptions): Predecoded {
  const { controlBytes, shortestLine, cutLine } = options.dialect.engine;
  if (line.length < shortestLine) return ignoredLine;
  const fullLog = controlBytes === "kept" ? line : deleteControlBytes(line);
  const cut = cutLine(lineBytes(fullLog), options.location ?? "stdin", options.ownHostname);
  if (cut === null) return ignoredLine;
  const { hostname, programName, log } = cut;
  return { fullLog, hostname, programName, log };
}

/**
 * OSSEC's pre-decoding of a line of two characters or more whose control bytes are dealt with. Lines of agents have the
 * location's text as their host, whatever the line says.
 *
 * @param ownHostname - host name of a line that carries none
 */
export function cutLine(line: LineBytes, location: string, ownHostname: string): CutLine {
  const fullLog = line.text;
  const header = readHeader(line);
  const relocated = location.startsWith("(");
  const logStart = header === null ? 0 : header.logStart;
  return {
    fullLog,
    hostname: relocated ? location : (header?.hostname ?? ownHostname),
    programName: header === null ? null : header.programName,
    log: header === null ? fullLog : fullLog.slice(logStart, header.logEnd),
    logStart,
    dateStart: 0,
    dateEnd: 0,
    cutBefore: false,
    location,
    agentId: "",
    relocated,
  };
}
