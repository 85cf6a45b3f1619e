import type { Assertion } from "./ast.js";
import type { ByteSet } from "./byte-set.js";

/**
 * Instructions of the counting matcher. Addresses are indexes into the program; slots hold the borders of groups and
 * the positions where rounds of loops began.
 *
 * What PCRE2's JIT counts and pushes on its stack stands in the program as `use` instructions and in the `words` of
 * runs, so that the matcher gives up where the engine does (see program-writer.ts).
 */
export type Instruction =
  | { readonly op: "set"; readonly set: ByteSet }
  | RunInstruction
  | { readonly op: "assert"; readonly assertion: Assertion }
  /** Goes on at `first`; on failure at `second`. */
  | { readonly op: "split"; first: number; second: number; readonly memo: number }
  /** Several ways lead here: a place where failures are remembered. */
  | { readonly op: "join"; readonly memo: number }
  | { readonly op: "jump"; to: number }
  /** Takes `words` of the JIT's stack, and counts against the match limit. */
  | { readonly op: "use"; readonly words: number; readonly steps: number }
  /** Stores the position in a slot. */
  | { readonly op: "save"; readonly slot: number }
  /** Closes a group that began at the slot's position; returns from a call of it. */
  | { readonly op: "close"; readonly group: number; readonly opened: number }
  /** Leaves the loop when the round that began at the slot's position consumed nothing. */
  | { readonly op: "round"; readonly slot: number; exit: number }
  /** Runs the body up to its `done` as one step; `kept` words of the stack remain taken. */
  | { readonly op: "atomic"; readonly body: number; next: number; readonly kept: number }
  | LookInstruction
  | { readonly op: "done" }
  | { readonly op: "reference"; readonly groups: readonly number[]; readonly caseless: boolean }
  | { readonly op: "call"; readonly groups: readonly number[]; readonly words: number }
  | { readonly op: "ifGroup"; readonly groups: readonly number[]; otherwise: number }
  | { readonly op: "ifCalling"; readonly groups: readonly number[] | null; otherwise: number }
  | { readonly op: "fail" }
  /** Going back over it ends the attempt. */
  | { readonly op: "verb"; readonly verb: "commit" | "prune" | "skip" }
  | { readonly op: "match" };

/** Consumes `min` to `max` bytes of the set, trying long or short first. */
export interface RunInstruction {
  readonly op: "run";
  readonly set: ByteSet;
  readonly min: number;
  readonly max: number;
  readonly mode: "greedy" | "lazy" | "possessive";
  /** Only where one of these follows the run is tried to go on; null: everywhere. */
  readonly ahead: ByteSet | null;
  /** Words of the JIT's stack that it takes. */
  readonly words: number;
  readonly memo: number;
}

export interface LookInstruction {
  readonly op: "look";
  readonly bodies: readonly LookBody[];
  readonly negative: boolean;
  /** Where to go on when the assertion holds, and when it does not (-1: fail). */
  next: number;
  otherwise: number;
  /** Words of the JIT's stack that remain taken when it holds. */
  readonly kept: number;
}

/** A body of a lookaround: where it begins, and how far behind the position it starts. */
export interface LookBody {
  readonly at: number;
  readonly back: number;
}

export interface Program {
  readonly code: readonly Instruction[];
  readonly slots: number;
  readonly groups: number;
  /** Address of each group by number. */
  readonly entries: ReadonlyMap<number, number>;
  /** Places where failures may be remembered, by the `memo` of instructions. */
  readonly memos: readonly MemoPlace[];
}

/** A place of the program at which a failure is the same for every way that led to it. */
export interface MemoPlace {
  /** False: what follows looks at captures, which differ from way to way. */
  readonly usable: boolean;
  /**
   * Slots of the loops around it that end when a round consumes nothing: whether the round under way has consumed
   * something is all that what follows depends on.
   */
  readonly rounds: readonly number[];
}
