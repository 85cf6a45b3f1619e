import { holds } from "./assertions.js";
import { type ByteSet, hasByte } from "./byte-set.js";
import { lowerByte } from "./bytes.js";
import { Failures, type FailureTable } from "./failures.js";
import type { Instruction, LookInstruction, Program, RunInstruction } from "./instruction.js";
import type { Limits } from "./limits.js";
import type { Call, Point, RunPoint, VerbPoint } from "./search-points.js";
import { Slots } from "./slots.js";
import { otherCases } from "./unicode/case-folding.js";

/** Instructions that a search may take: beyond it, it ends without a match, which keeps it below about a second. */
const WORK_LIMIT = 12_000_000;
/** Calls of groups inside each other: beyond it the search ends without a match. */
const CALL_LIMIT = 1000;

/**
 * One search over one text, as PCRE2 does it: ways are tried in its order, and counted and measured as its JIT does.
 * The points to go back to are a stack of its own; only atomic groups and lookarounds nest calls of {@link run}.
 */
export class Search {
  private readonly program: Program;
  private readonly text: string;
  /** What the units of the text stand for; null: they are bytes. */
  private readonly characters: readonly number[] | null;
  readonly slots: Slots;
  private readonly failures: Failures;
  private readonly limits: Limits;
  private readonly points: Point[] = [];
  private pc = 0;
  private at = 0;
  private call: Call | null = null;
  /** What the match limit counts, since the beginning of the attempt. */
  private steps = 0;
  /** Most steps of an attempt. */
  mostSteps = 0;
  /** Most words of the stack that were taken. */
  mostWords = 0;
  /** Words of the JIT's stack that are taken. */
  private depth = 0;
  /** Most words that were taken since the last point of a kind that remembers them was made. */
  private peak = 0;
  /** Instructions so far. */
  private work = 0;
  /** The verb that ended the attempt; null: none. */
  stop: VerbPoint | null = null;
  /** A limit was passed, or a call would never end: no match. */
  exhausted = false;
  /** Position behind the last successful run. */
  end = -1;

  constructor(program: Program, text: string, limits: Limits, characters: readonly number[] | null) {
    this.characters = characters;
    this.limits = limits;
    this.program = program;
    this.text = text;
    this.slots = new Slots(program.slots);
    this.failures = new Failures(program.memos, text.length);
  }

  /** Tries to match from a position on. */
  attempt(from: number): boolean {
    this.slots.clear();
    this.steps = 0;
    this.depth = 0;
    this.peak = 0;
    this.call = null;
    this.stop = null;
    const found = this.run(0, from);
    this.drop(0);
    this.mostSteps = Math.max(this.mostSteps, this.steps);
    this.mostWords = Math.max(this.mostWords, this.peak);
    return found;
  }

  private take(words: number, steps: number): void {
    this.depth += words;
    if (this.depth > this.peak) {
      this.peak = this.depth;
      if (this.depth > this.limits.words) this.exhausted = true;
    }
    this.steps += steps;
    if (this.steps > this.limits.steps) this.exhausted = true;
  }

  /** Is it known to fail here? Then it costs what it cost before. */
  private isKnown(table: FailureTable, at: number): boolean {
    const steps = table.steps[at] ?? -1;
    if (steps < 0 || table.searches[at] !== this.failures.search) return false;
    this.steps += steps;
    const most = this.depth + (table.words[at] ?? 0);
    if (most > this.peak) this.peak = most;
    if (this.steps > this.limits.steps || most > this.limits.words) this.exhausted = true;
    return true;
  }

  /** Remembers what fails from here on; false: it is known to. */
  private enter(memo: number): boolean {
    if (memo < 0 || this.call !== null) return true;
    const { at } = this;
    const table = this.failures.table(memo, this.slots.values, at);
    if (table === null) return true;
    if (this.isKnown(table, at)) return false;
    const { depth, steps, peak } = this;
    this.points.push({ kind: "failure", table, at, depth, steps, peak });
    this.peak = depth;
    return true;
  }

  private alternative(pc: number): void {
    const {
      at,
      slots: { length: undo },
      depth,
      call,
    } = this;
    this.points.push({ kind: "alternative", pc, at, undo, depth, call });
  }

  /** Position behind the text of the first group that is set, -1 when there is none or it differs. */
  private reference(groups: readonly number[], caseless: boolean): number {
    const { text, at } = this;
    for (const group of groups) {
      const from = this.slots.values[2 * group] ?? -1;
      if (from < 0) continue;
      const length = (this.slots.values[2 * group + 1] ?? 0) - from;
      if (at + length > text.length) return -1;
      this.work += length >> 3;
      for (let i = 0; i < length; i++) if (!this.isSame(from + i, at + i, caseless)) return -1;
      return at + length;
    }
    return -1;
  }

  /** Is the character at two positions the same? */
  private isSame(one: number, other: number, caseless: boolean): boolean {
    const { text, characters } = this;
    const a = characters === null ? text.charCodeAt(one) : (characters[one] ?? -1);
    const b = characters === null ? text.charCodeAt(other) : (characters[other] ?? -1);
    if (a === b) return true;
    if (!caseless) return false;
    return characters === null ? lowerByte(a) === lowerByte(b) : otherCases(a).includes(b);
  }

  private isSet(groups: readonly number[]): boolean {
    return groups.some((group) => (this.slots.values[2 * group] ?? -1) >= 0);
  }

  /** Forgets what a call captured: the slots are again as at its beginning. */
  private leave(call: Call): void {
    for (let slot = 0; slot < call.slots.length; slot++) {
      const value = call.slots[slot] ?? -1;
      if (value !== this.slots.values[slot]) this.slots.set(slot, value);
    }
    this.call = call.outer;
    this.pc = call.back;
  }

  private callGroup(group: number): void {
    const { at, slots, call: outer } = this;
    let same = outer;
    while (same !== null && same.group !== group) same = same.outer;
    const nesting = (outer?.nesting ?? 0) + 1;
    if (same?.at === at || nesting > CALL_LIMIT) this.exhausted = true;
    else this.work += slots.values.length >> 2;
    const back = this.pc + 1;
    this.call = { group, back, at, slots: slots.values.slice(), outer, nesting, points: this.points.length };
    this.pc = this.program.entries.get(group) ?? 0;
  }

  /** First position from one on that is not in the set, at most `limit`. */
  private runEnd(set: ByteSet, from: number, limit: number): number {
    const { text } = this;
    let at = from;
    while (at < limit && hasByte(set, text.charCodeAt(at))) at++;
    this.work += (at - from) >> 2;
    return at;
  }

  /** Begins a run; false: it cannot take as many as it must, or nothing behind it matches. */
  private startRun(run: RunInstruction): boolean {
    const { at, text } = this;
    const { set, min, max, mode } = run;
    const shortest = at + min;
    if (shortest > text.length || this.runEnd(set, at, shortest) < shortest) return false;
    const most = Math.min(text.length, at + max);
    if (mode === "possessive") {
      this.at = this.runEnd(set, shortest, most);
      this.pc++;
      this.take(0, 1);
      return true;
    }
    const remembers = run.memo >= 0 && this.call === null;
    const table = remembers ? this.failures.table(run.memo, this.slots.values, shortest) : null;
    if (table !== null && this.isKnown(table, shortest)) return false;
    const {
      pc,
      slots: { length: undo },
      depth,
      call,
      steps,
      peak,
    } = this;
    this.peak = depth;
    const longest = mode === "lazy" ? most : this.greedyEnd(run, table, shortest, most);
    const highest = this.peak;
    this.peak = depth;
    this.points.push({
      kind: "run",
      pc: pc + 1,
      run,
      table,
      at: mode === "lazy" ? shortest : longest,
      shortest,
      longest,
      undo,
      depth,
      call,
      steps,
      peak,
      highest,
    });
    return mode === "lazy" ? this.tryRun(shortest) : this.tryShorter();
  }

  /** Where a greedy run ends that goes on as long as it is not known to fail. */
  private greedyEnd(run: RunInstruction, table: FailureTable | null, shortest: number, most: number): number {
    if (table === null) return this.runEnd(run.set, shortest, most);
    const { text } = this;
    let at = shortest;
    while (at < most && hasByte(run.set, text.charCodeAt(at))) {
      at++;
      if (!this.isKnown(table, at)) continue;
      at--;
      break;
    }
    this.work += (at - shortest) >> 2;
    return at;
  }

  private tryRun(at: number): boolean {
    const point = this.points[this.points.length - 1];
    if (point?.kind !== "run") throw new Error("bug: a run without its point");
    this.pc = point.pc;
    this.at = at;
    this.depth = point.depth;
    this.call = point.call;
    this.take(point.run.words, 1);
    return true;
  }

  /** Tries where the greedy run on top may end; false: nowhere more. */
  private tryShorter(): boolean {
    const point = this.points[this.points.length - 1];
    if (point?.kind !== "run") throw new Error("bug: a run without its point");
    const { run, table, shortest } = point;
    const { ahead } = run;
    for (; point.at >= shortest; point.at--) {
      const { at } = point;
      if (ahead === null || (at < this.text.length && hasByte(ahead, this.text.charCodeAt(at))))
        return this.tryRun(at);
      if (table !== null) this.remember(table, at, this.steps - point.steps, point.highest - point.depth);
    }
    this.endRun(point);
    return false;
  }

  private remember(table: FailureTable, at: number, steps: number, words: number): void {
    table.searches[at] = this.failures.search;
    table.steps[at] = steps;
    table.words[at] = words;
  }

  private endRun(point: RunPoint): void {
    this.points.pop();
    this.peak = Math.max(point.peak, point.highest);
  }

  /** What follows the run on top has failed: tries the next end; false: there is none. */
  private retryRun(point: RunPoint): boolean {
    this.slots.restore(point.undo);
    const own = this.peak;
    if (own > point.highest) point.highest = own;
    this.peak = point.depth;
    const { run, table, at } = point;
    this.depth = point.depth;
    this.call = point.call;
    if (run.mode === "greedy") {
      if (table !== null) this.remember(table, at, this.steps - point.steps, point.highest - point.depth);
      point.at--;
      return this.tryShorter();
    }
    if (table !== null) table.words[at] = own - point.depth;
    return this.tryLonger(point);
  }

  /** Tries where the lazy run on top may end next; false: nowhere more. */
  private tryLonger(point: RunPoint): boolean {
    const { run, table, longest } = point;
    const { at } = point;
    const more = at < longest && hasByte(run.set, this.text.charCodeAt(at));
    const known = more && table !== null && this.isKnown(table, at + 1);
    if (more && !known) {
      point.at = at + 1;
      if (table !== null) this.remember(table, at + 1, -1 - (this.steps - point.steps), 0);
      return this.tryRun(at + 1);
    }
    if (known && this.peak > point.highest) point.highest = this.peak;
    if (table !== null) this.rememberLazy(point, table, known ? (table.words[at + 1] ?? 0) : 0);
    this.endRun(point);
    return false;
  }

  /** All ends of a lazy run have failed: from each on, all longer ones. */
  private rememberLazy(point: RunPoint, table: FailureTable, behind: number): void {
    const total = this.steps - point.steps;
    let words = behind;
    for (let at = point.at; at >= point.shortest; at--) {
      const begun = at === point.shortest ? -1 : (table.steps[at] ?? 0);
      // It was found out meanwhile.
      if (begun >= 0) continue;
      words = Math.max(words, table.words[at] ?? 0);
      this.remember(table, at, total + begun + 1, words);
    }
  }

  /** Goes back to the last point above `base`; false: there is none. */
  private goBack(base: number): boolean {
    const { points } = this;
    while (points.length > base) {
      const point = points[points.length - 1];
      if (point === undefined) break;
      switch (point.kind) {
        case "alternative":
          points.pop();
          this.slots.restore(point.undo);
          this.pc = point.pc;
          this.at = point.at;
          this.depth = point.depth;
          this.call = point.call;
          return true;
        case "failure":
          points.pop();
          this.remember(point.table, point.at, this.steps - point.steps, this.peak - point.depth);
          if (point.peak > this.peak) this.peak = point.peak;
          break;
        case "verb":
          this.stop = point;
          this.drop(base);
          return false;
        case "run":
          if (this.retryRun(point)) return true;
          if (this.exhausted) return false;
          break;
      }
    }
    return false;
  }

  /** Drops the points above `base`: what they would try is not tried any more. */
  private drop(base: number): void {
    const { points } = this;
    while (points.length > base) {
      const point = points.pop();
      if (point === undefined || point.kind === "alternative" || point.kind === "verb") continue;
      this.peak = Math.max(this.peak, point.peak, point.kind === "run" ? point.highest : 0);
    }
  }

  /** Runs from an address; true when a `done` or the final `match` was reached, at {@link end}. */
  private run(start: number, from: number): boolean {
    const { code } = this.program;
    const base = this.points.length;
    const mark = this.slots.length;
    this.pc = start;
    this.at = from;
    for (;;) {
      const instruction = code[this.pc];
      if (instruction === undefined) throw new Error("bug: address outside of the program");
      if (instruction.op === "done" || (instruction.op === "match" && this.call?.group !== 0)) {
        this.end = this.at;
        if (instruction.op === "done") this.drop(base);
        return true;
      }
      const going = this.step(instruction);
      if (++this.work > WORK_LIMIT) this.exhausted = true;
      if (this.exhausted) return false;
      if (going || (this.stop === null && this.goBack(base))) continue;
      if (this.stop !== null) this.drop(base);
      this.slots.restore(mark);
      return false;
    }
  }

  /** Executes one instruction; false: it fails. */
  private step(instruction: Instruction): boolean {
    switch (instruction.op) {
      case "set": {
        const { at, text } = this;
        if (at >= text.length || !hasByte(instruction.set, text.charCodeAt(at))) return false;
        this.at++;
        this.pc++;
        return true;
      }
      case "use":
        this.take(instruction.words, instruction.steps);
        this.pc++;
        return true;
      case "split":
        if (!this.enter(instruction.memo)) return false;
        this.alternative(instruction.second);
        this.pc = instruction.first;
        return true;
      case "join":
        this.pc++;
        return this.enter(instruction.memo);
      case "run":
        return this.startRun(instruction);
      case "assert":
        this.pc++;
        return holds(instruction.assertion, this.text, this.at);
      case "jump":
        this.pc = instruction.to;
        return true;
      case "save":
        this.slots.set(instruction.slot, this.at);
        this.pc++;
        return true;
      case "close":
        this.close(instruction.group, instruction.opened);
        return true;
      case "round":
        this.pc = this.slots.values[instruction.slot] === this.at ? instruction.exit : this.pc + 1;
        return true;
      case "atomic": {
        const { next, kept } = instruction;
        const { depth } = this;
        if (!this.run(instruction.body, this.at)) return false;
        this.at = this.end;
        this.pc = next;
        this.depth = depth + kept;
        return true;
      }
      case "look":
        return this.look(instruction);
      case "reference": {
        const behind = this.reference(instruction.groups, instruction.caseless);
        this.at = behind;
        this.pc++;
        return behind >= 0;
      }
      case "call":
        this.take(instruction.words, 0);
        this.callGroup(instruction.groups[0] ?? 0);
        return true;
      case "ifGroup":
        this.pc = this.isSet(instruction.groups) ? this.pc + 1 : instruction.otherwise;
        return true;
      case "ifCalling": {
        const { groups } = instruction;
        const under = this.call !== null && (groups === null || groups.includes(this.call.group));
        this.pc = under ? this.pc + 1 : instruction.otherwise;
        return true;
      }
      case "match":
        this.returnFromWhole();
        return true;
      case "done":
        throw new Error("bug: the end of a body outside of it");
      case "fail":
        return false;
      case "verb":
        this.points.push({ kind: "verb", verb: instruction.verb, at: this.at });
        this.pc++;
        return true;
    }
  }

  private close(group: number, opened: number): void {
    this.slots.set(2 * group, this.slots.values[opened] ?? -1);
    this.slots.set(2 * group + 1, this.at);
    if (this.call !== null && this.call.group === group) this.leave(this.call);
    else this.pc++;
  }

  /** A call of the whole pattern, unlike that of a group, is not entered again. */
  private returnFromWhole(): void {
    if (this.call === null) throw new Error("bug: a return without a call");
    const { points } = this.call;
    this.leave(this.call);
    this.drop(points);
  }

  private look(instruction: LookInstruction): boolean {
    const { at, call, depth } = this;
    const before = this.slots.length;
    let found = false;
    for (const body of instruction.bodies) {
      this.call = call;
      this.depth = depth;
      found = at >= body.back && this.run(body.at, at - body.back);
      if (found || this.exhausted || this.stop !== null) break;
    }
    // A verb ends what is negative or a condition, and more than what is positive.
    if (instruction.negative || instruction.otherwise >= 0) this.stop = null;
    if (instruction.negative) this.slots.restore(before);
    const holds = found !== instruction.negative;
    this.at = at;
    this.call = call;
    this.depth = depth + (holds ? instruction.kept : 0);
    this.pc = holds ? instruction.next : instruction.otherwise;
    return this.pc >= 0;
  }
}
