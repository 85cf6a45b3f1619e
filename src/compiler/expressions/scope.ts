import type { ts } from "ts-morph";
import { captured, element, member } from "./access.js";
import { arrayOf, listOf } from "./arrays.js";
import { EXPRESSION_UNSUPPORTED } from "./codes.js";
import { type Context, refuse } from "./context.js";
import { membersOf } from "./statics.js";
import {
  constant,
  type Facts,
  INVALID,
  mapLeaves,
  type Scope,
  type SymbolicValue,
} from "./symbolic-value.js";
import type { FunctionSource } from "./types.js";

export function newScope(parent: Scope | null, source: FunctionSource): Scope {
  return { names: new Map(), parent, source };
}

const globals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["Math", Math],
  ["Number", Number],
  ["String", String],
  ["Boolean", Boolean],
  ["Object", Object],
  ["Array", Array],
  ["parseInt", parseInt],
  ["parseFloat", parseFloat],
]);

/** What a name means where it stands. */
export function resolve(context: Context, node: ts.Identifier, scope: Scope): SymbolicValue {
  const name = node.text;
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  const { source } = scope;
  if (source.captured.has(name)) return captured(context, source.environment(name), node);
  if (globals.has(name)) return constant(globals.get(name));
  return refuse(
    context,
    EXPRESSION_UNSUPPORTED,
    node,
    `${name} is not known in Zeek`,
    "use the parameters, constants of the bundle and zopf's functions (docs/expressions.md)",
  );
}

/** Binds a parameter or a `const`: a name, or a pattern that takes a value apart. */
export function bind(
  context: Context,
  name: ts.BindingName,
  value: SymbolicValue,
  scope: Scope,
  facts: Facts,
): void {
  const { ts } = context;
  if (ts.isIdentifier(name)) {
    scope.names.set(name.text, value);
    return;
  }
  const taken: string[] = [];
  for (const [index, part] of name.elements.entries()) {
    if (ts.isOmittedExpression(part)) continue;
    if (part.dotDotDotToken !== undefined) {
      const left = ts.isArrayBindingPattern(name) ? listOf(value)?.slice(index) : undefined;
      const members = ts.isArrayBindingPattern(name) ? undefined : membersOf(value);
      const rest: SymbolicValue | undefined =
        left !== undefined
          ? arrayOf(left)
          : members !== undefined
            ? { kind: "object", members: new Map(members.filter(([key]) => !taken.includes(key))) }
            : undefined;
      if (rest === undefined && value.kind !== "invalid")
        refuse(
          context,
          EXPRESSION_UNSUPPORTED,
          part,
          "a rest element (...) of this cannot be expressed in Zeek",
          "name each part",
        );
      bind(context, part.name, rest ?? INVALID, scope, facts);
      continue;
    }
    let found: SymbolicValue;
    if (ts.isArrayBindingPattern(name)) found = element(context, value, constant(index), facts, part);
    else {
      const key = part.propertyName ?? part.name;
      const text = ts.isIdentifier(key) || ts.isStringLiteral(key) ? key.text : undefined;
      if (text === undefined) {
        found = refuse(
          context,
          EXPRESSION_UNSUPPORTED,
          part,
          "a computed name cannot be taken apart in Zeek",
        );
      } else {
        taken.push(text);
        found = member(context, value, text, { optional: false, chain: false }, facts, part);
      }
    }
    const initializer = part.initializer;
    if (initializer !== undefined) {
      found = mapLeaves(found, facts, context.budget, (leaf, inside) =>
        leaf.kind === "constant" && leaf.value === undefined
          ? context.visit(initializer, scope, inside)
          : leaf,
      );
    }
    bind(context, part.name, found, scope, facts);
  }
}
