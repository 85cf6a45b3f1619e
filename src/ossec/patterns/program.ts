import type { Assertion, LookNode, PatternNode, PatternTree, RepeatNode } from "./ast.js";
import { childrenOf, isNullable } from "./ast.js";
import { type ByteSet, singleByte } from "./byte-set.js";

/**
 * Instructions of the backtracking matcher. Addresses are indexes into the program; slots hold the
 * borders of groups and the positions where rounds of loops began.
 */
export type Instruction =
  | { readonly op: "set"; readonly set: ByteSet }
  /** Consumes `min` to `max` bytes of the set in one step, trying long or short first. */
  | {
      readonly op: "run";
      readonly set: ByteSet;
      readonly min: number;
      readonly max: number;
      readonly greedy: boolean;
    }
  | { readonly op: "assert"; readonly assertion: Assertion }
  /** Goes on at `first`; on failure at `second`. */
  | { readonly op: "split"; first: number; second: number }
  | { readonly op: "jump"; to: number }
  /** Stores the position in a slot. */
  | { readonly op: "save"; readonly slot: number }
  /** Closes a group that began at the slot's position; returns from a call of it. */
  | { readonly op: "close"; readonly group: number; readonly opened: number }
  /** Leaves the loop when the round that began at the slot's position consumed nothing. */
  | { readonly op: "round"; readonly slot: number; exit: number }
  /** Runs the body up to its `done` as one step. */
  | { readonly op: "atomic"; readonly body: number; next: number }
  | {
      readonly op: "look";
      readonly bodies: readonly LookBody[];
      readonly negative: boolean;
      /** Where to go on when the assertion holds, and when it does not (-1: fail). */
      next: number;
      otherwise: number;
    }
  | { readonly op: "done" }
  | { readonly op: "reference"; readonly groups: readonly number[]; readonly caseless: boolean }
  | { readonly op: "call"; readonly groups: readonly number[] }
  | { readonly op: "ifGroup"; readonly groups: readonly number[]; otherwise: number }
  | { readonly op: "ifCalling"; readonly groups: readonly number[] | null; otherwise: number }
  | { readonly op: "fail" }
  | { readonly op: "match" };

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
}

/** Fixed length of an alternative of a lookbehind, which the parser has made sure of. */
function lengthOf(node: PatternNode, bodies: ReadonlyMap<number, PatternNode>): number {
  switch (node.kind) {
    case "byte":
    case "set":
      return 1;
    case "sequence":
      return node.items.reduce((sum, item) => sum + lengthOf(item, bodies), 0);
    case "alternatives": {
      const [first] = node.options;
      return first === undefined ? 0 : lengthOf(first, bodies);
    }
    case "group":
    case "atomic":
      return lengthOf(node.body, bodies);
    case "repeat":
      return lengthOf(node.body, bodies) * node.min;
    case "conditional":
      return node.condition.kind === "define" ? 0 : lengthOf(node.yes, bodies);
    case "call":
    case "backreference": {
      const body = bodies.get(node.groups[0] ?? 0);
      return body === undefined ? 0 : lengthOf(body, bodies);
    }
    default:
      return 0;
  }
}

function collectBodies(node: PatternNode, bodies: Map<number, PatternNode>): void {
  if (node.kind === "group" && !bodies.has(node.index)) bodies.set(node.index, node.body);
  for (const child of childrenOf(node)) collectBodies(child, bodies);
}

/** Writes a tree as a program. */
export function compileProgram(tree: PatternTree): Program {
  const code: Instruction[] = [];
  const entries = new Map<number, number>([[0, 0]]);
  const bodies = new Map<number, PatternNode>();
  collectBodies(tree.root, bodies);
  let slots = 2 * (tree.groups + 1);

  const emitSplit = (greedy: boolean): { patch: (exit: number) => void } => {
    const split: Instruction = { op: "split", first: 0, second: 0 };
    code.push(split);
    if (greedy) split.first = code.length;
    else split.second = code.length;
    return {
      patch: (exit) => {
        if (greedy) split.second = exit;
        else split.first = exit;
      },
    };
  };

  /** Optional rounds: `left` more at most. */
  const emitRounds = (node: RepeatNode, greedy: boolean): void => {
    const nullable = isNullable(node.body);
    if (node.max === Infinity) {
      const start = code.length;
      const split = emitSplit(greedy);
      const slot = slots++;
      if (nullable) code.push({ op: "save", slot });
      emit(node.body);
      const round: Instruction = { op: "round", slot, exit: 0 };
      if (nullable) code.push(round);
      code.push({ op: "jump", to: start });
      round.exit = code.length;
      split.patch(code.length);
      return;
    }
    const splits: { patch: (exit: number) => void }[] = [];
    for (let left = node.max - node.min; left > 0; left--) {
      splits.push(emitSplit(greedy));
      emit(node.body);
    }
    for (const split of splits) split.patch(code.length);
  };

  const emitRepeat = (node: RepeatNode): void => {
    if (node.mode === "possessive") {
      emit({ kind: "atomic", body: { ...node, mode: "greedy" } });
      return;
    }
    const greedy = node.mode === "greedy";
    const set = setOfNode(node.body);
    if (set !== null) {
      code.push({ op: "run", set, min: node.min, max: node.max, greedy });
      return;
    }
    if (node.max === 0) {
      // Never run in place, but a call may enter it.
      const jump: Instruction = { op: "jump", to: 0 };
      code.push(jump);
      emit(node.body);
      jump.to = code.length;
      return;
    }
    for (let i = 0; i < node.min; i++) emit(node.body);
    emitRounds(node, greedy);
  };

  const emitLook = (node: LookNode): Instruction & { readonly op: "look" } => {
    const lookBodies: LookBody[] = [];
    const look: Instruction & { readonly op: "look" } = {
      op: "look",
      bodies: lookBodies,
      negative: node.negative,
      next: 0,
      otherwise: -1,
    };
    code.push(look);
    const options = node.behind && node.body.kind === "alternatives" ? node.body.options : [node.body];
    for (const option of options) {
      lookBodies.push({ at: code.length, back: node.behind ? lengthOf(option, bodies) : 0 });
      emit(option);
      code.push({ op: "done" });
    }
    look.next = code.length;
    return look;
  };

  const emit = (node: PatternNode): void => {
    switch (node.kind) {
      case "empty":
        return;
      case "byte":
        code.push({ op: "set", set: singleByte(node.code, node.caseless) });
        return;
      case "set":
        code.push({ op: "set", set: node.set });
        return;
      case "sequence":
        for (const item of node.items) emit(item);
        return;
      case "alternatives": {
        const jumps: (Instruction & { readonly op: "jump" })[] = [];
        node.options.forEach((option, index) => {
          const split = index < node.options.length - 1 ? emitSplit(true) : null;
          emit(option);
          if (split === null) return;
          const jump: Instruction & { readonly op: "jump" } = { op: "jump", to: 0 };
          code.push(jump);
          jumps.push(jump);
          split.patch(code.length);
        });
        for (const jump of jumps) jump.to = code.length;
        return;
      }
      case "group":
        if (!entries.has(node.index)) entries.set(node.index, code.length);
        {
          const opened = slots++;
          code.push({ op: "save", slot: opened });
          emit(node.body);
          code.push({ op: "close", group: node.index, opened });
        }
        return;
      case "repeat":
        emitRepeat(node);
        return;
      case "assertion":
        code.push({ op: "assert", assertion: node.assertion });
        return;
      case "look":
        emitLook(node);
        return;
      case "atomic": {
        const atomic: Instruction = { op: "atomic", body: code.length + 1, next: 0 };
        code.push(atomic);
        emit(node.body);
        code.push({ op: "done" });
        atomic.next = code.length;
        return;
      }
      case "backreference":
        code.push({ op: "reference", groups: node.groups, caseless: node.caseless });
        return;
      case "call":
        code.push({ op: "call", groups: node.groups });
        return;
      case "conditional": {
        const { condition } = node;
        const test: Instruction & { otherwise?: number } =
          condition.kind === "look"
            ? emitLook(condition)
            : condition.kind === "groups"
              ? { op: "ifGroup", groups: condition.groups, otherwise: 0 }
              : condition.kind === "calling"
                ? { op: "ifCalling", groups: condition.groups, otherwise: 0 }
                : { op: "ifGroup", groups: [], otherwise: 0 };
        if (condition.kind !== "look") code.push(test);
        emit(node.yes);
        const jump: Instruction = { op: "jump", to: 0 };
        code.push(jump);
        test.otherwise = code.length;
        if (node.no !== null) emit(node.no);
        jump.to = code.length;
        return;
      }
      case "fail":
        code.push({ op: "fail" });
        return;
    }
  };

  emit(tree.root);
  code.push({ op: "match" });
  return { code, slots, groups: tree.groups, entries };
}

function setOfNode(node: PatternNode): ByteSet | null {
  if (node.kind === "set") return node.set;
  return node.kind === "byte" ? singleByte(node.code, node.caseless) : null;
}
