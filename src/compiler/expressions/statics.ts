import { types } from "node:util";
import type { ts } from "ts-morph";
import { arrayOf, type Call, listOf } from "./arrays.js";
import { EXPRESSION_UNSUPPORTED } from "./codes.js";
import { type Context, refuse, spanOf } from "./context.js";
import { describe } from "./convert.js";
import { choose, constant, type Facts, INVALID, type Leaf, type Low, mapLow, numeric } from "./low.js";
import { zeekMark } from "./marks.js";

type Static = (
  context: Context,
  args: readonly Low[],
  facts: Facts,
  node: ts.CallExpression,
  call: Call,
) => Low;

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
  [subject = constant(undefined)]: readonly Low[],
  node: ts.CallExpression,
  pick: (entry: readonly [string, Low]) => Low,
): Low {
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
export function membersOf(subject: Low): readonly (readonly [string, Low])[] | undefined {
  if (subject.kind === "tuple") return subject.elements.map((low, index) => [String(index), low] as const);
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
function inOrder(members: ReadonlyMap<string, Low>): readonly (readonly [string, Low])[] {
  const names = Object.keys(Object.fromEntries([...members.keys()].map((name) => [name, 0])));
  return names.flatMap((name) => {
    const low = members.get(name);
    return low === undefined ? [] : [[name, low] as const];
  });
}

function arrayFrom(
  context: Context,
  [subject = constant(undefined), fn]: readonly Low[],
  facts: Facts,
  node: ts.CallExpression,
  call: Call,
): Low {
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
      mapLow(fn, facts, context.budget, (leaf, inside) => call(leaf, [element, constant(index)], inside)),
    ),
  );
}

/** `{ length: 3 }` */
function ofLength(subject: Low): readonly Low[] | undefined {
  const length =
    subject.kind === "object" && subject.members.size === 1 ? subject.members.get("length") : undefined;
  if (length?.kind !== "constant" || typeof length.value !== "number") return undefined;
  const { value } = length;
  return Number.isInteger(value) && value >= 0 && value <= 1000
    ? Array.from({ length: value }, () => constant(undefined))
    : undefined;
}

function isArrayCall(context: Context, [subject = constant(undefined)]: readonly Low[], facts: Facts): Low {
  return mapLow(subject, facts, context.budget, (leaf) =>
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
  [subject = constant(0)]: readonly Low[],
  facts: Facts,
  node: ts.CallExpression,
): Low {
  return mapLow(subject, facts, context.budget, (leaf: Leaf, inside) => {
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
