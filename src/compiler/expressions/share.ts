/**
 * Common subexpression elimination: what a function needs several times is worked out once and named (`let`).
 *
 * While a function is compiled, equal parts are one object or at least have one key, so that the work stays
 * linear; written out as a tree the same expression may be exponentially large. Here the tree is made again
 * from the graph: a part that is used in several places is named at their common dominator, the innermost
 * place that all ways to it pass. Naming it there evaluates it there, so that this is done only where nothing
 * in it can fail: every optional field, divisor and index in it is guarded by the part itself or by conditions
 * that hold at that place. What cannot be named is written out in each place, as before; `isTooLarge` then has
 * the last word. Held by test/compiler/expressions/share.test.ts: the same value as without, linear size, and no
 * read of an absent field.
 */
import type { BinaryExpression, BinaryOperator, Expression } from "../../model/expression.js";
import {
  BOOL,
  binary,
  COUNT,
  DOUBLE,
  keyOf,
  literal,
  sizeOf,
  unary,
} from "../../model/expression-builders.js";
import { childrenOf } from "../../model/walk.js";
import { assume, type Facts, NO_FACTS } from "./symbolic-value.js";

/** Expressions up to this size stay as people wrote them. */
const smallExpression = 200;
/** Parts below this size are cheaper to work out again than to name. */
const smallPart = 6;

/**
 * The expression with parts that it shares named; the same where it is short.
 *
 * @param from size (nodes) from which on it is looked through
 */
export function shareParts(expression: Expression, from = smallExpression): Expression {
  return sizeOf(expression) <= from ? expression : new Sharing(expression).result();
}

/** Conditions of which one must hold, each by the key of its expression. */
type Needs = ReadonlyMap<string, readonly string[]>;

const nothing: Needs = new Map();

function isMet(any: readonly string[], facts: Facts): boolean {
  return any.some((key) => facts.get(key) === true);
}

/** A difference of counts, which Zeek warns of where it is below zero, and what keeps it from that. */
function notBelowZero({ left, right, span }: BinaryExpression): readonly (readonly string[])[] {
  const least = (size: Expression, limits: readonly (readonly [BinaryOperator, number])[]): string[] =>
    limits.map(([operator, limit]) => keyOf(binary(operator, size, literal(COUNT, limit, span), BOOL, span)));
  // The size of a text less that of the same text without something.
  if (left.kind === "unary" && right.kind === "unary") return [];
  if (right.kind === "literal") {
    const taken = Number(right.value);
    return [
      least(left, [
        [">", taken],
        [">=", taken],
        [">", taken + 1],
        [">=", taken + 1],
      ]),
    ];
  }
  return left.kind === "literal"
    ? [
        least(right, [
          ["<", Number(left.value)],
          ["<=", Number(left.value)],
        ]),
      ]
    : [[]];
}

/** One use of a part: where, and as which child. */
interface Use {
  readonly parent: Part;
  readonly child: number;
}

/** A node of the graph. */
interface Part {
  readonly node: Expression;
  readonly children: readonly Part[];
  readonly uses: Use[];
  /** Position in an order in which children stand before those who use them. */
  readonly order: number;
  dominator: Part | null;
  /** How far below the root its dominators reach. */
  depth: number;
  needs: Needs;
}

class Sharing {
  private readonly parts = new Map<string, Part>();
  private readonly inOrder: Part[] = [];
  private readonly root: Part;
  /** What is named, by the place where it is. */
  private readonly named = new Map<Part, Part[]>();
  private readonly names = new Map<Part, string>();
  private readonly facts = new Map<Part, Facts>();
  private readonly written = new Map<Part, Expression>();

  constructor(expression: Expression) {
    this.root = this.partOf(expression);
    this.findDominators();
    this.findNeeds();
    this.chooseNames();
  }

  result(): Expression {
    // From the bottom up, so that no call goes deep.
    for (const part of this.inOrder) this.write(part);
    return this.write(this.root);
  }

  /** The graph of an expression; children come first. No recursion, since chains are thousands of terms long. */
  private partOf(expression: Expression): Part {
    const stack = [expression];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const key = keyOf(node);
      const children = childrenOf(node);
      const missing = this.parts.has(key) ? [] : children.filter((child) => !this.parts.has(keyOf(child)));
      if (missing.length > 0) stack.push(...missing);
      else {
        stack.pop();
        if (!this.parts.has(key))
          this.addPart(
            key,
            node,
            children.flatMap((child) => this.parts.get(keyOf(child)) ?? []),
          );
      }
    }
    const root = this.parts.get(keyOf(expression));
    if (root === undefined) throw new Error("bug in zopf: an expression without a root");
    return root;
  }

  private addPart(key: string, node: Expression, children: readonly Part[]): void {
    const part: Part = {
      node,
      children,
      uses: [],
      order: this.inOrder.length,
      dominator: null,
      depth: 0,
      needs: nothing,
    };
    for (const [child, used] of children.entries()) used.uses.push({ parent: part, child });
    this.parts.set(key, part);
    this.inOrder.push(part);
  }

  private findDominators(): void {
    for (const part of this.inOrder.toReversed()) {
      if (part === this.root) continue;
      const [first, ...others] = part.uses.map(({ parent }) => parent);
      let dominator: Part | null = first ?? null;
      for (const other of others) dominator = common(dominator, other);
      part.dominator = dominator;
      part.depth = (dominator?.depth ?? 0) + 1;
    }
  }

  private chooseNames(): void {
    for (const part of this.inOrder) {
      const { node, uses, dominator } = part;
      if (dominator === null || uses.length < 2 || sizeOf(node) < smallPart || !canBeNamed(node)) continue;
      if (!this.holds(part.needs, dominator)) continue;
      this.names.set(part, `part${this.names.size + 1}`);
      const here = this.named.get(dominator) ?? [];
      here.push(part);
      this.named.set(dominator, here);
    }
  }

  private holds(needs: Needs, place: Part): boolean {
    if (needs.size === 0) return true;
    const facts = this.factsAt(place);
    return [...needs.values()].every((any) => isMet(any, facts));
  }

  /** Conditions that hold wherever a part is evaluated. */
  private factsAt(part: Part): Facts {
    const known = this.facts.get(part);
    if (known !== undefined) return known;
    const above = part.dominator === null ? NO_FACTS : this.factsAt(part.dominator);
    const [use] = part.uses;
    let found = above;
    if (use !== undefined && part.uses.length === 1 && use.parent === part.dominator)
      found = factsOfChild(use.parent.node, use.child, above);
    this.facts.set(part, found);
    return found;
  }

  /** Adds to each part the conditions without which its evaluation can end in an error, by their keys. */
  private findNeeds(): void {
    for (const part of this.inOrder) {
      const { node, children } = part;
      const needs = new Map(this.ownNeeds(node).map((any) => [any.join(), any]));
      for (const [index, child] of children.entries()) {
        if (child.needs.size === 0) continue;
        const inside = factsOfChild(node, index, NO_FACTS);
        for (const [key, any] of child.needs) if (!isMet(any, inside)) needs.set(key, any);
      }
      if (needs.size > 0) part.needs = needs;
    }
  }

  private ownNeeds(node: Expression): readonly (readonly string[])[] {
    switch (node.kind) {
      case "field":
      case "presence": {
        const { parameter, span } = node;
        // Whether a field is set can be asked for where the record that has it is.
        const last = node.kind === "presence" ? node.path.length - 1 : node.path.length;
        return node.path.slice(0, last).flatMap((_, index) => {
          const path = node.path.slice(0, index + 1);
          const presence: Expression = { kind: "presence", parameter, path, type: BOOL, span };
          return this.parts.has(keyOf(presence)) ? [[keyOf(presence)]] : [];
        });
      }
      case "binary": {
        if (node.operator === "-" && node.type.kind === "count") return notBelowZero(node);
        if ((node.operator !== "/" && node.operator !== "%") || node.type.kind === "subnet") return [];
        if (node.right.kind === "literal" && node.right.value !== 0) return [];
        const zero = literal(node.right.type.kind === "double" ? DOUBLE : COUNT, 0, node.span);
        return [[keyOf(binary("!=", node.right, zero, BOOL, node.span))]];
      }
      case "index": {
        const { operand, span } = node;
        const size = unary("size", operand, COUNT, span);
        return [[keyOf(binary(">", size, literal(COUNT, node.index, span), BOOL, span))]];
      }
      default:
        return [];
    }
  }

  private write(part: Part): Expression {
    const known = this.written.get(part);
    if (known !== undefined) return known;
    const { node, children } = part;
    let made = withChildren(
      node,
      children.map((child) => this.use(child)),
    );
    // What uses another one of them stands after it.
    for (const named of (this.named.get(part) ?? []).toSorted((a, b) => b.order - a.order)) {
      const name = this.names.get(named) ?? "";
      made = { kind: "let", name, value: this.write(named), body: made, type: made.type, span: node.span };
    }
    this.written.set(part, made);
    return made;
  }

  private use(part: Part): Expression {
    const name = this.names.get(part);
    if (name === undefined) return this.write(part);
    const { type, span } = part.node;
    return { kind: "variable", name, type, span };
  }
}

function common(a: Part | null, b: Part | null): Part | null {
  let [x, y] = [a, b];
  while (x !== y && x !== null && y !== null) {
    if (x.depth >= y.depth) x = x.dominator;
    else y = y.dominator;
  }
  return x ?? y;
}

/** What holds where a child is evaluated. */
function factsOfChild(node: Expression, child: number, facts: Facts): Facts {
  if (node.kind === "conditional" && child > 0) return assume(facts, node.condition, child === 1);
  if (node.kind === "binary" && child === 1 && (node.operator === "&&" || node.operator === "||"))
    return assume(facts, node.left, node.operator === "&&");
  return facts;
}

/** What Zeek can hold in a variable without copying much, and what an operator does not have to see as it is. */
function canBeNamed({ kind, type }: Expression): boolean {
  return (
    !["literal", "pattern", "set", "global", "field", "presence"].includes(kind) &&
    !["set", "vector", "record", "pattern"].includes(type.kind)
  );
}

function withChildren(node: Expression, children: readonly Expression[]): Expression {
  const [first, second, third] = children;
  if (first === undefined || childrenOf(node).every((child, index) => child === children[index])) return node;
  switch (node.kind) {
    case "unary":
    case "index":
      return { ...node, operand: first };
    case "binary":
      return { ...node, left: first, right: second ?? node.right };
    case "conditional":
      return {
        ...node,
        condition: first,
        whenTrue: second ?? node.whenTrue,
        whenFalse: third ?? node.whenFalse,
      };
    case "call":
      return { ...node, arguments: children };
    default:
      return node;
  }
}
