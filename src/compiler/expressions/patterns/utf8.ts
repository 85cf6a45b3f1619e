import { intersects, type Pattern, type Ranges } from "./ast.js";

const LENGTHS: readonly number[] = [0x7f, 0x7ff, 0xffff, 0x10ffff];

/** Code points (surrogates left out) as their UTF-8 bytes: a choice of sequences of byte classes. */
export function utf8Pattern(ranges: Ranges): Pattern {
  const branches: Pattern[] = [];
  const ascii: [number, number][] = [];
  for (const [from, to] of ranges) {
    if (from <= 0x7f) ascii.push([from, Math.min(to, 0x7f)]);
    for (const [start, end] of withoutSurrogates(from, to)) {
      let symbolic = Math.max(start, 0x80);
      for (const limit of LENGTHS.slice(1)) {
        const high = Math.min(end, limit);
        if (symbolic <= high) split(symbolic, high, limit, branches);
        symbolic = Math.max(symbolic, limit + 1);
      }
    }
  }
  if (ascii.length > 0) branches.unshift({ kind: "class", ranges: ascii });
  const [only] = branches;
  if (only === undefined) return { kind: "class", ranges: [] };
  return branches.length === 1 ? only : { kind: "choice", branches };
}

function withoutSurrogates(from: number, to: number): Ranges {
  if (!intersects([[from, to]], 0xd800, 0xdfff)) return [[from, to]];
  const parts: [number, number][] = [];
  if (from < 0xd800) parts.push([from, 0xd7ff]);
  if (to > 0xdfff) parts.push([0xe000, to]);
  return parts;
}

/** Cuts a range of code points of one length into sequences in which each byte is a range of its own. */
function split(from: number, to: number, limit: number, branches: Pattern[]): void {
  const continuations = LENGTHS.indexOf(limit);
  for (let i = 1; i <= continuations; i++) {
    const mask = 2 ** (6 * i) - 1;
    if ((from & ~mask) === (to & ~mask)) continue;
    if ((from & mask) !== 0) {
      split(from, from | mask, limit, branches);
      split((from | mask) + 1, to, limit, branches);
      return;
    }
    if ((to & mask) !== mask) {
      split(from, (to & ~mask) - 1, limit, branches);
      split(to & ~mask, to, limit, branches);
      return;
    }
  }
  const first = encode(from, continuations);
  const last = encode(to, continuations);
  branches.push({
    kind: "sequence",
    parts: first.map((byte, i) => ({ kind: "class", ranges: [[byte, last[i] ?? byte]] })),
  });
}

function encode(code: number, continuations: number): readonly number[] {
  const lead = [0, 0xc0, 0xe0, 0xf0][continuations] ?? 0;
  const bytes = [lead | (code >> (6 * continuations))];
  for (let i = continuations - 1; i >= 0; i--) bytes.push(0x80 | ((code >> (6 * i)) & 0x3f));
  return bytes;
}
