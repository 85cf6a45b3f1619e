import type { Expression, LiteralExpression } from "../../model/expression.js";
import { zeekIdentifier, zeekString } from "./escape.js";
import { needsFunction } from "./parser-stack.js";

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

/** Gives a part of an expression a function of its own; what calls it. */
export type Lift = (part: Expression) => string;

/** An Expression as Zeek's source text, with parentheses where precedence needs them. */
export function emitExpression(expression: Expression, names: ParameterNames, lift: Lift): string {
  return new Emitter(names, lift).part(expression).text;
}

/** The same of the result of a function, which is not lifted into another one. */
export function emitResult(expression: Expression, names: ParameterNames, lift: Lift): string {
  return new Emitter(names, lift).whole(expression).text;
}

/** How the path of a parameter is spelled: `c$id$orig_h`, `n` for `hit$count`. */
export function spellPath(parameter: string, path: readonly string[], names: ParameterNames): string {
  const name = names[parameter] ?? parameter;
  return typeof name === "function" ? name(path) : [name, ...path].join("$");
}

function primary(text: string): Text {
  return { text, level: levels.primary };
}

class Emitter {
  private readonly names: ParameterNames;
  private readonly lift: Lift;

  constructor(names: ParameterNames, lift: Lift) {
    this.names = names;
    this.lift = lift;
  }

  /** An expression, or the call of the function that it has to be. */
  part(node: Expression): Text {
    return needsFunction(node) ? primary(this.lift(node)) : this.whole(node);
  }

  whole(node: Expression): Text {
    switch (node.kind) {
      case "literal":
        return literal(node);
      case "pattern":
        return primary(`/${node.source}/`);
      case "field":
        return primary(spellPath(node.parameter, node.path, this.names));
      case "presence":
        return this.presence(node);
      case "global":
        return primary(node.name.split("::").length > 1 ? node.name : zeekIdentifier(node.name));
      case "variable":
        return primary(zeekIdentifier(node.name));
      case "unary":
        return this.unary(node);
      case "binary":
        return this.binary(node);
      case "conditional": {
        const condition = this.at(node.condition, levels.or);
        const whenTrue = this.at(node.whenTrue, levels.or);
        const whenFalse = this.at(node.whenFalse, levels.or);
        return { text: `${condition} ? ${whenTrue} : ${whenFalse}`, level: levels.conditional };
      }
      case "call": {
        const made = `${zeekIdentifier(node.function)}(${this.list(node.arguments)})`;
        // Its result is a record with more than the entropy.
        return primary(node.function === "find_entropy" ? `${made}$entropy` : made);
      }
      case "set":
        return primary(`set(${this.list(node.elements)})`);
      case "index":
        return primary(`${this.at(node.operand, levels.primary)}[${node.index}]`);
      case "let":
        throw new Error("bug in zopf: a let stands in no expression of Zeek");
    }
  }

  /** The text of a part that must bind at least as tightly as the level. */
  private at(node: Expression, level: Level): string {
    const made = this.part(node);
    return made.level >= level ? made.text : `(${made.text})`;
  }

  private list(nodes: readonly Expression[]): string {
    return nodes.map((node) => this.at(node, levels.or)).join(", ");
  }

  private presence({ parameter, path }: Expression & { readonly kind: "presence" }): Text {
    const last = path.at(-1);
    if (last === undefined) return primary("T");
    return primary(`${spellPath(parameter, path.slice(0, -1), this.names)}?$${last}`);
  }

  private unary(node: Expression & { readonly kind: "unary" }): Text {
    const inner = this.part(node.operand);
    if (node.operator === "size") {
      const plain = inner.level === levels.primary && !inner.text.includes("|");
      return primary(plain ? `|${inner.text}|` : `|(${inner.text})|`);
    }
    const sign = { not: "! ", negate: "-", plus: "+" }[node.operator];
    // `--x` and `++x` are other operators in Zeek; a signed literal is no primary.
    const text = inner.level === levels.primary ? inner.text : `(${inner.text})`;
    return { text: `${sign}${text}`, level: levels.prefix };
  }

  private binary(node: Expression & { readonly kind: "binary" }): Text {
    const { operator, left, right } = node;
    switch (operator) {
      case "&&":
      case "||": {
        // A chain leans to the left; walked in a loop, so that a long one needs no stack.
        const parts: string[] = [];
        let first: Expression = node;
        while (first.kind === "binary" && first.operator === operator) {
          parts.push(this.at(first.right, levels.comparison));
          first = first.left;
        }
        parts.push(this.at(first, levels.comparison));
        const level = operator === "&&" ? levels.and : levels.or;
        return { text: parts.reverse().join(` ${operator} `), level };
      }
      case "==":
      case "!=":
      case "<":
      case "<=":
      case ">":
      case ">=":
        return this.sides(left, right, ` ${operator} `, levels.comparison, levels.sum, levels.sum);
      case "in":
      case "!in":
        return this.sides(left, right, ` ${operator} `, levels.membership, levels.prefix, levels.prefix);
      case "+":
      case "-":
        return this.sides(left, right, ` ${operator} `, levels.sum, levels.sum, levels.prefix);
      case "&":
      case "|":
      case "^":
        // In parentheses of their own: how tightly they bind, and whether a bar is a size, nobody has to know.
        return primary(`(${this.bitSide(left)} ${operator} ${this.bitSide(right)})`);
      case "*":
      case "/":
      case "%":
        if (node.type.kind === "subnet") {
          // address/width: written without blanks, as people write it.
          return this.sides(left, right, "/", levels.product, levels.primary, levels.primary);
        }
        return this.sides(left, right, ` ${operator} `, levels.product, levels.product, levels.prefix);
    }
  }

  private bitSide(node: Expression): string {
    const made = this.at(node, levels.primary);
    return made.includes("|") && !made.startsWith("(") ? `(${made})` : made;
  }

  private sides(
    left: Expression,
    right: Expression,
    operator: string,
    level: Level,
    leftLevel: Level,
    rightLevel: Level,
  ): Text {
    return { text: `${this.at(left, leftLevel)}${operator}${this.at(right, rightLevel)}`, level };
  }
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
