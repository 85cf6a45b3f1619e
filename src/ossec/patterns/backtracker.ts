import type { Assertion, PatternTree } from "./ast.js";
import { type ByteSet, hasByte } from "./byte-set.js";
import { lowerByte } from "./bytes.js";
import { isAnchored, startBytes } from "./literals.js";
import { wordSet } from "./pcre2/sets.js";
import { compileProgram, type Program } from "./program.js";
import type { PatternMatch } from "./types.js";

/**
 * Failures after which a search ends without a match, as the engine's does at PCRE2's match limit. That limit (10
 * million) counts other things in PCRE2's two ways to run a pattern; this one keeps a search below about a second.
 */
const MATCH_LIMIT = 2_000_000;
/** Calls of groups inside each other: beyond it the search ends without a match. */
const CALL_LIMIT = 10_000;

/** A call of a group under way. */
interface Call {
  readonly group: number;
  /** Address to return to. */
  readonly back: number;
  /** Position of the call: the same group called there again would never end. */
  readonly at: number;
  /** Slots at the time of the call; captures made inside are forgotten. */
  readonly slots: Int32Array;
  readonly outer: Call | null;
  readonly depth: number;
  /** Number of places to go back to at the time of the call. */
  readonly points: number;
}

function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && hasByte(wordSet, text.charCodeAt(at));
}

function holds(assertion: Assertion, text: string, at: number): boolean {
  switch (assertion) {
    case "start":
      return at === 0;
    case "end":
      return at === text.length;
    case "endOrNewline":
      return at === text.length || (at === text.length - 1 && text.charCodeAt(at) === 10);
    case "lineStart":
      return at === 0 || (at < text.length && text.charCodeAt(at - 1) === 10);
    case "lineEnd":
      return at === text.length || text.charCodeAt(at) === 10;
    case "wordBoundary":
      return isWord(text, at - 1) !== isWord(text, at);
    case "notWordBoundary":
      return isWord(text, at - 1) === isWord(text, at);
  }
}

/** One search over one text. Backtracking is an explicit stack: no text is too long for it. */
class Search {
  private readonly program: Program;
  private readonly text: string;
  readonly slots: Int32Array;
  /** Old values of slots, to undo: slot, value. */
  private readonly undo: number[] = [];
  /**
   * Where to go on after a failure: address, position, length of `undo`, call, then for runs of a set the nearest
   * position to give back to (-1: none) and the step to it.
   */
  private readonly points: number[] = [];
  private readonly calls: (Call | null)[] = [];
  /** Failures so far: what PCRE2's match limit counts. */
  private steps = 0;
  /** The limit was passed, or a call would never end: no match. */
  exhausted = false;
  /** Position behind the last successful run. */
  end = -1;

  constructor(program: Program, text: string) {
    this.program = program;
    this.text = text;
    this.slots = new Int32Array(program.slots).fill(-1);
  }

  private set(slot: number, value: number): void {
    this.undo.push(slot, this.slots[slot] ?? -1);
    this.slots[slot] = value;
  }

  private restore(mark: number): void {
    while (this.undo.length > mark) {
      const value = this.undo.pop() ?? -1;
      const slot = this.undo.pop() ?? 0;
      this.slots[slot] = value;
    }
  }

  private point(address: number, at: number, call: Call | null, until: number, step: number): void {
    this.points.push(address, at, this.undo.length, until, step);
    this.calls.push(call);
  }

  /** Position behind the text of the first group that is set, -1 when there is none or it differs. */
  private reference(groups: readonly number[], caseless: boolean, at: number): number {
    for (const group of groups) {
      const from = this.slots[2 * group] ?? -1;
      if (from < 0) continue;
      const length = (this.slots[2 * group + 1] ?? 0) - from;
      if (at + length > this.text.length) return -1;
      for (let i = 0; i < length; i++) {
        const a = this.text.charCodeAt(from + i);
        const b = this.text.charCodeAt(at + i);
        if (a !== b && !(caseless && lowerByte(a) === lowerByte(b))) return -1;
      }
      return at + length;
    }
    return -1;
  }

  private isSet(groups: readonly number[]): boolean {
    return groups.some((group) => (this.slots[2 * group] ?? -1) >= 0);
  }

  /** Forgets what a call captured: the slots are again as at its beginning. */
  private leave(call: Call): void {
    for (let slot = 0; slot < call.slots.length; slot++) {
      const value = call.slots[slot] ?? -1;
      if (value !== this.slots[slot]) this.set(slot, value);
    }
  }

  private enter(group: number, back: number, at: number, outer: Call | null): Call | null {
    let same = outer;
    while (same !== null && same.group !== group) same = same.outer;
    if (same?.at === at) this.exhausted = true;
    const depth = (outer?.depth ?? 0) + 1;
    if (depth > CALL_LIMIT) this.exhausted = true;
    return this.exhausted
      ? null
      : { group, back, at, slots: this.slots.slice(), outer, depth, points: this.calls.length };
  }

  /** Length of the run of a set's bytes from a position, at most `max`. */
  private runLength(set: ByteSet, at: number, max: number): number {
    const limit = Math.min(this.text.length - at, max);
    let length = 0;
    while (length < limit && hasByte(set, this.text.charCodeAt(at + length))) length++;
    return length;
  }

  /** Runs from an address; true when a `done` or the final `match` was reached, at {@link end}. */
  run(start: number, from: number, outermost: Call | null): boolean {
    const { code, entries } = this.program;
    const { text, points } = this;
    const base = points.length;
    const mark = this.undo.length;
    let pc = start;
    let at = from;
    let call = outermost;
    for (;;) {
      const instruction = code[pc];
      if (instruction === undefined) throw new Error("bug: address outside of the program");
      let failed = false;
      switch (instruction.op) {
        case "set":
          if (at < text.length && hasByte(instruction.set, text.charCodeAt(at))) {
            at++;
            pc++;
          } else failed = true;
          break;
        case "run": {
          const { min, greedy } = instruction;
          const length = this.runLength(instruction.set, at, greedy ? instruction.max : min);
          if (length < min) failed = true;
          else if (greedy) {
            if (length > min) this.point(pc + 1, at + length - 1, call, at + min, -1);
            at += length;
            pc++;
          } else {
            const longest = min + this.runLength(instruction.set, at + min, instruction.max - min);
            if (longest > min) this.point(pc + 1, at + min + 1, call, at + longest, 1);
            at += min;
            pc++;
          }
          break;
        }
        case "assert":
          if (holds(instruction.assertion, text, at)) pc++;
          else failed = true;
          break;
        case "split":
          this.point(instruction.second, at, call, -1, 0);
          pc = instruction.first;
          break;
        case "jump":
          pc = instruction.to;
          break;
        case "save":
          this.set(instruction.slot, at);
          pc++;
          break;
        case "close":
          this.set(2 * instruction.group, this.slots[instruction.opened] ?? -1);
          this.set(2 * instruction.group + 1, at);
          if (call !== null && call.group === instruction.group) {
            this.leave(call);
            pc = call.back;
            call = call.outer;
          } else pc++;
          break;
        case "round":
          pc = this.slots[instruction.slot] === at ? instruction.exit : pc + 1;
          break;
        case "atomic":
          if (this.run(instruction.body, at, call)) {
            at = this.end;
            pc = instruction.next;
          } else failed = true;
          break;
        case "look": {
          const before = this.undo.length;
          let found = false;
          for (const body of instruction.bodies) {
            found = at >= body.back && this.run(body.at, at - body.back, call);
            if (found || this.exhausted) break;
          }
          if (instruction.negative) this.restore(before);
          const next = found !== instruction.negative ? instruction.next : instruction.otherwise;
          if (next < 0) failed = true;
          else pc = next;
          break;
        }
        case "reference": {
          const behind = this.reference(instruction.groups, instruction.caseless, at);
          if (behind < 0) failed = true;
          else {
            at = behind;
            pc++;
          }
          break;
        }
        case "call": {
          const group = instruction.groups[0] ?? 0;
          call = this.enter(group, pc + 1, at, call);
          pc = entries.get(group) ?? 0;
          break;
        }
        case "ifGroup":
          pc = this.isSet(instruction.groups) ? pc + 1 : instruction.otherwise;
          break;
        case "ifCalling": {
          const { groups } = instruction;
          const under = call !== null && (groups === null || groups.includes(call.group));
          pc = under ? pc + 1 : instruction.otherwise;
          break;
        }
        case "fail":
          failed = true;
          break;
        case "match":
          if (call !== null && call.group === 0) {
            this.leave(call);
            // A call of the whole pattern, unlike that of a group, is not entered again.
            this.calls.length = call.points;
            points.length = call.points * 5;
            pc = call.back;
            call = call.outer;
            break;
          }
          this.end = at;
          return true;
        case "done":
          this.end = at;
          points.length = base;
          this.calls.length = base / 5;
          return true;
      }
      if (this.exhausted) return false;
      if (!failed) continue;
      if (++this.steps > MATCH_LIMIT) {
        this.exhausted = true;
        return false;
      }
      if (points.length === base) {
        this.restore(mark);
        return false;
      }
      const top = points.length - 5;
      pc = points[top] ?? 0;
      at = points[top + 1] ?? 0;
      this.restore(points[top + 2] ?? 0);
      call = this.calls[top / 5] ?? null;
      const until = points[top + 3] ?? -1;
      if (until >= 0 && at !== until) points[top + 1] = at + (points[top + 4] ?? 0);
      else {
        points.length = top;
        this.calls.length = top / 5;
      }
    }
  }
}

export interface Backtracker {
  exec(text: string): PatternMatch | null;
}

/** Makes the counting matcher of a tree: all of PCRE2's constructs that zopf knows, with its match limit. */
export function createBacktracker(tree: PatternTree): Backtracker {
  const program = compileProgram(tree);
  const anchored = isAnchored(tree.root);
  const first = startBytes(tree.root);

  const exec = (text: string): PatternMatch | null => {
    const search = new Search(program, text);
    const last = anchored ? 0 : text.length;
    for (let start = 0; start <= last; start++) {
      if (first !== null && !(start < text.length && hasByte(first, text.charCodeAt(start)))) continue;
      search.slots.fill(-1);
      if (search.run(0, start, null)) {
        const captures: string[] = [];
        for (let group = 1; group <= program.groups; group++) {
          const from = search.slots[2 * group] ?? -1;
          if (from >= 0) captures.push(text.slice(from, search.slots[2 * group + 1]));
        }
        return { end: search.end, captures };
      }
      if (search.exhausted) return null;
    }
    return null;
  };
  return { exec };
}
