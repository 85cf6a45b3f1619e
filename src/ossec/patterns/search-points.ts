/** What the counting matcher goes back to. */
import type { FailureTable } from "./failures.js";
import type { RunInstruction } from "./instruction.js";

/** A call of a group under way. */
export interface Call {
  readonly group: number;
  /** Address to return to. */
  readonly back: number;
  /** Position of the call: the same group called there again would never end. */
  readonly at: number;
  /** Slots at the time of the call; captures made inside are forgotten. */
  readonly slots: Int32Array;
  readonly outer: Call | null;
  readonly nesting: number;
  /** Number of points to go back to at the time of the call. */
  readonly points: number;
}

/** Where to go on after a failure. */
export type Point = AlternativePoint | FailurePoint | RunPoint | VerbPoint;

/** Going back to here ends the attempt. */
export interface VerbPoint {
  readonly kind: "verb";
  readonly verb: "commit" | "prune" | "skip";
  readonly at: number;
}

export interface AlternativePoint {
  readonly kind: "alternative";
  readonly pc: number;
  readonly at: number;
  /** Length of the undo log. */
  readonly undo: number;
  readonly depth: number;
  readonly call: Call | null;
}

/** Nothing to try: everything from a place on has failed, which is remembered. */
export interface FailurePoint {
  readonly kind: "failure";
  readonly table: FailureTable;
  readonly at: number;
  readonly depth: number;
  readonly steps: number;
  /** See `Search.peak`. */
  readonly peak: number;
}

/** A run that may take fewer or more. */
export interface RunPoint {
  readonly kind: "run";
  readonly pc: number;
  readonly run: RunInstruction;
  readonly table: FailureTable | null;
  /** Where it ends at present. */
  at: number;
  /** Where it ends at least. */
  readonly shortest: number;
  /** Where it ends at most. */
  readonly longest: number;
  readonly undo: number;
  readonly depth: number;
  readonly call: Call | null;
  readonly steps: number;
  readonly peak: number;
  /** Highest peak of the ends tried so far. */
  highest: number;
}
