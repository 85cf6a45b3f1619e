import type { Span } from "../../diagnostics/diagnostic.js";

/**
 * A file as the OSSEC reader sees it: bytes as a latin1 string (one UTF-16 unit 0..255 a byte).
 * Offsets everywhere are byte offsets into `text`.
 */
export interface SourceText {
  /** The path that diagnostics name. */
  readonly file: string;
  readonly text: string;
}

/** A stretch of a file, `start` inclusive, `end` exclusive, in bytes. Line and column: {@link spanOf}. */
export interface SourceRange {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

export function sourceText(file: string, text: string): SourceText {
  return { file, text };
}

export function textAt(at: SourceRange): string {
  return at.source.text.slice(at.start, at.end);
}

/** Start offsets of lines, computed when a position is first asked for. CRLF, LF and a lone CR end a line. */
const lineTables = new WeakMap<SourceText, readonly number[]>();

function lineStarts(source: SourceText): readonly number[] {
  const known = lineTables.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  const { text } = source;
  for (let at = 0; at < text.length; at++) {
    const byte = text.charCodeAt(at);
    if (byte === 10) starts.push(at + 1);
    else if (byte === 13 && text.charCodeAt(at + 1) !== 10) starts.push(at + 1);
  }
  lineTables.set(source, starts);
  return starts;
}

/** Number of bytes of the UTF-8 character at `at`; 1 for an invalid byte. */
function characterLength(text: string, at: number, end: number): number {
  const lead = text.charCodeAt(at);
  if (lead < 0xc2 || lead > 0xf4) return 1;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + length > end) return 1;
  const second = text.charCodeAt(at + 1);
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 1;
  for (let next = 2; next < length; next++) {
    if ((text.charCodeAt(at + next) & 0xc0) !== 0x80) return 1;
  }
  return length;
}

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in code points; an invalid byte and a TAB count one. */
  readonly column: number;
}

/** Columns of long lines are counted from such a place on: asking often must not count them again and again. */
const step = 2048;

interface Checkpoints {
  /** First byte of a character, at least {@link step} behind the one before. */
  readonly offsets: number[];
  readonly columns: number[];
}

const checkpoints = new WeakMap<SourceText, Map<number, Checkpoints>>();

/** The last known place of the line before `offset`, which grows with what is asked. */
function checkpointBefore(source: SourceText, start: number, offset: number): readonly [number, number] {
  let lines = checkpoints.get(source);
  if (lines === undefined) {
    lines = new Map();
    checkpoints.set(source, lines);
  }
  let known = lines.get(start);
  if (known === undefined) {
    known = { offsets: [start], columns: [1] };
    lines.set(start, known);
  }
  const { offsets, columns } = known;
  const { text } = source;
  for (let last = offsets.at(-1) ?? start; last + step <= offset; last = offsets.at(-1) ?? offset) {
    let at = last;
    let column = columns.at(-1) ?? 1;
    for (; at < last + step; column++) at += characterLength(text, at, text.length);
    offsets.push(at);
    columns.push(column);
  }
  let index = Math.min(Math.floor((offset - start) / step), offsets.length - 1);
  while (index > 0 && (offsets[index] ?? 0) > offset) index--;
  return [offsets[index] ?? start, columns[index] ?? 1];
}

/** Line and column of a byte offset (docs/reference/cli.md#everywhere). */
export function positionAt(source: SourceText, offset: number): Position {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const end = Math.min(offset, source.text.length);
  const start = starts[low] ?? 0;
  let [at, column] = end - start < step ? [start, 1] : checkpointBefore(source, start, end);
  while (at < end) {
    at += characterLength(source.text, at, source.text.length);
    if (at <= end) column++;
  }
  return { line: low + 1, column };
}

/** A {@link SourceRange} as a diagnostic's span. */
export function spanOf(at: SourceRange): Span {
  const start = positionAt(at.source, at.start);
  const end = at.end > at.start ? positionAt(at.source, at.end) : start;
  return {
    file: at.source.file,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}
