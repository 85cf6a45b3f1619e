import type { Expression, LiteralExpression } from "../../model/expression.js";
import { zeekIdentifier, zeekString } from "./escape.js";

/**
 * What a parameter is called in the emitted script: a variable (`c`, then `c$id$orig_h`), or a function that
 * spells a path of it (`(path) => path[0] === "count" ? "n" : ...`) where the parameter is no record there. Such
 * a spelling must be a primary expression: a name, a call, an index.
 */
export type ParameterNames = Readonly<Record<string, string | ((path: readonly string[]) => string)>>;

/** How tightly Zeek binds, loosest first (its parse.y). */
const levels = {
  conditional: 0,
  or: 1,
  and: 2,
  comparison: 3,
  membership: 4,
  sum: 5,
  product: 6,
  prefix: 7,
  primary: 8,
} as const;
type Level = (typeof levels)[keyof typeof levels];

interface Text {
  readonly text: string;
  readonly level: Level;
}

/** An Expression as Zeek's source text, with parentheses where precedence needs them. */
export function emitExpression(expression: Expression, names: ParameterNames = {}): string {
  return emit(expression, names).text;
}

function emit(node: Expression, names: ParameterNames): Text {
  switch (node.kind) {
    case "literal":
      return literal(node);
    case "pattern":
      return primary(`/${node.source}/`);
    case "field":
      return primary(spell(node.parameter, node.path, names));
    case "presence":
      return presence(node.parameter, node.path, names);
    case "global":
      return primary(node.name.split("::").length > 1 ? node.name : zeekIdentifier(node.name));
    case "unary":
      return unary(node, names);
    case "binary":
      return binary(node, names);
    case "conditional": {
      const condition = at(node.condition, levels.or, names);
      const whenTrue = at(node.whenTrue, levels.or, names);
      const whenFalse = at(node.whenFalse, levels.or, names);
      return { text: `${condition} ? ${whenTrue} : ${whenFalse}`, level: levels.conditional };
    }
    case "call": {
      const made = `${zeekIdentifier(node.function)}(${list(node.arguments, names)})`;
      // Its result is a record with more than the entropy.
      return primary(node.function === "find_entropy" ? `${made}$entropy` : made);
    }
    case "set":
      return primary(`set(${list(node.elements, names)})`);
    case "index":
      return primary(`${at(node.operand, levels.primary, names)}[${node.index}]`);
  }
}

function primary(text: string): Text {
  return { text, level: levels.primary };
}

/** The text of a part that must bind at least as tightly as the level. */
function at(node: Expression, level: Level, names: ParameterNames): string {
  const made = emit(node, names);
  return made.level >= level ? made.text : `(${made.text})`;
}

function list(nodes: readonly Expression[], names: ParameterNames): string {
  return nodes.map((node) => at(node, levels.or, names)).join(", ");
}

function spell(parameter: string, path: readonly string[], names: ParameterNames): string {
  const name = names[parameter] ?? parameter;
  return typeof name === "function" ? name(path) : [name, ...path].join("$");
}

function presence(parameter: string, path: readonly string[], names: ParameterNames): Text {
  const last = path.at(-1);
  if (last === undefined) return primary("T");
  return primary(`${spell(parameter, path.slice(0, -1), names)}?$${last}`);
}

function unary(node: Expression & { readonly kind: "unary" }, names: ParameterNames): Text {
  if (node.operator === "size") {
    const inner = emit(node.operand, names);
    return primary(
      inner.level === levels.primary && !inner.text.includes("|") ? `|${inner.text}|` : `|(${inner.text})|`,
    );
  }
  const sign = { not: "! ", negate: "-", plus: "+" }[node.operator];
  const inner = emit(node.operand, names);
  // `--x` and `++x` are other operators in Zeek; a signed literal is no primary.
  const text = inner.level === levels.primary ? inner.text : `(${inner.text})`;
  return { text: `${sign}${text}`, level: levels.prefix };
}

function binary(node: Expression & { readonly kind: "binary" }, names: ParameterNames): Text {
  const { operator, left, right } = node;
  switch (operator) {
    case "&&":
    case "||": {
      const level = operator === "&&" ? levels.and : levels.or;
      // A chain leans to the left; walked in a loop, so that a long one needs no stack.
      const parts: string[] = [];
      let first: Expression = node;
      while (first.kind === "binary" && first.operator === operator) {
        parts.push(at(first.right, levels.comparison, names));
        first = first.left;
      }
      parts.push(at(first, levels.comparison, names));
      return { text: parts.reverse().join(` ${operator} `), level };
    }
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return sides(left, right, ` ${operator} `, levels.comparison, levels.sum, levels.sum, names);
    case "in":
    case "!in":
      return sides(left, right, ` ${operator} `, levels.membership, levels.prefix, levels.prefix, names);
    case "+":
    case "-":
      return sides(left, right, ` ${operator} `, levels.sum, levels.sum, levels.prefix, names);
    case "&":
    case "|":
    case "^":
      // In parentheses of their own: how tightly they bind, and whether a bar is a size, nobody has to know.
      return primary(`(${bitSide(left, names)} ${operator} ${bitSide(right, names)})`);
    case "*":
    case "/":
    case "%":
      if (node.type.kind === "subnet") {
        // address/width: written without blanks, as people write it.
        return sides(left, right, "/", levels.product, levels.primary, levels.primary, names);
      }
      return sides(left, right, ` ${operator} `, levels.product, levels.product, levels.prefix, names);
  }
}

function bitSide(node: Expression, names: ParameterNames): string {
  const made = at(node, levels.primary, names);
  return made.includes("|") && !made.startsWith("(") ? `(${made})` : made;
}

function sides(
  left: Expression,
  right: Expression,
  operator: string,
  level: Level,
  leftLevel: Level,
  rightLevel: Level,
  names: ParameterNames,
): Text {
  return { text: `${at(left, leftLevel, names)}${operator}${at(right, rightLevel, names)}`, level };
}

function literal(node: LiteralExpression): Text {
  const { value, type } = node;
  switch (type.kind) {
    case "bool":
      return primary(value === true ? "T" : "F");
    case "string":
      return primary(zeekString(String(value)));
    case "count":
      return primary(integer(Number(value)));
    case "int":
      return {
        text: `${Number(value) < 0 ? "-" : "+"}${integer(Math.abs(Number(value)))}`,
        level: levels.prefix,
      };
    case "double":
      return signed(Number(value), double);
    case "interval":
      return signed(Number(value), interval);
    case "addr":
      return primary(String(value).includes(":") ? `[${String(value)}]` : String(value));
    case "subnet": {
      const [address = "", width = ""] = String(value).split("/");
      return primary(address.includes(":") ? `[${address}]/${width}` : `${address}/${width}`);
    }
    case "port":
      return primary(String(value));
    case "enum":
      return primary(zeekIdentifier(String(value)));
    default:
      throw new Error(`bug in zopf: Zeek has no literal of type ${type.kind}`);
  }
}

function signed(value: number, print: (magnitude: number) => string): Text {
  return value < 0 ? { text: `-${print(-value)}`, level: levels.prefix } : primary(print(value));
}

function integer(value: number): string {
  return BigInt(value).toString();
}

/** The shortest digits that give the number back, never without a point or an exponent. */
function double(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

const UNITS = [
  ["day", 86_400],
  ["hr", 3600],
  ["min", 60],
] as const;

function interval(seconds: number): string {
  for (const [unit, size] of UNITS) {
    const count = seconds / size;
    if (count > 0 && Number.isInteger(count)) return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return `${seconds} ${seconds === 1 ? "sec" : "secs"}`;
}
