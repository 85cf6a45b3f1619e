import type { StoredLog } from "./store.js";

/** A stretch of log time in seconds, with both ends. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A part of a log's rows, in the order of writing among the others. */
export interface LogPart {
  /** What stands behind FROM. */
  readonly from: string;
  readonly condition: string;
}

/** Spans nearer to each other (s) are one. */
const near = 120;
/** Parts of a log that are asked for one by one. */
const most = 1000;
/** The share of a log from which on it is read as a whole. */
const wholeFrom = 0.5;
/** Times stand in SQL as decimal numbers. */
const inexact = 1e-4;

/** Several lists of spans as one, in order; null: one of them is not known. */
export function mergedSpans(lists: readonly (readonly Span[] | null)[]): readonly Span[] | null {
  const all: Span[] = [];
  for (const list of lists) {
    if (list === null) return null;
    all.push(...list);
  }
  return joined(all, near);
}

function joined(spans: readonly Span[], gap: number): readonly Span[] {
  const merged: { from: number; to: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last === undefined || span.from > last.to + gap) merged.push({ ...span });
    else if (span.to > last.to) last.to = span.to;
  }
  return merged;
}

/**
 * The parts of a log that hold the rows of a condition: what else it holds is not read. Rows of a table stand in the
 * order of writing, so that a stretch of it is one of the file.
 */
export function partsOf(
  log: StoredLog,
  condition: string,
  spans: readonly Span[] | null,
): readonly LogPart[] {
  const { pieces } = log;
  const whole = [{ from: log.from, condition }];
  if (spans === null || pieces === null) return whole;
  let left = spans;
  for (let gap = near; left.length > most; gap *= 2) left = joined(left, gap);
  const sum = left.reduce((seconds, { from, to }) => seconds + to - from, 0);
  if (sum > wholeFrom * pieces.seconds) return whole;
  return left.map(({ from, to }) => ({
    from: pieces.between(from - inexact, to + inexact),
    condition: `${log.written} >= ${from - inexact} AND ${log.written} <= ${to + inexact} AND ${condition}`,
  }));
}
