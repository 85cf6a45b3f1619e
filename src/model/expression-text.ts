import { showDuration } from "./duration.js";
import type { BinaryExpression, Expression, LiteralExpression } from "./expression.js";

/** How tightly TypeScript binds, loosest first. */
const levels = {
  conditional: 0,
  or: 1,
  and: 2,
  comparison: 3,
  bits: 4,
  sum: 5,
  product: 6,
  prefix: 7,
  primary: 8,
} as const;

interface Text {
  readonly text: string;
  readonly level: number;
}

/**
 * An Expression as people wrote it in the bundle, as far as its own parts tell: `c.conn.conn_state === "S0"`,
 * `!Site.local_nets.has(c.id.orig_h)`. For people, not for a compiler.
 */
export function expressionText(expression: Expression): string {
  return textOf(expression, new Map()).text;
}

/** A field as a bundle writes it: `c.id.orig_h`, `hit.key[0]`. */
export function fieldText(parameter: string, path: readonly string[]): string {
  return [parameter, ...path].map((part, at) => (at === 0 ? part : stepText(part))).join("");
}

const stepText = (part: string): string => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`);

/** What each `let` around a place has named. */
type Named = ReadonlyMap<string, Text>;

const primary = (text: string): Text => ({ text, level: levels.primary });

function textOf(node: Expression, named: Named): Text {
  const at = (part: Expression, level: number): string => {
    const { text, level: own } = textOf(part, named);
    return own >= level ? text : `(${text})`;
  };
  switch (node.kind) {
    case "literal":
      return primary(literalText(node));
    case "pattern":
      return primary(`/${node.source}/`);
    case "field":
      return primary(fieldText(node.parameter, node.path));
    case "presence":
      return { text: `${fieldText(node.parameter, node.path)} !== undefined`, level: levels.comparison };
    case "global":
      return primary(node.name.replaceAll("::", "."));
    case "variable":
      return named.get(node.name) ?? primary(node.name);
    case "let":
      return textOf(node.body, new Map(named).set(node.name, textOf(node.value, named)));
    case "set":
      return primary(`[${node.elements.map(literalText).join(", ")}]`);
    case "index":
      return primary(`${at(node.operand, levels.primary)}[${node.index}]`);
    case "call":
      return primary(
        `${node.function}(${node.arguments.map((part) => at(part, levels.conditional)).join(", ")})`,
      );
    case "conditional":
      return {
        text: `${at(node.condition, levels.or)} ? ${at(node.whenTrue, levels.or)} : ${at(node.whenFalse, levels.or)}`,
        level: levels.conditional,
      };
    case "unary":
      switch (node.operator) {
        case "size":
          return primary(`${at(node.operand, levels.primary)}.length`);
        case "not":
          return { text: `!${at(node.operand, levels.primary)}`, level: levels.prefix };
        default:
          return {
            text: `${node.operator === "plus" ? "+" : "-"}${at(node.operand, levels.primary)}`,
            level: levels.prefix,
          };
      }
    case "binary":
      return binaryText(node, at);
  }
}

function binaryText(node: BinaryExpression, at: (part: Expression, level: number) => string): Text {
  const { operator, left, right } = node;
  const sides = (word: string, level: number): Text => ({
    text: `${at(left, level)} ${word} ${at(right, level + 1)}`,
    level,
  });
  switch (operator) {
    case "in":
    case "!in": {
      const text =
        left.kind === "pattern"
          ? `${at(left, levels.primary)}.test(${at(right, levels.conditional)})`
          : `${at(right, levels.primary)}.${right.type.kind === "string" || right.kind === "set" || right.type.kind === "vector" ? "includes" : "has"}(${at(left, levels.conditional)})`;
      return operator === "in" ? primary(text) : { text: `!${text}`, level: levels.prefix };
    }
    case "&&":
      return sides("&&", levels.and);
    case "||":
      return sides("||", levels.or);
    case "==":
    case "!=":
      // A pattern for the whole text.
      if (left.kind === "pattern") {
        const text = `/^(?:${left.source})$/.test(${at(right, levels.conditional)})`;
        return operator === "==" ? primary(text) : { text: `!${text}`, level: levels.prefix };
      }
      return sides(`${operator}=`, levels.comparison);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return sides(operator, levels.comparison);
    case "&":
    case "|":
    case "^":
      return sides(operator, levels.bits);
    case "+":
    case "-":
      return sides(operator, levels.sum);
    case "*":
    case "/":
    case "%":
      return sides(operator, levels.product);
  }
}

function literalText({ value, type }: LiteralExpression): string {
  if (typeof value !== "string")
    return type.kind === "interval" ? `"${showDuration(Number(value))}"` : String(value);
  return JSON.stringify(value);
}
