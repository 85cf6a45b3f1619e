import { inspect } from "node:util";
import type { Span } from "../../diagnostics/diagnostic.js";
import type { EmittedFile } from "./emit.js";
import { spanOfRange } from "./span.js";

/** The innermost place in the user's files that an exception's stack names; null when it names none. */
export function placeOfException(error: unknown, emitted: ReadonlyMap<string, EmittedFile>): Span | null {
  for (const frame of frames(error)) {
    const file = emitted.get(frame.path);
    if (file === undefined) continue;
    const at = file.sourceMap()(frame.line - 1, frame.column - 1);
    if (at === null) continue;
    const start = startOf(file, at.line, at.column);
    return spanOfRange(file.file, start, start);
  }
  return null;
}

function startOf(emitted: EmittedFile, line: number, column: number): number {
  const starts = emitted.file.getLineStarts();
  return Math.min((starts[line] ?? 0) + column, emitted.file.text.length);
}

interface Frame {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

function frames(error: unknown): readonly Frame[] {
  const found: Frame[] = [];
  const text = stackOf(error);
  // A syntax error that only V8 sees has its place on the first line, without a column.
  const unparsed = /^(\/[^\n]*|[A-Za-z]:[^\n]*):(\d+)\n/.exec(text);
  if (unparsed?.[1] !== undefined) found.push({ path: unparsed[1], line: Number(unparsed[2]), column: 1 });
  for (const line of text.split("\n")) {
    const frame = line.length < 5000 ? /^\s+at (?:async )?(.*):(\d+):(\d+)\)?$/.exec(line) : null;
    if (frame?.[1] === undefined) continue;
    const at = { line: Number(frame[2]), column: Number(frame[3]) };
    // `at PATH` or `at NAME (PATH`; either may hold parentheses, so both readings are offered.
    for (const path of [frame[1], frame[1].slice(frame[1].indexOf(" (") + 2)]) found.push({ path, ...at });
  }
  return found;
}

function stackOf(error: unknown): string {
  try {
    const stack: unknown = error instanceof Error ? error.stack : "";
    return typeof stack === "string" ? stack.slice(0, 100_000) : "";
  } catch {
    return "";
  }
}

/** What was thrown, on one line of bounded length, without a stack. */
export function describeException(error: unknown): string {
  try {
    if (error instanceof Error) return oneLine(`${String(error.name)}: ${String(error.message)}`);
    const shown =
      typeof error === "string" ? JSON.stringify(error) : inspect(error, { depth: 1, customInspect: false });
    return oneLine(`${shown} was thrown`);
  } catch {
    return "something that cannot be shown was thrown";
  }
}

function oneLine(text: string): string {
  const line = text.slice(0, 2000).replace(/\s*\r?\n\s*/g, " ");
  return line.length > 500 ? `${line.slice(0, 499)}…` : line;
}
