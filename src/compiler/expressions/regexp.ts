import type { ts } from "ts-morph";
import type { Expression } from "../../model/expression.js";
import { BOOL, binary, text } from "../../model/expression-builders.js";
import { EXPRESSION_PATTERN, EXPRESSION_TYPE } from "./codes.js";
import { type Context, refuse, spanOf } from "./context.js";
import { describe, settle } from "./convert.js";
import { toZeekPattern } from "./patterns/zeek.js";
import { constant, type Facts, mapLeaves, type SymbolicValue, scalar } from "./symbolic-value.js";
import { toText } from "./text.js";

/** `/.../.test(text)`. */
export function testPattern(
  context: Context,
  pattern: RegExp,
  subject: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(settle(context, subject, node), facts, context.budget, (leaf, inside) => {
    // RegExp.prototype.test makes text of whatever it gets.
    const given = leaf.kind === "scalar" ? leaf : toText(context, leaf, inside, node);
    if (given.kind === "constant")
      return constant(new RegExp(pattern.source, flagsOf(pattern)).test(String(given.value)));
    if (given.kind === "invalid") return given;
    if (given.kind !== "scalar" || given.expression.type.kind !== "string") {
      return refuse(
        context,
        EXPRESSION_TYPE,
        node,
        `test needs a text, not ${describe(leaf)}`,
        "make a text of it: String(x)",
      );
    }
    const { expression } = given;
    const made = toZeekPattern(pattern, given.ascii);
    switch (made.kind) {
      case "refused":
        return refuse(context, EXPRESSION_PATTERN, node, `/${pattern.source}/: ${made.message}`, made.help);
      case "always":
        return constant(true);
      case "empty":
        return scalar(binary("==", expression, text("", spanOf(node)), BOOL, spanOf(node)));
      case "never":
        return constant(false);
      case "in":
      case "==": {
        const span = spanOf(node);
        const literal: Expression = { kind: "pattern", source: made.source, type: { kind: "pattern" }, span };
        return scalar(binary(made.kind, literal, expression, BOOL, span));
      }
    }
  });
}

function flagsOf(pattern: RegExp): string {
  return pattern.flags.replace(/[gy]/g, "");
}
