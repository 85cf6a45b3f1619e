import { types } from "node:util";
import type { ts } from "ts-morph";
import { arrayOf, type Call, listOf } from "./arrays.js";
import { EXPRESSION_UNSUPPORTED } from "./codes.js";
import { type Context, refuse, spanOf } from "./context.js";
import { describe } from "./convert.js";
import { zeekMark } from "./marks.js";
import {
  choose,
  constant,
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  numeric,
  type SymbolicValue,
} from "./symbolic-value.js";

type Static = (
  context: Context,
  args: readonly SymbolicValue[],
  facts: Facts,
  node: ts.CallExpression,
  call: Call,
) => SymbolicValue;

/** Functions of JavaScript that give the same for the same constants, wherever they run. */
const pure: ReadonlySet<unknown> = new Set<unknown>([
  Number.isInteger,
  Number.isSafeInteger,
  Number.isFinite,
  Number.isNaN,
  Number.parseInt,
  Number.parseFloat,
  String.fromCharCode,
  String.fromCodePoint,
]);

export function isPure(fn: unknown): boolean {
  return pure.has(fn);
}

/** `Object.keys(x)`, `Array.from(x)`, `Number(x)` and the like. */
export const statics: ReadonlyMap<unknown, Static> = new Map<unknown, Static>([
  [Object.keys, (context, args, _, node) => ofEntries(context, args, node, ([key]) => constant(key))],
  [Object.values, (context, args, _, node) => ofEntries(context, args, node, ([, value]) => value)],
  [
    Object.entries,
    (context, args, _, node) =>
      ofEntries(context, args, node, ([key, value]) => arrayOf([constant(key), value])),
  ],
  [Array.of, (_, args) => arrayOf(args)],
  [Array.from, arrayFrom],
  [Array.isArray, isArrayCall],
  [Number, numberOf],
]);

function ofEntries(
  context: Context,
  [subject = constant(undefined)]: readonly SymbolicValue[],
  node: ts.CallExpression,
  pick: (entry: readonly [string, SymbolicValue]) => SymbolicValue,
): SymbolicValue {
  const entries = membersOf(subject);
  if (entries === undefined)
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      subject.kind === "choice"
        ? "the object must be the same in every case"
        : `${describe(subject)} has no names that Zeek knows`,
      "use a constant object of the bundle",
    );
  return arrayOf(entries.map(pick));
}

/** Own enumerable properties, in JavaScript's order; undefined for what is no plain object or array. */
export function membersOf(subject: SymbolicValue): readonly (readonly [string, SymbolicValue])[] | undefined {
  if (subject.kind === "tuple")
    return subject.elements.map((symbolic, index) => [String(index), symbolic] as const);
  if (subject.kind === "object") return inOrder(subject.members);
  if (subject.kind !== "constant") return undefined;
  const { value } = subject;
  if (typeof value !== "object" || value === null || types.isProxy(value) || zeekMark(value) !== undefined)
    return undefined;
  if (types.isSet(value) || types.isMap(value)) return [];
  try {
    return Object.entries(value).map(([key, found]) => [key, constant(found)] as const);
  } catch {
    return undefined;
  }
}

/** Whole numbers come first, as JavaScript has it. */
function inOrder(members: ReadonlyMap<string, SymbolicValue>): readonly (readonly [string, SymbolicValue])[] {
  const names = Object.keys(Object.fromEntries([...members.keys()].map((name) => [name, 0])));
  return names.flatMap((name) => {
    const symbolic = members.get(name);
    return symbolic === undefined ? [] : [[name, symbolic] as const];
  });
}

function arrayFrom(
  context: Context,
  [subject = constant(undefined), fn]: readonly SymbolicValue[],
  facts: Facts,
  node: ts.CallExpression,
  call: Call,
): SymbolicValue {
  const elements = listOf(subject) ?? ofLength(subject);
  if (elements === undefined || elements.length > 1000)
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      "Array.from needs an array, a Set, a Map, a text or { length } of the bundle, of at most 1,000 elements",
    );
  if (fn === undefined) return arrayOf(elements);
  return arrayOf(
    elements.map((element, index) =>
      mapLeaves(fn, facts, context.budget, (leaf, inside) => call(leaf, [element, constant(index)], inside)),
    ),
  );
}

/** `{ length: 3 }` */
function ofLength(subject: SymbolicValue): readonly SymbolicValue[] | undefined {
  const length =
    subject.kind === "object" && subject.members.size === 1 ? subject.members.get("length") : undefined;
  if (length?.kind !== "constant" || typeof length.value !== "number") return undefined;
  const { value } = length;
  return Number.isInteger(value) && value >= 0 && value <= 1000
    ? Array.from({ length: value }, () => constant(undefined))
    : undefined;
}

function isArrayCall(
  context: Context,
  [subject = constant(undefined)]: readonly SymbolicValue[],
  facts: Facts,
): SymbolicValue {
  return mapLeaves(subject, facts, context.budget, (leaf) =>
    constant(
      leaf.kind === "tuple" ||
        (leaf.kind === "constant" && Array.isArray(leaf.value)) ||
        (leaf.kind === "scalar" && leaf.expression.type.kind === "vector"),
    ),
  );
}

/** `Number(x)`: of text Zeek has other rules. */
function numberOf(
  context: Context,
  [subject = constant(0)]: readonly SymbolicValue[],
  facts: Facts,
  node: ts.CallExpression,
): SymbolicValue {
  return mapLeaves(subject, facts, context.budget, (leaf: Leaf, inside) => {
    if (leaf.kind === "short") return constant(Number.NaN);
    if (leaf.kind === "constant" && (typeof leaf.value !== "object" || leaf.value === null))
      return typeof leaf.value === "symbol" ? INVALID : constant(Number(leaf.value));
    if (leaf.kind === "scalar") {
      const { expression } = leaf;
      if (numeric(expression.type)) return leaf;
      if (expression.type.kind === "bool")
        return choose(
          inside,
          expression,
          () => constant(1),
          () => constant(0),
          spanOf(node),
        );
    }
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `Zeek has no Number(...) of ${describe(leaf)} that agrees with TypeScript's`,
      "compare the text as it is",
    );
  });
}
