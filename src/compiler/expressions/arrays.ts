import { types } from "node:util";
import type { ts } from "ts-morph";
import type { Expression } from "../../model/expression.js";
import { bool, or } from "../../model/expression-builders.js";
import { EXPRESSION_UNSUPPORTED } from "./codes.js";
import { equality } from "./compare.js";
import { type Context, refuse, spanOf } from "./context.js";
import { tidy, toCondition } from "./convert.js";
import { numberConstant } from "./methods.js";
import {
  choose,
  constant,
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  type SymbolicValue,
  scalar,
} from "./symbolic-value.js";
import { join } from "./text.js";

/** Calls a function value with arguments. */
export type Call = (fn: Leaf, args: readonly SymbolicValue[], facts: Facts) => SymbolicValue;

/** An array whose elements are known one by one, and what is asked of it. */
export interface ArrayCall {
  readonly context: Context;
  readonly elements: readonly SymbolicValue[];
  readonly name: string;
  readonly args: readonly SymbolicValue[];
  readonly facts: Facts;
  readonly node: ts.CallExpression;
  readonly call: Call;
}

const mostElements = 1000;

/** What `...x`, `for (const y of x)` and `Array.from(x)` run through, where that is known; else undefined. */
export function listOf(symbolic: SymbolicValue): readonly SymbolicValue[] | undefined {
  if (symbolic.kind === "tuple") return symbolic.elements;
  if (symbolic.kind !== "constant") return undefined;
  const { value } = symbolic;
  if (types.isProxy(value)) return undefined;
  if (Array.isArray(value))
    return Array.from({ length: Math.min(value.length, 100_000) }, (_, i) => constant(value[i]));
  if (types.isSet(value)) return [...Set.prototype.values.call(value)].map(constant);
  if (types.isMap(value))
    return [...Map.prototype.entries.call(value)].map(([key, found]) => constant([key, found]));
  return typeof value === "string" ? [...value].map(constant) : undefined;
}

/** An array of these elements; of constants alone a constant. */
export function arrayOf(elements: readonly SymbolicValue[]): Leaf {
  if (elements.some((symbolic) => symbolic.kind === "invalid")) return INVALID;
  const values = elements.flatMap((symbolic) => (symbolic.kind === "constant" ? [symbolic.value] : []));
  return values.length === elements.length && elements.length > 0
    ? constant(values)
    : { kind: "tuple", elements };
}

/** Methods of an array whose elements are known one by one. */
export function arrayMethod(method: ArrayCall): SymbolicValue {
  const { context, elements, name, args, facts, node } = method;
  if (elements.length > mostElements)
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `${name} over ${elements.length} elements becomes too large for Zeek`,
      "use a Set with has",
    );
  switch (name) {
    case "includes":
      return includes(method);
    case "indexOf":
    case "findIndex":
    case "find":
      return search(method, [...elements.keys()]);
    case "lastIndexOf":
    case "findLastIndex":
    case "findLast":
      return search(method, [...elements.keys()].reverse());
    case "some":
    case "every":
      return quantified(method, name === "some");
    case "filter":
      return filtered(method);
    case "map":
      return arrayOf(elements.map((element, index) => run(method, element, index, facts)));
    case "flatMap":
      return flattened(
        method,
        elements.map((element, index) => run(method, element, index, facts)),
      );
    case "flat":
      if (args.length > 0 && numberConstant(args[0]) !== 1) break;
      return flattened(method, elements);
    case "reduce":
      return reduced(method, [...elements.entries()]);
    case "reduceRight":
      return reduced(method, [...elements.entries()].reverse());
    case "concat":
      return arrayOf([...elements, ...args.flatMap((arg) => (isArray(arg) ? (listOf(arg) ?? []) : [arg]))]);
    case "toReversed":
      return arrayOf([...elements].reverse());
    case "slice": {
      const [from, to] = args.map(numberConstant);
      if (args.some((arg) => numberConstant(arg) === undefined)) break;
      return arrayOf(elements.slice(from, to));
    }
    case "at": {
      const index = numberConstant(args[0]);
      if (index === undefined) break;
      return elements.at(index) ?? constant(undefined);
    }
    case "join":
      return joined(method);
  }
  return refuse(
    context,
    EXPRESSION_UNSUPPORTED,
    node,
    `Zeek cannot do ${name} on an array`,
    "docs/expressions.md lists what it can",
  );
}

/** The callback on one element: `(element, index, array)`. */
function run(
  { context, elements, args, call }: ArrayCall,
  element: SymbolicValue,
  index: number,
  facts: Facts,
): SymbolicValue {
  const [fn = constant(undefined)] = args;
  return mapLeaves(fn, facts, context.budget, (leaf, inside) =>
    call(leaf, [element, constant(index), { kind: "tuple", elements }], inside),
  );
}

function same({ context, args, node }: ArrayCall, element: SymbolicValue, facts: Facts): SymbolicValue {
  const [wanted = constant(undefined)] = args;
  return equality(context, element, wanted, facts, node, { loose: false, negated: false });
}

function includes(method: ArrayCall): SymbolicValue {
  const { context, elements, facts, node } = method;
  const span = spanOf(node);
  let found: Expression = bool(false, span);
  for (const element of elements) {
    const equal = toCondition(context, same(method, element, facts), facts, node);
    if (equal === undefined) return INVALID;
    found = or(found, equal, span);
  }
  return scalar(found);
}

function search(method: ArrayCall, order: readonly number[]): SymbolicValue {
  const { context, elements, name, facts, node } = method;
  const byIndex = name.endsWith("ndexOf") || name.endsWith("Index");
  const from = (at: number, inside: Facts): SymbolicValue => {
    const index = order[at];
    const element = index === undefined ? undefined : elements[index];
    if (index === undefined || element === undefined) return constant(byIndex ? -1 : undefined);
    const wanted = name.endsWith("ndexOf")
      ? same(method, element, inside)
      : run(method, element, index, inside);
    const condition = toCondition(context, wanted, inside, node);
    if (condition === undefined) return INVALID;
    return choose(
      inside,
      condition,
      () => (byIndex ? constant(index) : element),
      (deeper) => from(at + 1, deeper),
      spanOf(node),
    );
  };
  return from(0, facts);
}

function quantified(method: ArrayCall, stop: boolean): SymbolicValue {
  const { context, elements, facts, node } = method;
  const span = spanOf(node);
  const from = (index: number, inside: Facts): SymbolicValue => {
    const element = elements[index];
    if (element === undefined) return constant(!stop);
    const condition = toCondition(context, run(method, element, index, inside), inside, node);
    if (condition === undefined) return INVALID;
    const rest = (deeper: Facts): SymbolicValue => from(index + 1, deeper);
    return stop
      ? choose(inside, condition, () => constant(true), rest, span)
      : choose(inside, condition, rest, () => constant(false), span);
  };
  return tidy(context, from(0, facts), node);
}

/** One array for each way the conditions can come out: short ones only, which the budget sees to. */
function filtered(method: ArrayCall): SymbolicValue {
  const { context, elements, facts, node } = method;
  const from = (index: number, kept: readonly SymbolicValue[], inside: Facts): SymbolicValue => {
    context.budget.steps -= 1;
    if (context.budget.steps < 0) return INVALID;
    const element = elements[index];
    if (element === undefined) return { kind: "tuple", elements: kept };
    const condition = toCondition(context, run(method, element, index, inside), inside, node);
    if (condition === undefined) return INVALID;
    return choose(
      inside,
      condition,
      (deeper) => from(index + 1, [...kept, element], deeper),
      (deeper) => from(index + 1, kept, deeper),
      spanOf(node),
    );
  };
  const made = from(0, [], facts);
  return made.kind === "tuple" ? arrayOf(made.elements) : made;
}

function flattened({ context, name, node }: ArrayCall, elements: readonly SymbolicValue[]): SymbolicValue {
  const flat: SymbolicValue[] = [];
  for (const element of elements) {
    if (element.kind === "choice" || element.kind === "invalid")
      return element.kind === "invalid"
        ? element
        : refuse(
            context,
            EXPRESSION_UNSUPPORTED,
            node,
            `${name} needs elements that are arrays, or none, in every case`,
          );
    flat.push(...(isArray(element) ? (listOf(element) ?? []) : [element]));
  }
  return arrayOf(flat);
}

function isArray(symbolic: SymbolicValue): boolean {
  return (
    symbolic.kind === "tuple" ||
    (symbolic.kind === "constant" && !types.isProxy(symbolic.value) && Array.isArray(symbolic.value))
  );
}

function reduced(method: ArrayCall, entries: readonly (readonly [number, SymbolicValue])[]): SymbolicValue {
  const { context, elements, name, args, facts, node, call } = method;
  const [fn = constant(undefined), initial] = args;
  const [first, ...others] = entries;
  if (initial === undefined && first === undefined)
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `${name} of an empty array without a first value fails`,
    );
  let result: SymbolicValue = initial ?? first?.[1] ?? INVALID;
  for (const [index, element] of initial === undefined ? others : entries) {
    const before: SymbolicValue = result;
    result = mapLeaves(fn, facts, context.budget, (leaf, inside) =>
      call(leaf, [before, element, constant(index), { kind: "tuple", elements }], inside),
    );
    if (result.kind === "invalid") return result;
  }
  return result;
}

function joined({ context, elements, args, facts, node }: ArrayCall): SymbolicValue {
  const [given] = args;
  const separator =
    given === undefined
      ? ","
      : given.kind === "constant" && given.value !== undefined
        ? String(given.value)
        : undefined;
  if (separator === undefined)
    return refuse(context, EXPRESSION_UNSUPPORTED, node, "join needs a constant separator");
  const blank = (symbolic: SymbolicValue): SymbolicValue =>
    mapLeaves(symbolic, facts, context.budget, (leaf) =>
      leaf.kind === "constant" && (leaf.value === undefined || leaf.value === null) ? constant("") : leaf,
    );
  return join(
    context,
    elements.flatMap((element, i) => (i === 0 ? [blank(element)] : [constant(separator), blank(element)])),
    facts,
    node,
  );
}
