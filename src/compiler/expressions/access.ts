import { types } from "node:util";
import type { ts } from "ts-morph";
import type { Expression, ZeekType } from "../../model/expression.js";
import { BOOL, binary, COUNT, literal, unary } from "../../model/expression-builders.js";
import { type FieldEntry, parseZeekType, zeekField } from "../../zeek-records/records.js";
import { EXPRESSION_ABSENT, EXPRESSION_TYPE, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { lookUp } from "./collections.js";
import { type Context, refuse, spanOf } from "./context.js";
import { describe } from "./convert.js";
import { zeekMark } from "./marks.js";
import { characterAt, numberConstant } from "./methods.js";
import {
  choose,
  constant,
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  type RecordLeaf,
  SHORT,
  type SymbolicValue,
  scalar,
} from "./symbolic-value.js";
import { lengthOf } from "./text.js";

export interface AccessOptions {
  /** `?.` stands here. */
  readonly optional: boolean;
  /** Part of a chain with a `?.` before it. */
  readonly chain: boolean;
}

/** `value.name`. */
export function member(
  context: Context,
  value: SymbolicValue,
  name: string,
  options: AccessOptions,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(value, facts, context.budget, (leaf, inside) => {
    switch (leaf.kind) {
      case "invalid":
      case "short":
        return leaf;
      case "record":
        return field(context, leaf, name, inside, node);
      case "tuple":
        return name === "length" ? constant(leaf.elements.length) : unknown(context, leaf, name, node);
      case "object":
        return leaf.members.get(name) ?? constant(undefined);
      case "scalar":
        return scalarMember(context, leaf, name, node);
      case "constant":
        return constantMember(context, leaf.value, name, options, node);
      case "closure":
        return unknown(context, leaf, name, node);
    }
  });
}

function unknown(context: Context, leaf: Leaf, name: string, node: ts.Node): Leaf {
  return refuse(
    context,
    EXPRESSION_UNSUPPORTED,
    node,
    `Zeek has no ${name} of ${describe(leaf)}`,
    "docs/expressions.md lists what it has",
  );
}

/** A field of a record, with the decision whether it is set where it is optional. */
function field(
  context: Context,
  record: RecordLeaf,
  name: string,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  if (record.record === "hit") return hitField(context, record, name, node);
  const entry = declaredField(context, record, name) ?? zeekField(record.record, name);
  if (entry === undefined) {
    return refuse(context, EXPRESSION_TYPE, node, `Zeek's record ${record.record} has no field ${name}`);
  }
  const type = parseZeekType(entry.type);
  const span = spanOf(node);
  const path = [...record.path, name];
  const value: Leaf =
    type.kind === "record"
      ? { kind: "record", parameter: record.parameter, path, record: type.name }
      : scalar({ kind: "field", parameter: record.parameter, path, type, span }, entry.ascii === true);
  if (entry.optional !== true) return value;
  const presence: Expression = { kind: "presence", parameter: record.parameter, path, type: BOOL, span };
  return choose(
    facts,
    presence,
    () => value,
    () => constant(undefined),
    span,
  );
}

/** A field that the bundle declares for the rows of a log of its own. */
function declaredField(context: Context, record: RecordLeaf, name: string): FieldEntry | undefined {
  const parameter = context.parameters.find((one) => one.name === record.parameter);
  return parameter?.kind === "record" && record.path.length === 0 ? parameter.fields?.get(name) : undefined;
}

function hitField(context: Context, record: RecordLeaf, name: string, node: ts.Node): SymbolicValue {
  const hit = context.parameters.find((parameter) => parameter.name === record.parameter);
  if (hit?.kind !== "hit") return INVALID;
  const span = spanOf(node);
  const read = (path: readonly string[], type: ZeekType): Leaf =>
    scalar({ kind: "field", parameter: hit.name, path, type, span }, type.kind !== "string");
  switch (name) {
    case "count":
      return read(["count"], hit.count);
    case "time":
      return read(["time"], { kind: "time" });
    case "key": {
      const parts = hit.key.map((type, i) => read(["key", String(i)], type));
      const [only] = parts;
      return hit.tuple || only === undefined ? { kind: "tuple", elements: parts } : only;
    }
    default:
      return refuse(context, EXPRESSION_TYPE, node, `a hit has key, count and time, not ${name}`);
  }
}

function scalarMember(
  context: Context,
  leaf: Leaf & { readonly kind: "scalar" },
  name: string,
  node: ts.Node,
): SymbolicValue {
  const { expression } = leaf;
  const { kind } = expression.type;
  const span = spanOf(node);
  if (name === "length" && kind === "string") return scalar(lengthOf(expression, leaf.ascii, node));
  if ((name === "length" && kind === "vector") || (name === "size" && kind === "set")) {
    return scalar(unary("size", expression, COUNT, span));
  }
  return unknown(context, leaf, name, node);
}

function constantMember(
  context: Context,
  value: unknown,
  name: string,
  options: AccessOptions,
  node: ts.Node,
): SymbolicValue {
  if (value === undefined || value === null) {
    if (options.optional) return SHORT;
    return refuse(
      context,
      EXPRESSION_ABSENT,
      node,
      `what stands before .${name} may be absent (undefined) here`,
      `write ?.${name}, or test it first`,
    );
  }
  if (zeekMark(value)?.kind === "constant") return unknown(context, constant(value), name, node);
  try {
    return captured(context, Reflect.get(Object(value), name, value), node);
  } catch {
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `reading .${name} of this value of the bundle fails`,
      "use a plain value",
    );
  }
}

/** A value of the bundle; not a Proxy, which may be something else at each look. */
export function captured(context: Context, value: unknown, node: ts.Node): Leaf {
  return types.isProxy(value)
    ? refuse(context, EXPRESSION_UNSUPPORTED, node, "this is a Proxy", "use a plain value")
    : constant(value);
}

/** A property of a value of the bundle; undefined where reading it fails. */
export function propertyOf(value: unknown, name: string): unknown {
  if (value === undefined || value === null) return undefined;
  try {
    return Reflect.get(Object(value), name, value);
  } catch {
    return undefined;
  }
}

/** `value[index]`. */
export function element(
  context: Context,
  value: SymbolicValue,
  index: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(value, facts, context.budget, (leaf, inside) => {
    if (leaf.kind === "invalid" || leaf.kind === "short") return leaf;
    if (index.kind === "constant") return elementAt(context, leaf, index.value, inside, node);
    const entries = entriesOf(leaf);
    if (entries !== undefined) return lookUp(context, entries, index, inside, node);
    return refuse(context, EXPRESSION_UNSUPPORTED, node, `${describe(leaf)} needs a constant index in Zeek`);
  });
}

function entriesOf(leaf: Leaf): readonly (readonly [unknown, SymbolicValue])[] | undefined {
  if (leaf.kind === "tuple") return leaf.elements.map((symbolic, i) => [i, symbolic]);
  if (leaf.kind === "object") return [...leaf.members];
  if (leaf.kind !== "constant") return undefined;
  if (Array.isArray(leaf.value)) return leaf.value.map((value, i) => [i, constant(value)]);
  return undefined;
}

function elementAt(context: Context, leaf: Leaf, index: unknown, facts: Facts, node: ts.Node): SymbolicValue {
  if (typeof index === "string") {
    return member(context, leaf, index, { optional: false, chain: false }, facts, node);
  }
  const at = numberConstant(constant(index));
  if (at === undefined)
    return refuse(context, EXPRESSION_UNSUPPORTED, node, "an index must be a whole number");
  if (leaf.kind === "tuple") return leaf.elements[at] ?? constant(undefined);
  if (leaf.kind === "constant") {
    if (leaf.value === undefined || leaf.value === null) {
      return refuse(
        context,
        EXPRESSION_ABSENT,
        node,
        "what stands before [ ] may be absent (undefined) here",
        "write ?.[ ]",
      );
    }
    return constant(propertyOf(leaf.value, String(at)));
  }
  if (leaf.kind === "scalar" && at >= 0) {
    const { expression } = leaf;
    if (expression.type.kind === "string") {
      return characterAt(context, leaf, at, constant(undefined), facts, node);
    }
    if (expression.type.kind === "vector") {
      const { of } = expression.type;
      const span = spanOf(node);
      const size = unary("size", expression, COUNT, span);
      return choose(
        facts,
        binary(">", size, literal(COUNT, at, span), BOOL, span),
        () => scalar({ kind: "index", operand: expression, index: at, type: of, span }),
        () => constant(undefined),
        span,
      );
    }
    if (context.parameters.some((parameter) => parameter.kind === "hit" && !parameter.tuple)) {
      return refuse(context, EXPRESSION_TYPE, node, "the key has one part", "write hit.key");
    }
  }
  return refuse(context, EXPRESSION_UNSUPPORTED, node, `Zeek has no [${at}] of ${describe(leaf)}`);
}
