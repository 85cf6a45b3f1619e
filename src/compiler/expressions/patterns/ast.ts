/** A regular expression over code units (or code points, with the flag u) of JavaScript. */
export type Pattern =
  /** Inclusive ranges, ascending, not touching. */
  | { readonly kind: "class"; readonly ranges: Ranges }
  | { readonly kind: "sequence"; readonly parts: readonly Pattern[] }
  | { readonly kind: "choice"; readonly branches: readonly Pattern[] }
  | { readonly kind: "repeat"; readonly of: Pattern; readonly least: number; readonly most: number }
  | { readonly kind: "start" }
  | { readonly kind: "end" };

export type Ranges = readonly (readonly [number, number])[];

export interface Refusal {
  readonly kind: "refused";
  readonly message: string;
  readonly help: string;
}

export function refusal(message: string, help: string): Refusal {
  return { kind: "refused", message, help };
}

/** Ranges in order, joined where they touch. */
export function normalise(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** Everything from 0 to `limit` that the ranges leave out. */
export function complement(ranges: Ranges, limit: number): Ranges {
  const found: [number, number][] = [];
  let from = 0;
  for (const [start, end] of normalise(ranges)) {
    if (start > from) found.push([from, start - 1]);
    from = end + 1;
  }
  if (from <= limit) found.push([from, limit]);
  return found;
}

export function intersects(ranges: Ranges, from: number, to: number): boolean {
  return ranges.some(([start, end]) => start <= to && end >= from);
}

/** Whether it can match the empty text. */
export function nullable(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "class":
      return false;
    case "sequence":
      return pattern.parts.every(nullable);
    case "choice":
      return pattern.branches.some(nullable);
    case "repeat":
      return pattern.least === 0 || nullable(pattern.of);
    case "start":
    case "end":
      return true;
  }
}

/** Whether it can match nothing at all: an empty class somewhere it cannot do without. */
export function impossible(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "class":
      return pattern.ranges.length === 0;
    case "sequence":
      return pattern.parts.some(impossible);
    case "choice":
      return pattern.branches.every(impossible);
    case "repeat":
      return pattern.least > 0 && impossible(pattern.of);
    default:
      return false;
  }
}

export function hasAnchor(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "class":
      return false;
    case "sequence":
      return pattern.parts.some(hasAnchor);
    case "choice":
      return pattern.branches.some(hasAnchor);
    case "repeat":
      return hasAnchor(pattern.of);
    case "start":
    case "end":
      return true;
  }
}
