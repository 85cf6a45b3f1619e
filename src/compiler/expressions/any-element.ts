/** `some` and `includes` of a list of texts that Zeek has, whose elements are not known at compile time. */
import type { ts } from "ts-morph";
import type { Expression } from "../../model/expression.js";
import {
  BOOL,
  binary,
  bool,
  COUNT,
  call,
  literal,
  or,
  STRING,
  unary,
} from "../../model/expression-builders.js";
import { EXPRESSION_TYPE, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { type Context, refuse, spanOf } from "./context.js";
import { toCondition, toExpression } from "./convert.js";
import { constant, type Facts, INVALID, mapLeaves, type SymbolicValue, scalar } from "./symbolic-value.js";

type Calling = (fn: SymbolicValue, args: readonly SymbolicValue[], facts: Facts) => SymbolicValue;

/** Whether a value is such a list. */
export function isTextList({ type }: Expression): boolean {
  return type.kind === "vector" && type.of.kind === "string";
}

/**
 * What asks each element becomes a call of one of zopf's functions in the script, in which Zeek can loop: `any_in`,
 * `any_is` for patterns, `any_equal` for a text. An element meets one of several tests where one element meets the first,
 * or one the second, so that `||` needs no more.
 */
export function anyElement(
  context: Context,
  list: Expression,
  name: "some" | "includes",
  args: readonly SymbolicValue[],
  facts: Facts,
  node: ts.CallExpression,
  calling: Calling,
): SymbolicValue {
  const span = spanOf(node);
  const [given = constant(undefined)] = args;
  if (name === "includes") {
    const wanted = toExpression(context, given, node);
    if (wanted === undefined) return INVALID;
    if (wanted.type.kind !== "string")
      return refuse(context, EXPRESSION_TYPE, node, "includes needs a text: the list holds texts");
    return scalar(call("any_equal", [list, wanted], BOOL, span));
  }
  const element: Expression = { kind: "variable", name: elementName, type: STRING, span };
  return mapLeaves(given, facts, context.budget, (fn, inside) => {
    const condition = toCondition(context, calling(fn, [scalar(element)], inside), inside, node);
    if (condition === undefined) return INVALID;
    const made = anyOf(condition, list);
    return made === null
      ? refuse(
          context,
          EXPRESSION_UNSUPPORTED,
          node,
          "of each element of a list of Zeek's only /.../.test(x) and x === text can be asked, with || between them",
          "call some once for each condition",
        )
      : scalar(made);
  });
}

/** Stands for the element while the function is read; no expression that is made holds it. */
const elementName = "element";

const isElement = (node: Expression): boolean => node.kind === "variable" && node.name === elementName;

/** The condition on one element as one on the list; null: it asks for something else. */
function anyOf(condition: Expression, list: Expression): Expression | null {
  const { span } = condition;
  if (condition.kind === "literal")
    return condition.value === true
      ? binary(">", unary("size", list, COUNT, span), literal(COUNT, 0, span), BOOL, span)
      : bool(false, span);
  if (condition.kind !== "binary") return null;
  const { operator, left, right } = condition;
  if (operator === "||") {
    const [one, other] = [anyOf(left, list), anyOf(right, list)];
    return one === null || other === null ? null : or(one, other, span);
  }
  if (left.kind === "pattern" && isElement(right))
    return operator === "in" || operator === "=="
      ? call(operator === "in" ? "any_in" : "any_is", [list, left], BOOL, span)
      : null;
  if (operator !== "==") return null;
  const text = isElement(left) ? right : isElement(right) ? left : null;
  return text?.kind === "literal" ? call("any_equal", [list, text], BOOL, span) : null;
}
