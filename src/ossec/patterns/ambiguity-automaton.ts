import type { ByteNode, PatternNode, RepeatNode } from "./ast.js";
import { type ByteSet, singleByte } from "./byte-set.js";

/** A state of {@link AmbiguityAutomaton}: it consumes one byte. */
export interface State {
  readonly set: ByteSet;
  /** Number of the node that follows. */
  readonly next: number;
  /** Offsets of the quantifiers of the loops around it, the outermost first. */
  readonly loops: readonly number[];
  /** It stands in an atomic group: of the ways through that, only the first counts. */
  readonly atomic: boolean;
}

/** More states than this are not looked at. */
const MAX_STATES = 1500;
/** More ways to go on from a state than this are not looked at. */
const MAX_TARGETS = 1500;
/** More nodes than this are not passed on the ways from state to state. */
const MAX_VISITS = 500_000;
/** Bounded repetitions of a set with a larger bound are taken for unbounded ones, which match more ways. */
const MAX_RUN = 32;

/**
 * What a pattern may consume, as a nondeterministic automaton (Thompson's construction; counted repetitions are
 * written out). It takes assertions, lookarounds, backreferences and calls for things that always hold and consume
 * nothing, so it has at least the ways to match that the pattern has.
 */
export class AmbiguityAutomaton {
  readonly states: State[] = [];
  /** By node: nodes that follow without consuming, states below 0 as `~state`. */
  private readonly edges: number[][] = [];
  /** Nodes that a round of a loop begins at. */
  private readonly heads = new Set<number>();
  private readonly closures = new Map<number, readonly number[]>();
  private readonly starting: number;
  private loops: readonly number[] = [];
  private atomic = false;
  private visits = 0;
  /** It is larger than what is looked at. */
  tooLarge = false;

  constructor(root: PatternNode) {
    const end = this.node();
    this.starting = this.write(root, end);
  }

  /** States that a match may begin with, one for each way. */
  get first(): readonly number[] {
    return this.closure(this.starting);
  }

  /** States that may follow a state, one for each way to get there. */
  targets(state: number): readonly number[] {
    return this.closure(this.states[state]?.next ?? 0);
  }

  private node(...edges: number[]): number {
    this.edges.push(edges);
    return this.edges.length - 1;
  }

  private consume(set: ByteSet, next: number): number {
    if (this.states.length >= MAX_STATES) this.tooLarge = true;
    if (this.tooLarge) return next;
    this.states.push({ set, next, loops: this.loops, atomic: this.atomic });
    return this.node(~(this.states.length - 1));
  }

  /** Writes a node in front of what follows it; returns where it begins. */
  private write(node: PatternNode, next: number): number {
    switch (node.kind) {
      case "byte":
        return this.consume(setOfByte(node), next);
      case "set":
        return this.consume(node.set, next);
      case "sequence":
        return node.items.reduceRight((behind, item) => this.write(item, behind), next);
      case "alternatives":
        return this.node(...node.options.map((option) => this.write(option, next)));
      case "group":
        return this.write(node.body, next);
      case "atomic":
        return this.inAtomic(() => this.write(node.body, next));
      case "repeat":
        return node.mode === "possessive"
          ? this.inAtomic(() => this.repeat(node, next))
          : this.repeat(node, next);
      case "conditional":
        return this.node(this.write(node.yes, next), node.no === null ? next : this.write(node.no, next));
      case "fail":
        return this.node();
      case "empty":
      case "assertion":
      case "look":
      case "backreference":
      case "call":
      case "verb":
        return next;
    }
  }

  private inAtomic(write: () => number): number {
    const outer = this.atomic;
    this.atomic = true;
    const start = write();
    this.atomic = outer;
    return start;
  }

  private repeat(node: RepeatNode, next: number): number {
    const single = node.body.kind === "byte" || node.body.kind === "set";
    if (node.max === 0) return next;
    if (node.max === Infinity || (single && node.max > MAX_RUN)) {
      const copies = single ? Math.min(node.min, MAX_RUN) : node.min;
      return this.copies(node.body, copies, this.loop(node, next));
    }
    let start = next;
    for (let i = node.max; i > node.min && !this.tooLarge; i--) {
      start = this.node(this.write(node.body, start), next);
    }
    return this.copies(node.body, node.min, start);
  }

  private copies(body: PatternNode, count: number, next: number): number {
    let start = next;
    for (let i = 0; i < count && !this.tooLarge; i++) start = this.write(body, start);
    return start;
  }

  private loop(node: RepeatNode, next: number): number {
    const outer = this.loops;
    this.loops = [...outer, node.at];
    const head = this.node();
    this.heads.add(head);
    const start = this.write(node.body, head);
    this.edges[head] = [start, next];
    this.loops = outer;
    return head;
  }

  private closure(node: number): readonly number[] {
    const known = this.closures.get(node);
    if (known !== undefined) return known;
    const found: number[] = [];
    this.collect(node, new Set(), found);
    this.closures.set(node, found);
    return found;
  }

  /** Rounds of loops that consume nothing are left out: the matchers end such loops. */
  private collect(node: number, begun: Set<number>, found: number[]): void {
    if (this.tooLarge || begun.has(node)) return;
    if (++this.visits > MAX_VISITS) this.tooLarge = true;
    const [round, exit] = this.edges[node] ?? [];
    if (this.heads.has(node) && round !== undefined && exit !== undefined) {
      begun.add(node);
      this.follow(round, begun, found);
      begun.delete(node);
      // The loop may be entered again in another round of one around it.
      this.follow(exit, begun, found);
    } else for (const edge of this.edges[node] ?? []) this.follow(edge, begun, found);
  }

  private follow(edge: number, begun: Set<number>, found: number[]): void {
    if (found.length > MAX_TARGETS) this.tooLarge = true;
    else if (edge < 0) found.push(~edge);
    else this.collect(edge, begun, found);
  }
}

const caseless: (ByteSet | undefined)[] = [];

/** The sets of caseless bytes, which most bytes are, are shared. */
function setOfByte({ code, caseless: folds }: ByteNode): ByteSet {
  if (!folds) return singleByte(code, false);
  caseless[code] ??= singleByte(code, true);
  return caseless[code] ?? singleByte(code, true);
}
