import { call } from "./zeek-reference-calls.js";
import {
  addressBits,
  arithmetic,
  bool,
  compare,
  distinct,
  fieldOf,
  indexOf,
  isIn,
  size,
  slice,
  subnet,
  Unknown,
  unary,
  unescaped,
  type Value,
  ZeekError,
} from "./zeek-reference-values.js";

export { print } from "./zeek-reference-calls.js";
export { addressBits, Unknown, type Value, ZeekError } from "./zeek-reference-values.js";

/**
 * A small evaluator of Zeek's expression language, written from docs/reference/zeek.md#language alone and tested on the records
 * of the oracle: it judges the text that zopf emits, and shares nothing with zopf's own evaluator.
 */
type Token = { readonly kind: string; readonly text: string };

const TOKEN =
  /^(?:(?<space>\s+)|(?<interval>(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)\s*(?:day|hr|min|sec|msec|usec)s?\b)|(?<subnet>(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*\])\/\d+)|(?<addr>\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*\])|(?<port>\d+\/(?:tcp|udp|icmp|unknown)\b)|(?<hex>0x[0-9a-fA-F]+)|(?<double>(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)|(?<count>\d+)|(?<string>"(?:\\[\s\S]|[^"\\\n])*")|(?<name>[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)|(?<op>\?\$|&&|\|\||==|!=|<=|>=|!in\b|[-+*/%!<>?:()[\],|$~&^]))/;

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let rest = source;
  while (rest !== "") {
    const last = tokens.at(-1);
    if (/^(?:<<|~)/.test(rest)) throw new Unknown("operators on bits and sets");
    // A slash where a value is expected begins a pattern.
    const wantsValue = last === undefined || (last.kind === "op" && ![")", "]"].includes(last.text));
    const closing = last?.text === "|" && openBars(tokens) % 2 === 0;
    if (rest.startsWith("/") && wantsValue && !closing) {
      const match = /^\/((?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|[^/\\\n])*)\/([is]*)/.exec(rest);
      if (match === null) throw new ZeekError("pattern");
      tokens.push({ kind: "pattern", text: `${match[2]}/${match[1]}` });
      rest = rest.slice(match[0].length);
      continue;
    }
    const match = TOKEN.exec(rest);
    if (match === null) throw new ZeekError(`syntax error at ${rest.slice(0, 20)}`);
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? "";
    const operand = last !== undefined && !wantsValue;
    const binaryBar = match[0] === "|" && operand && openBars(tokens) % 2 === 0;
    if (kind !== "space") tokens.push({ kind, text: binaryBar ? "bit-or" : match[0] });
    rest = rest.slice(match[0].length);
  }
  return tokens;
}

/** Bars of sizes since the last parenthesis that is still open. */
function openBars(tokens: readonly Token[]): number {
  let bars = 0;
  let depth = 0;
  for (const { kind, text } of tokens.toReversed()) {
    if (kind !== "op") continue;
    if (text === ")") depth++;
    else if (text === "(" && depth-- === 0) return bars;
    else if (text === "|" && depth === 0) bars++;
  }
  return bars;
}

/** Bit operators in parentheses of their own, as zopf writes them. */
const bitOperators = ["&", "^", "bit-or"];

export type Environment = Readonly<Record<string, Value>>;

/** Functions of the script, by their names. */
export type Functions = ReadonlyMap<string, (args: readonly Value[]) => Value>;

/** The value of an expression of Zeek; throws ZeekError where Zeek reports an error. */
export function evaluateZeek(
  source: string,
  environment: Environment,
  functions: Functions = new Map(),
): Value {
  const tokens = tokenize(source);
  let at = 0;
  const peek = (): string =>
    tokens[at]?.kind === "op" || tokens[at]?.kind === "name" ? (tokens[at]?.text ?? "") : "";
  const take = (): Token => {
    const token = tokens[at++];
    if (token === undefined) throw new ZeekError("syntax error at the end");
    return token;
  };
  const expect = (text: string): void => {
    if (take().text !== text) throw new ZeekError(`syntax error: ${text} expected`);
  };
  type Thunk = () => Value;

  const conditional = (): Thunk => {
    const condition = or();
    if (peek() !== "?") return condition;
    take();
    const whenTrue = conditional();
    expect(":");
    const whenFalse = conditional();
    return () => (bool(condition()) ? whenTrue() : whenFalse());
  };
  const or = (): Thunk => {
    let left = and();
    while (peek() === "||") {
      take();
      const [a, b] = [left, and()];
      left = () => ({ t: "bool", v: bool(a()) || bool(b()) });
    }
    return left;
  };
  const and = (): Thunk => {
    let left = comparison();
    while (peek() === "&&") {
      take();
      const [a, b] = [left, comparison()];
      left = () => ({ t: "bool", v: bool(a()) && bool(b()) });
    }
    return left;
  };
  const comparison = (): Thunk => {
    const left = membership();
    const operator = peek();
    if (!["==", "!=", "<", "<=", ">", ">="].includes(operator)) return left;
    take();
    const right = membership();
    if (["==", "!=", "<", "<=", ">", ">="].includes(peek())) throw new ZeekError("comparisons do not chain");
    return () => ({ t: "bool", v: compare(operator, left(), right()) });
  };
  const membership = (): Thunk => {
    let left = sum();
    for (;;) {
      const operator = peek();
      if (operator !== "in" && operator !== "!in") return left;
      take();
      const [a, b] = [left, sum()];
      left = () => ({ t: "bool", v: isIn(a(), b()) === (operator === "in") });
    }
  };
  const sum = (): Thunk => {
    let left = product();
    while (peek() === "+" || peek() === "-") {
      const operator = take().text;
      const [a, b] = [left, product()];
      left = () => arithmetic(operator, a(), b());
    }
    return left;
  };
  const product = (): Thunk => {
    let left = prefix();
    while (["*", "/", "%"].includes(peek())) {
      const operator = take().text;
      const [a, b] = [left, prefix()];
      left = () => arithmetic(operator, a(), b());
    }
    return left;
  };
  const prefix = (): Thunk => {
    const operator = peek();
    if (!["!", "-", "+"].includes(operator)) return postfix();
    take();
    const operand = prefix();
    return () => unary(operator, operand());
  };
  const postfix = (): Thunk => {
    let value = atom();
    for (;;) {
      const operator = peek();
      const inner = value;
      if (operator === "$" || operator === "?$") {
        take();
        const field = take().text;
        value = () => fieldOf(inner(), field, operator === "?$");
      } else if (operator === "[") {
        take();
        const index = conditional();
        if (peek() === ":") {
          take();
          const end = peek() === "]" ? undefined : conditional();
          expect("]");
          value = () => slice(inner(), index(), end?.());
        } else {
          expect("]");
          value = () => indexOf(inner(), index());
        }
      } else return value;
    }
  };
  const list = (end: string): Thunk[] => {
    const items: Thunk[] = [];
    if (peek() !== end) {
      do items.push(conditional());
      while (peek() === "," && take());
    }
    expect(end);
    return items;
  };
  const atom = (): Thunk => {
    const token = take();
    switch (token.kind) {
      case "count":
      case "hex": {
        const v = BigInt(token.text);
        return () => ({ t: "count", v: v > 18446744073709551615n ? 18446744073709551615n : v });
      }
      case "double": {
        const v = Number(token.text);
        return () => ({ t: "double", v });
      }
      case "string": {
        if (/\\x(?![0-9A-Fa-f])/.test(token.text)) throw new ZeekError("bad hexadecimal escape");
        const v = unescaped(token.text.slice(1, -1));
        return () => ({ t: "string", v });
      }
      case "pattern": {
        const cut = token.text.indexOf("/");
        return () => ({ t: "pattern", v: token.text.slice(cut + 1), flags: token.text.slice(0, cut) });
      }
      case "interval": {
        const [, digits, unit] = /^(.*?)\s*(day|hr|min|sec|msec|usec)s?$/.exec(token.text) ?? [];
        const sizes: Record<string, number> = {
          day: 86400,
          hr: 3600,
          min: 60,
          sec: 1,
          msec: 0.001,
          usec: 1e-6,
        };
        const size = sizes[unit ?? ""] ?? Number.NaN;
        const v = size < 1 ? Number(digits) / (1 / size) : Number(digits) * size;
        return () => ({ t: "interval", v });
      }
      case "addr": {
        const v = addressBits(token.text.replace(/[[\]]/g, ""));
        return () => ({ t: "addr", v });
      }
      case "subnet": {
        const [address = "", width = ""] = token.text.replace(/[[\]]/g, "").split("/");
        return () => subnet(addressBits(address), Number(width), !address.includes(":"));
      }
      case "port": {
        const [number = "", proto = ""] = token.text.split("/");
        if (Number(number) > 65535) throw new ZeekError("port");
        return () => ({ t: "port", v: Number(number), proto });
      }
      case "name":
        return name(token.text);
      case "op":
        if (token.text === "[") throw new Unknown("lists and records");
        if (token.text === "(") {
          const inner = conditional();
          if (bitOperators.includes(peek())) {
            const operator = take().text;
            const right = postfix();
            expect(")");
            return () => bits(operator, inner(), right());
          }
          expect(")");
          return inner;
        }
        if (token.text === "|") {
          const inner = conditional();
          if (peek() !== "|") throw new Unknown("a bar");
          expect("|");
          return () => size(inner());
        }
    }
    throw new ZeekError(`syntax error at ${token.text}`);
  };
  const name = (text: string): Thunk => {
    if (text === "table") throw new Unknown("tables");
    if (text === "T" || text === "F") return () => ({ t: "bool", v: text === "T" });
    if (peek() === "(") {
      take();
      const args = list(")");
      if (text === "set") return () => ({ t: "set", v: distinct(args.map((arg) => arg())) });
      if (text === "vector") return () => ({ t: "vector", v: args.map((arg) => arg()) });
      return () => {
        const values = args.map((arg) => arg());
        return functions.get(text)?.(values) ?? call(text, values);
      };
    }
    const found = environment[text];
    if (found !== undefined) return () => found;
    if (["tcp", "udp", "icmp", "unknown_transport"].includes(text)) return () => ({ t: "enum", v: text });
    throw new Unknown(text);
  };

  const result = conditional();
  if (tokens.some(({ text }, index) => index >= at && bitOperators.includes(text)))
    throw new Unknown("bit operators without parentheses");
  if (at !== tokens.length) throw new ZeekError(`syntax error at ${tokens[at]?.text}`);
  return result();
}

function bits(operator: string, left: Value, right: Value): Value {
  if (left.t !== "count" || right.t !== "count") throw new ZeekError('requires "count" operands');
  const v = operator === "&" ? left.v & right.v : operator === "^" ? left.v ^ right.v : left.v | right.v;
  return { t: "count", v };
}
