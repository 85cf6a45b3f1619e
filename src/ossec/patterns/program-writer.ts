import {
  childrenOf,
  isNullable,
  type LookNode,
  type PatternNode,
  type PatternTree,
  type RepeatNode,
} from "./ast.js";
import { type ByteSet, singleByte } from "./byte-set.js";
import { fixedLength } from "./fixed-length.js";
import { becomesPossessive, type Follow, isClass, setOfNode } from "./follow.js";
import type { Instruction, LookBody, LookInstruction, Program } from "./instruction.js";
import { type MutableMemo, markUsable } from "./memo-places.js";

/**
 * Writes a tree as a program, with what PCRE2 10.42's JIT counts and pushes where it does it (found by reading how
 * its templates are laid out and by measuring, test/data/ossec-patterns/pcre2-limits.json):
 *
 * - against the match limit count: every place where a run of single characters or a repeated group lets go on;
 * - a group takes 2 words of the stack (3 when something refers to it), one more for the number of the alternative;
 *   alternatives without a group 2 words; a round of a loop one word, a loop one or two before its first round;
 * - a run inside of a loop takes 1 or 2 words, elsewhere none; a possessive one none anywhere;
 * - atomic groups and lookarounds give back what they took, but for the captures made inside.
 */
export function writeProgram(tree: PatternTree): Program {
  return new ProgramWriter(tree).program();
}

/** Words of a frame that keeps the captures made in an atomic group or a lookaround. */
const frameWords = (captures: number): number => (captures === 0 ? 0 : 3 * captures + 2);

/**
 * A called group takes other words than one in its place: in a loop one for a group without a choice (measured),
 * where this writer counts the group's two and one for a round that may be empty; more for others, which differ from
 * pattern to pattern and are not modelled.
 */
const CALL_WORDS = -2;

class ProgramWriter {
  private readonly tree: PatternTree;
  private readonly code: Instruction[] = [];
  private readonly entries = new Map<number, number>([[0, 0]]);
  private readonly bodies = new Map<number, PatternNode>();
  /** Groups that something refers to: the JIT keeps their borders apart. */
  private readonly referred = new Set<number>();
  private readonly memos: MutableMemo[] = [];
  /** See {@link MemoPlace.rounds}. */
  private rounds: readonly number[] = [];
  /** Inside of a group that may be repeated. */
  private inLoop = false;
  /** Groups around this place, up to what is matched by itself. */
  private open: { readonly group: number; readonly opened: number }[] = [];
  /** Atomic groups and lookarounds around this place. */
  private atomics = 0;
  private readonly accepts: (Instruction & { readonly op: "jump" })[] = [];
  private slots: number;

  constructor(tree: PatternTree) {
    this.tree = tree;
    this.slots = 2 * (tree.groups + 1);
    this.collect(tree.root);
  }

  program(): Program {
    this.node(this.tree.root, null);
    for (const jump of this.accepts) jump.to = this.code.length;
    this.code.push({ op: "match" });
    markUsable(this.code, this.memos, this.entries);
    const { code, slots, entries, memos } = this;
    return { code, slots, groups: this.tree.groups, entries, memos };
  }

  private collect(node: PatternNode): void {
    if (node.kind === "group" && !this.bodies.has(node.index)) this.bodies.set(node.index, node.body);
    if (node.kind === "backreference") for (const group of node.groups) this.referred.add(group);
    if (node.kind === "conditional" && node.condition.kind === "groups") {
      for (const group of node.condition.groups) this.referred.add(group);
    }
    for (const child of childrenOf(node)) this.collect(child);
  }

  private memo(): number {
    this.memos.push({ address: this.code.length, rounds: this.rounds, usable: true });
    return this.memos.length - 1;
  }

  private use(words: number, steps: number): void {
    if (words !== 0 || steps !== 0) this.code.push({ op: "use", words, steps });
  }

  private join(): void {
    this.code.push({ op: "join", memo: this.memo() });
  }

  private jump(): Instruction & { readonly op: "jump" } {
    const jump: Instruction & { readonly op: "jump" } = { op: "jump", to: 0 };
    this.code.push(jump);
    return jump;
  }

  /** A choice between what comes next and a place to be patched in. */
  private split(nextFirst: boolean, memo: number): (exit: number) => void {
    const split: Instruction & { readonly op: "split" } = { op: "split", first: 0, second: 0, memo };
    this.code.push(split);
    const next = this.code.length;
    if (nextFirst) split.first = next;
    else split.second = next;
    return (exit) => {
      if (nextFirst) split.second = exit;
      else split.first = exit;
    };
  }

  private node(node: PatternNode, follow: Follow): void {
    switch (node.kind) {
      case "empty":
        return;
      case "byte":
        this.code.push({ op: "set", set: singleByte(node.code, node.caseless) });
        return;
      case "set":
        this.code.push({ op: "set", set: node.set });
        return;
      case "sequence":
        node.items.forEach((item, index) => {
          this.node(item, { items: node.items, from: index + 1, of: "group", outer: follow });
        });
        return;
      case "alternatives": {
        const words = node.character === true ? 0 : 1;
        this.use(words, 0);
        this.options(node.options, follow, "group");
        this.use(words, 0);
        this.join();
        return;
      }
      case "group":
        this.group(node, follow);
        return;
      case "repeat":
        this.repeat(node, follow);
        return;
      case "assertion":
        this.code.push({ op: "assert", assertion: node.assertion });
        return;
      case "look":
        this.look(node);
        return;
      case "atomic":
        this.atomic(node.body);
        return;
      case "backreference":
        this.code.push({ op: "reference", groups: node.groups, caseless: node.caseless });
        return;
      case "call":
        this.code.push({ op: "call", groups: node.groups, words: CALL_WORDS });
        return;
      case "conditional":
        this.conditional(node, follow);
        return;
      case "fail":
        this.code.push({ op: "fail" });
        return;
      case "verb":
        if (node.verb === "accept") this.accept();
        else this.code.push({ op: "verb", verb: node.verb });
        return;
    }
  }

  private options(options: readonly PatternNode[], follow: Follow, of: "group" | "loop" | "atomic"): void {
    const jumps: (Instruction & { readonly op: "jump" })[] = [];
    options.forEach((option, index) => {
      const last = index === options.length - 1;
      const patch = last ? null : this.split(true, -1);
      this.body(option, follow, of);
      if (patch === null) return;
      jumps.push(this.jump());
      patch(this.code.length);
    });
    for (const jump of jumps) jump.to = this.code.length;
  }

  /** What stands in a group, without its alternatives' own words. */
  private body(body: PatternNode, follow: Follow, of: "group" | "loop" | "atomic"): void {
    const items = body.kind === "sequence" ? body.items : [body];
    items.forEach((item, index) => {
      this.node(item, { items, from: index + 1, of, outer: follow });
    });
  }

  private group(node: PatternNode & { readonly kind: "group" }, follow: Follow): void {
    if (!this.entries.has(node.index)) this.entries.set(node.index, this.code.length);
    const opened = this.slots++;
    const referred = this.referred.has(node.index);
    const alternatives = node.body.kind === "alternatives";
    this.code.push({ op: "save", slot: opened });
    this.use(referred ? 1 : 2, 0);
    this.open.push({ group: node.index, opened });
    if (node.body.kind === "alternatives") this.options(node.body.options, follow, "group");
    else this.body(node.body, follow, "group");
    this.open.pop();
    this.use((referred ? 2 : 0) + (alternatives ? 1 : 0), 0);
    this.code.push({ op: "close", group: node.index, opened });
    if (alternatives) this.join();
  }

  /** Ends the match, or what is matched by itself, at once; groups that are open end here. */
  private accept(): void {
    for (const { group, opened } of this.open.toReversed()) this.code.push({ op: "close", group, opened });
    if (this.atomics > 0) this.code.push({ op: "done" });
    else this.accepts.push(this.jump());
  }

  private repeat(node: RepeatNode, follow: Follow): void {
    const set = setOfNode(node.body);
    if (set !== null) {
      this.run(node, follow);
      return;
    }
    if (node.mode === "possessive") {
      if (node.max === Infinity) this.possessiveLoop(node);
      else this.atomic({ ...node, mode: "greedy" });
      return;
    }
    if (node.max === 0) {
      // Never run in place, but a call may enter it.
      const jump = this.jump();
      this.node(node.body, follow);
      jump.to = this.code.length;
      return;
    }
    if (isCharacter(node.body)) {
      this.characters(node, follow);
      return;
    }
    // The last round that must be is written as the first one of an unbounded loop.
    const copies = node.max === Infinity ? Math.max(0, node.min - 1) : node.min;
    for (let i = 0; i < copies; i++) {
      this.node(node.body, this.next(node, follow));
      if (node.max !== Infinity && copies >= 3) this.use(0, 1);
    }
    if (node.max === Infinity) this.loop(node, follow);
    else if (node.max > node.min) this.optional(node, follow);
  }

  /** Behind a round stands the loop itself. */
  private next(node: RepeatNode, follow: Follow): Follow {
    return node.max > 1 ? { items: [], from: 0, of: "loop", outer: follow } : follow;
  }

  private run(node: RepeatNode, follow: Follow): void {
    const set = setOfNode(node.body);
    if (set === null || node.max === 0) return;
    const { min, max } = node;
    if (min === 1 && max === 1) {
      this.node(node.body, follow);
      return;
    }
    // The fixed part of a run of a byte or a type is an instruction of its own.
    if (min > 1 && max > min && !isClass(node.body)) this.use(0, 1);
    if (min === max) {
      this.code.push({ op: "run", set, min, max, mode: "possessive", ahead: null, words: 0, memo: -1 });
      return;
    }
    const possessive = node.mode === "possessive" || becomesPossessive(node, follow);
    const mode = possessive ? "possessive" : node.mode;
    const one = mode === "lazy" && max === Infinity ? true : max - min === 1;
    const words = possessive || !this.inLoop ? 0 : one ? 1 : 2;
    const ahead = possessive || mode === "lazy" ? null : this.ahead(node, follow);
    const memo = !possessive && max === Infinity ? this.memo() : -1;
    this.code.push({ op: "run", set, min, max, mode, ahead, words, memo });
    if (!possessive && max !== Infinity) this.join();
  }

  /** The JIT looks for a literal behind a greedy run of a set before it tries to go on. */
  private ahead(node: RepeatNode, follow: Follow): ByteSet | null {
    const next = follow?.items[follow.from];
    if (node.body.kind === "byte" || next?.kind !== "byte") return null;
    return singleByte(next.code, next.caseless);
  }

  /** One round of a loop: the body, and the word for where it ended. */
  private round(node: RepeatNode, follow: Follow): void {
    const { body } = node;
    const outer = this.inLoop;
    this.inLoop = true;
    if (body.kind === "group") this.group(body, this.next(node, follow));
    else if (body.kind === "alternatives") {
      this.use(1, 0);
      this.options(body.options, this.next(node, follow), "group");
      this.use(1, 0);
    } else {
      // An empty round has to be noticed: its beginning is kept.
      if (node.max === Infinity && isNullable(body)) this.use(1, 0);
      this.node(body, this.next(node, follow));
    }
    this.inLoop = outer;
    this.use(1, 0);
  }

  private loop(node: RepeatNode, follow: Follow): void {
    const nullable = isNullable(node.body);
    const greedy = node.mode === "greedy";
    this.use(node.min === 0 ? 2 : 1, 0);
    const first = node.min === 0 ? null : this.jump();
    const head = this.code.length;
    const patch = this.split(greedy, this.memo());
    if (first !== null) first.to = this.code.length;
    const slot = this.slots++;
    const outer = this.rounds;
    if (nullable) {
      this.rounds = [...outer, slot];
      this.code.push({ op: "save", slot });
    }
    this.round(node, follow);
    const round: Instruction = { op: "round", slot, exit: 0 };
    if (nullable) this.code.push(round);
    this.rounds = outer;
    this.jump().to = head;
    const exit = this.code.length;
    patch(exit);
    round.exit = exit;
    // A greedy loop that must run once gives back the word of its last round.
    this.use(greedy && node.min > 0 ? -1 : 0, 1);
    if (nullable) this.join();
  }

  /** Rounds of a possessive loop are never given back: each is atomic, and the stack does not grow. */
  private possessiveLoop(node: RepeatNode): void {
    const words = 2 + frameWords(countGroups(node.body));
    this.inAtomic(words, () => {
      this.use(words, 0);
      for (let i = 0; i < node.min; i++) this.node(node.body, null);
      const head = this.code.length;
      const patch = this.split(true, -1);
      const slot = this.slots++;
      this.code.push({ op: "save", slot });
      this.inAtomic(0, () => this.node(node.body, null));
      const round: Instruction = { op: "round", slot, exit: 0 };
      this.code.push(round);
      this.jump().to = head;
      round.exit = this.code.length;
      patch(this.code.length);
    });
    this.use(0, 1);
  }

  /** A run of characters of several bytes: like a run of bytes it takes no words. */
  private characters(node: RepeatNode, follow: Follow): void {
    for (let i = 0; i < node.min; i++) this.node(node.body, follow);
    const greedy = node.mode === "greedy";
    const patches: ((exit: number) => void)[] = [];
    const head = this.code.length;
    if (node.max === Infinity) {
      patches.push(this.split(greedy, this.memo()));
      this.node(node.body, null);
      this.jump().to = head;
    } else {
      for (let left = node.max - node.min; left > 0; left--) {
        patches.push(this.split(greedy, -1));
        this.node(node.body, null);
      }
    }
    for (const patch of patches) patch(this.code.length);
    this.use(0, 1);
    this.join();
  }

  private optional(node: RepeatNode, follow: Follow): void {
    const greedy = node.mode === "greedy";
    const left = node.max - node.min;
    const patches: ((exit: number) => void)[] = [];
    this.use(left === 1 ? 1 : 2, 0);
    for (let i = 0; i < left; i++) {
      patches.push(this.split(greedy, -1));
      if (left === 1) {
        this.node(node.body, follow);
        this.use(1, 0);
      } else this.round(node, follow);
    }
    for (const patch of patches) patch(this.code.length);
    this.use(0, 1);
    this.join();
  }

  private atomic(body: PatternNode): void {
    const choice = body.kind === "alternatives" ? 1 : 0;
    const frame = frameWords(countGroups(body));
    this.inAtomic(frame === 0 ? 0 : frame + choice, () => {
      this.use(frame + choice, 0);
      if (body.kind === "alternatives") this.options(body.options, null, "atomic");
      else this.body(body, null, "atomic");
    });
  }

  private inAtomic(kept: number, write: () => void): void {
    const leave = this.enter();
    const atomic: Instruction = { op: "atomic", body: this.code.length + 1, next: 0, kept };
    this.code.push(atomic);
    write();
    this.code.push({ op: "done" });
    atomic.next = this.code.length;
    leave();
  }

  /** Begins what is matched by itself; returns what ends it. */
  private enter(): () => void {
    const { rounds, open } = this;
    this.rounds = [];
    this.open = [];
    this.atomics++;
    return () => {
      this.rounds = rounds;
      this.open = open;
      this.atomics--;
    };
  }

  private look(node: LookNode): LookInstruction {
    const leave = this.enter();
    const bodies: LookBody[] = [];
    const frame = frameWords(countGroups(node.body));
    const kept = node.negative ? 0 : frame;
    const look: LookInstruction = {
      op: "look",
      bodies,
      negative: node.negative,
      next: 0,
      otherwise: -1,
      kept,
    };
    this.code.push(look);
    const options = node.behind && node.body.kind === "alternatives" ? node.body.options : [node.body];
    for (const option of options) {
      bodies.push({ at: this.code.length, back: node.behind ? fixedLength(option, this.bodies) : 0 });
      this.use(frame + 1, 0);
      if (option.kind === "alternatives") this.options(option.options, null, "atomic");
      else this.body(option, null, "atomic");
      this.code.push({ op: "done" });
    }
    look.next = this.code.length;
    leave();
    return look;
  }

  private conditional(node: PatternNode & { readonly kind: "conditional" }, follow: Follow): void {
    const test = this.condition(node.condition);
    this.use(1, 0);
    this.node(node.yes, follow);
    const jump = this.jump();
    test.otherwise = this.code.length;
    if (node.no !== null) this.node(node.no, follow);
    jump.to = this.code.length;
    this.join();
  }

  private condition(condition: (PatternNode & { readonly kind: "conditional" })["condition"]): {
    otherwise: number;
  } {
    if (condition.kind === "look") return this.look(condition);
    const test: Instruction & { otherwise: number } =
      condition.kind === "calling"
        ? { op: "ifCalling", groups: condition.groups, otherwise: 0 }
        : { op: "ifGroup", groups: condition.kind === "groups" ? condition.groups : [], otherwise: 0 };
    this.code.push(test);
    return test;
  }
}

function isCharacter(node: PatternNode): boolean {
  return node.kind === "alternatives" && node.character === true;
}

function countGroups(node: PatternNode): number {
  return childrenOf(node).reduce((sum, child) => sum + countGroups(child), node.kind === "group" ? 1 : 0);
}
