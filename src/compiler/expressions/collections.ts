import type { ts } from "ts-morph";
import type { Expression, LiteralExpression, ZeekType } from "../../model/expression.js";
import { BOOL, binary, bool, call, keyOf, literal, or, STRING } from "../../model/expression-builders.js";
import { zeekEnum } from "../../zeek-records/records.js";
import { EXPRESSION_TYPE, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { equalLeaves, hasLoneSurrogate, plain } from "./compare.js";
import { type Context, refuse, spanOf } from "./context.js";
import { describe, isOpaque, literalFromText, literalOf, settle, typeName } from "./convert.js";
import {
  choose,
  constant,
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  numeric,
  type SymbolicValue,
  scalar,
} from "./symbolic-value.js";

/** `[...].includes(x)`, `new Set([...]).has(x)` with elements that are constants of the bundle. */
export function memberOf(
  context: Context,
  elements: readonly unknown[],
  subject: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(settle(context, subject, node), facts, context.budget, (leaf) => {
    if (leaf.kind === "short") return constant(elements.includes(undefined));
    if (leaf.kind === "constant") return constant(elements.map(plain).includes(plain(leaf.value)));
    if (leaf.kind !== "scalar") {
      return refuse(context, EXPRESSION_TYPE, node, `${describe(leaf)} cannot be looked up in Zeek`);
    }
    const { expression } = leaf;
    const span = spanOf(node);
    if (expression.type.kind === "bool" || expression.type.kind === "double") {
      return anyOf(context, elements, leaf, node);
    }
    const literals = new Map<string, LiteralExpression>();
    let type = expression.type;
    // An enum whose values zopf does not know is compared as text.
    const open = type.kind === "enum" && (zeekEnum(type.name)?.values.length ?? 0) === 0;
    if (open) type = STRING;
    for (const element of elements) {
      const made = elementAs(element, type, node);
      if (typeof made === "string") return refuse(context, EXPRESSION_TYPE, node, made);
      if (made !== undefined) literals.set(keyOf(made), made);
    }
    const found = [...literals.values()];
    const looked = open ? call("cat", [expression], STRING, span) : expression;
    const [only] = found;
    if (only === undefined) return scalar(bool(false, span));
    if (found.length === 1) return scalar(binary("==", looked, countFor(only), BOOL, span));
    const set = { kind: "set", elements: found, type: { kind: "set", of: [type] }, span } as const;
    return scalar(binary("in", looked, set, BOOL, span));
  });
}

function countFor(node: LiteralExpression): LiteralExpression {
  const small = node.type.kind === "int" && typeof node.value === "number" && node.value >= 0;
  return small ? { ...node, type: { kind: "count" } } : node;
}

/** An element as a literal of the type; undefined: no value of the type equals it; text: what is wrong. */
function elementAs(element: unknown, type: ZeekType, node: ts.Node): LiteralExpression | string | undefined {
  const span = spanOf(node);
  if (typeof element === "string" && isOpaque(type)) return literalFromText(element, type, span);
  if (typeof element === "string" && type.kind === "enum") {
    return zeekEnum(type.name)?.values.includes(element) === true ? literal(type, element, span) : undefined;
  }
  if (typeof element === "string" && hasLoneSurrogate(element)) return undefined;
  const made = literalOf(element, span);
  if (made === undefined) {
    return element === undefined || element === null || typeof element === "number"
      ? undefined
      : `a ${typeof element} cannot be looked up in Zeek`;
  }
  if (numeric(type) && numeric(made.type)) {
    const value = Number(made.value);
    if (!Number.isInteger(value) || (type.kind === "count" && value < 0)) return undefined;
    return { ...made, type };
  }
  return typeName(made.type) === typeName(type)
    ? made
    : `${describe(constant(element))} is no ${typeName(type)}, so that nothing can equal it`;
}

function anyOf(context: Context, elements: readonly unknown[], leaf: Leaf, node: ts.Node): SymbolicValue {
  let found: Expression = bool(false, spanOf(node));
  for (const element of elements) {
    const equal = equalLeaves(context, leaf, constant(element), node);
    if (equal === undefined) return INVALID;
    found = or(found, equal, spanOf(node));
  }
  return scalar(found);
}

/** `map.get(x)`, `record[x]` with constant keys: one decision a key. */
export function lookUp(
  context: Context,
  entries: readonly (readonly [unknown, SymbolicValue])[],
  subject: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  if (entries.length > 200) {
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `a look-up among ${entries.length} entries becomes too large for Zeek`,
      "use a Set where only membership matters",
    );
  }
  return mapLeaves(settle(context, subject, node), facts, context.budget, (leaf, outer) => {
    const from = (at: number, inside: Facts): SymbolicValue => {
      const entry = entries[at];
      if (entry === undefined) return constant(undefined);
      const equal = equalLeaves(context, leaf, constant(entry[0]), node);
      if (equal === undefined) return INVALID;
      return choose(
        inside,
        equal,
        () => entry[1],
        (deeper) => from(at + 1, deeper),
        spanOf(node),
      );
    };
    return from(0, outer);
  });
}
