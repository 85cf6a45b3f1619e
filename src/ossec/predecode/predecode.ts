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

/** A {@link PredecodedLine} that also tells where its message stands in `fullLog`. */
export interface CutLine extends PredecodedLine {
  readonly logStart: number;
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
  if (line.length < 2) return ignoredLine;
  const fullLog = options.dialect.engine.controlBytes === "kept" ? line : deleteControlBytes(line);
  const { hostname, programName, log } = cutLine(lineBytes(fullLog), options.ownHostname);
  return { fullLog, hostname, programName, log };
}

/**
 * Pre-decodes a line of two characters or more whose control bytes are dealt with.
 *
 * @param ownHostname - host name of a line that carries none
 * @param ofAgent - or of every line: that of an agent has the name of its location
 */
export function cutLine(line: LineBytes, ownHostname: string, ofAgent = false): CutLine {
  const fullLog = line.text;
  const header = readHeader(line);
  if (header === null)
    return { fullLog, hostname: ownHostname, programName: null, log: fullLog, logStart: 0 };
  const { logStart } = header;
  return {
    fullLog,
    hostname: ofAgent ? ownHostname : (header.hostname ?? ownHostname),
    programName: header.programName,
    log: fullLog.slice(logStart, header.logEnd),
    logStart,
  };
}
