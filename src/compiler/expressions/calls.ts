import { types } from "node:util";
import type { ts } from "ts-morph";
import { literal, text } from "../../model/expression-builders.js";
import { propertyOf } from "./access.js";
import { anyElement, isTextList } from "./any-element.js";
import { arrayMethod, type Call, listOf } from "./arrays.js";
import { callBuiltin } from "./builtins.js";
import { EXPRESSION_ABSENT, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { lookUp, memberOf } from "./collections.js";
import { relation } from "./compare.js";
import { type Context, refuse, spanOf } from "./context.js";
import { describe, toCondition } from "./convert.js";
import { inline } from "./functions.js";
import { zeekMark } from "./marks.js";
import { addressIn, textMethod, valueMethod } from "./methods.js";
import { absolute, rounded } from "./numbers.js";
import { testPattern } from "./regexp.js";
import { isPure, statics } from "./statics.js";
import {
  choose,
  constant,
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  type Scope,
  SHORT,
  type SymbolicValue,
  scalar,
} from "./symbolic-value.js";
import { toText } from "./text.js";

/** A call; `chained` leaves the end of an optional chain that broke off as it is. */
export function visitCall(
  context: Context,
  node: ts.CallExpression,
  scope: Scope,
  facts: Facts,
  visitChain: (node: ts.Expression) => SymbolicValue,
): SymbolicValue {
  const { ts } = context;
  const args: SymbolicValue[] = [];
  for (const argument of node.arguments) {
    if (ts.isSpreadElement(argument)) {
      const spread = context.visit(argument.expression, scope, facts);
      const elements = listOf(spread);
      if (elements === undefined) {
        if (spread.kind === "invalid") return spread;
        return refuse(
          context,
          EXPRESSION_UNSUPPORTED,
          argument,
          "only arrays and Sets of the bundle can be spread (...) in Zeek",
          "write each argument",
        );
      }
      args.push(...elements);
    } else args.push(context.visit(argument, scope, facts));
  }
  if (args.some((arg) => arg.kind === "invalid")) return INVALID;
  let callee: ts.Expression = node.expression;
  while (ts.isParenthesizedExpression(callee) || ts.isNonNullExpression(callee)) callee = callee.expression;
  if (ts.isPropertyAccessExpression(callee)) {
    const name = callee.name.text;
    const receiver = visitChain(callee.expression);
    const optional = callee.questionDotToken !== undefined;
    return mapLeaves(receiver, facts, context.budget, (leaf, inside) => {
      if (leaf.kind === "short") return leaf;
      if (leaf.kind === "constant" && (leaf.value === undefined || leaf.value === null)) {
        if (optional) return SHORT;
        return refuse(
          context,
          EXPRESSION_ABSENT,
          node,
          `what stands before .${name} may be absent (undefined) here`,
          `write ?.${name}, or test it first`,
        );
      }
      return callMethod(context, leaf, name, args, inside, node);
    });
  }
  return mapLeaves(context.visit(callee, scope, facts), facts, context.budget, (leaf, inside) => {
    if (leaf.kind === "constant" && leaf.value === undefined && node.questionDotToken !== undefined)
      return SHORT;
    return callFunction(context, leaf, args, inside, node);
  });
}

function callMethod(
  context: Context,
  leaf: Leaf,
  name: string,
  args: readonly SymbolicValue[],
  facts: Facts,
  node: ts.CallExpression,
): SymbolicValue {
  switch (leaf.kind) {
    case "scalar": {
      if (isTextList(leaf.expression) && (name === "some" || name === "includes"))
        return anyElement(context, leaf.expression, name, args, facts, node, (fn, given, inside) =>
          mapLeaves(fn, inside, context.budget, (one, deeper) =>
            callFunction(context, one, given, deeper, node),
          ),
        );
      const method = { context, name, receiver: leaf, args, facts, node };
      return leaf.expression.type.kind === "string" ? textMethod(method) : valueMethod(method);
    }
    case "tuple":
      return tupleMethod(context, leaf.elements, name, args, facts, node);
    case "object":
      return mapLeaves(
        leaf.members.get(name) ?? constant(undefined),
        facts,
        context.budget,
        (found, inside) => callFunction(context, found, args, inside, node),
      );
    case "constant":
      return constantMethod(context, leaf.value, name, args, facts, node);
    default:
      return refuse(context, EXPRESSION_UNSUPPORTED, node, `Zeek cannot do ${name} on ${describe(leaf)}`);
  }
}

function constantMethod(
  context: Context,
  value: unknown,
  name: string,
  args: readonly SymbolicValue[],
  facts: Facts,
  node: ts.CallExpression,
): SymbolicValue {
  const mark = zeekMark(value);
  const [first = constant(undefined)] = args;
  if (mark?.kind === "global" && name === "has") {
    const networks = {
      kind: "global",
      name: mark.name,
      type: { kind: "set", of: [{ kind: "subnet" }] },
      span: spanOf(node),
    } as const;
    return addressIn(context, first, networks, facts, node);
  }
  if (mark?.kind === "constant" && mark.type === "subnet" && name === "has") {
    return addressIn(context, first, literal({ kind: "subnet" }, mark.value, spanOf(node)), facts, node);
  }
  if (mark?.kind === "constant") {
    if (name === "toString") return toText(context, constant(value), facts, node);
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `Zeek cannot do ${name} on ${describe(constant(value))}`,
    );
  }
  if (value instanceof RegExp && name === "test") return testPattern(context, value, first, facts, node);
  const method = propertyOf(value, name);
  if (types.isSet(value) && method === Set.prototype.has)
    return memberOf(context, [...Set.prototype.values.call(value)], first, facts, node);
  if (types.isMap(value) && method === Map.prototype.has)
    return memberOf(context, [...Map.prototype.keys.call(value)], first, facts, node);
  if (types.isMap(value) && method === Map.prototype.get) {
    const entries = [...Map.prototype.entries.call(value)].map(
      ([key, found]) => [key, constant(found)] as const,
    );
    return lookUp(context, entries, first, facts, node);
  }
  if (Array.isArray(value) && !args.every(isPlainConstant)) {
    if (name === "includes" && args.length === 1) return memberOf(context, value, first, facts, node);
    return tupleMethod(context, listOf(constant(value)) ?? [], name, args, facts, node);
  }
  const primitive = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  if ((primitive || Array.isArray(value)) && args.every(isPlainConstant))
    return callNatively(context, value, name, args, node);
  if (typeof value === "string") {
    const receiver = {
      kind: "scalar",
      expression: text(value, spanOf(node)),
      ascii: /^[\0-\x7f]*$/.test(value),
    } as const;
    return textMethod({ context, name, receiver, args, facts, node });
  }
  return callFunction(context, constant(propertyOf(value, name)), args, facts, node);
}

function isPlainConstant(symbolic: SymbolicValue): boolean {
  return symbolic.kind === "constant" && typeof symbolic.value !== "function";
}

/** A method of JavaScript's own on a constant, with constants. */
function callNatively(
  context: Context,
  value: unknown,
  name: string,
  args: readonly SymbolicValue[],
  node: ts.CallExpression,
): SymbolicValue {
  const method = propertyOf(value, name);
  const builtin = [String.prototype, Number.prototype, Boolean.prototype, Array.prototype].some(
    (prototype) => propertyOf(prototype, name) === method,
  );
  const changes = ["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"];
  if (typeof method !== "function" || !builtin || changes.includes(name)) {
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `Zeek cannot do ${name} on ${describe(constant(value))}`,
      "compute it outside of the function",
    );
  }
  const values = args.map((arg) => (arg.kind === "constant" ? arg.value : undefined));
  const large = values.some((arg) => typeof arg === "number" && arg > 100_000);
  try {
    if (!large) return constant(Reflect.apply(method, value, values));
  } catch {
    // Falls through to the diagnostic.
  }
  return refuse(context, EXPRESSION_UNSUPPORTED, node, `${name} fails with these arguments`);
}

function tupleMethod(
  context: Context,
  elements: readonly SymbolicValue[],
  name: string,
  args: readonly SymbolicValue[],
  facts: Facts,
  node: ts.CallExpression,
): SymbolicValue {
  return arrayMethod({ context, elements, name, args, facts, node, call: callWith(context, node) });
}

function callWith(context: Context, node: ts.CallExpression): Call {
  return (fn, args, facts) => callFunction(context, fn, args, facts, node);
}

type MathCall = (
  context: Context,
  args: readonly SymbolicValue[],
  facts: Facts,
  node: ts.CallExpression,
) => SymbolicValue;

const mathCalls: ReadonlyMap<unknown, MathCall> = new Map<unknown, MathCall>([
  [Math.floor, (context, args, facts, node) => rounded(context, "floor", args[0] ?? INVALID, facts, node)],
  [Math.ceil, (context, args, facts, node) => rounded(context, "ceil", args[0] ?? INVALID, facts, node)],
  [Math.round, (context, args, facts, node) => rounded(context, "round", args[0] ?? INVALID, facts, node)],
  [Math.trunc, (context, args, facts, node) => rounded(context, "trunc", args[0] ?? INVALID, facts, node)],
  [Math.abs, (context, args, facts, node) => absolute(context, args[0] ?? INVALID, facts, node)],
  [Math.min, (context, args, facts, node) => extreme(context, "<", args, facts, node)],
  [Math.max, (context, args, facts, node) => extreme(context, ">", args, facts, node)],
  [
    String,
    (context, args, facts, node) =>
      args[0] === undefined ? constant("") : toText(context, args[0], facts, node),
  ],
  [
    Boolean,
    (context, args, facts, node) => {
      const condition = toCondition(context, args[0] ?? constant(undefined), facts, node);
      return condition === undefined ? INVALID : scalar(condition);
    },
  ],
]);

function extreme(
  context: Context,
  operator: "<" | ">",
  args: readonly SymbolicValue[],
  facts: Facts,
  node: ts.CallExpression,
): SymbolicValue {
  let best: SymbolicValue | undefined;
  for (const arg of args) {
    if (best === undefined) {
      best = arg;
      continue;
    }
    const kept: SymbolicValue = best;
    const condition = toCondition(context, relation(context, operator, arg, kept, facts, node), facts, node);
    if (condition === undefined) return INVALID;
    best = choose(
      facts,
      condition,
      () => arg,
      () => kept,
      spanOf(node),
    );
  }
  return best ?? constant(operator === "<" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
}

/** A call of a function value. */
function callFunction(
  context: Context,
  leaf: Leaf,
  args: readonly SymbolicValue[],
  facts: Facts,
  node: ts.CallExpression,
): SymbolicValue {
  if (leaf.kind === "invalid") return leaf;
  if (leaf.kind === "closure") return inline(context, leaf.node, leaf.scope, args, facts, node);
  if (leaf.kind === "constant" && typeof leaf.value === "function") {
    const { value } = leaf;
    const mark = zeekMark(value);
    if (mark?.kind === "function") return callBuiltin(context, mark.name, args, node);
    const math = mathCalls.get(value) ?? statics.get(value);
    if (math !== undefined) return math(context, args, facts, node, callWith(context, node));
    const name = String(propertyOf(value, "name"));
    if (value === Math.random) {
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        node,
        "chance has no place in a detection: the replay could not repeat it",
        "leave it out",
      );
    }
    if (propertyOf(Math, name) === value || isPure(value)) {
      const values = args.map((arg) => (arg.kind === "constant" ? arg.value : undefined));
      if (args.every(isPlainConstant)) return constant(Reflect.apply(value, undefined, values));
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        node,
        `Zeek has no ${name}(...) that agrees with TypeScript's`,
        "docs/expressions.md lists what it has",
      );
    }
    const source = context.options.sourceOf?.(value) ?? null;
    if (source !== null)
      return inline(context, source.node, { names: new Map(), parent: null, source }, args, facts, node);
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `${name === "" ? "this function" : name} is no function of the bundle, so that Zeek cannot run it`,
      "write it in a bundle file, or use zopf's functions",
    );
  }
  return refuse(context, EXPRESSION_UNSUPPORTED, node, `${describe(leaf)} cannot be called`);
}
