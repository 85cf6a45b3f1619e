/**
 * A small evaluator of Zeek's expression language, written from spec/zeek.md 6 alone and tested on the records
 * of the oracle: it judges the text that zopf emits, and shares nothing with zopf's own evaluator.
 */
export type Value =
  | { readonly t: "bool"; readonly v: boolean }
  | { readonly t: "count" | "int"; readonly v: bigint }
  | { readonly t: "double" | "interval" | "time"; readonly v: number }
  | { readonly t: "string"; readonly v: string }
  | { readonly t: "addr"; readonly v: bigint }
  | { readonly t: "subnet"; readonly v: bigint; readonly width: number }
  | { readonly t: "port"; readonly v: number; readonly proto: string }
  | { readonly t: "enum"; readonly v: string }
  | { readonly t: "pattern"; readonly v: string; readonly flags: string }
  | { readonly t: "set"; readonly v: readonly Value[] }
  | { readonly t: "vector"; readonly v: readonly Value[] }
  | {
      readonly t: "record";
      readonly v: Readonly<Record<string, Value | undefined>>;
      readonly fields: ReadonlySet<string>;
    };

/** What Zeek reports: at parse time, or when it runs. */
export class ZeekError extends Error {}
/** Something this evaluator does not know. */
export class Unknown extends Error {}

type Token = { readonly kind: string; readonly text: string };

const TOKEN =
  /^(?:(?<space>\s+)|(?<interval>(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)\s*(?:day|hr|min|sec|msec|usec)s?\b)|(?<subnet>(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*\])\/\d+)|(?<addr>\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*\])|(?<port>\d+\/(?:tcp|udp|icmp|unknown)\b)|(?<hex>0x[0-9a-fA-F]+)|(?<double>(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)|(?<count>\d+)|(?<string>"(?:\\[\s\S]|[^"\\\n])*")|(?<name>[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)|(?<op>\?\$|&&|\|\||==|!=|<=|>=|!in\b|[-+*/%!<>?:()[\],|$~&^]))/;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let rest = source;
  while (rest !== "") {
    const last = tokens.at(-1);
    if (/^(?:<<|[~^]|&(?!&))/.test(rest)) throw new Unknown("operators on bits and sets");
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
    if (kind !== "space") tokens.push({ kind, text: match[0] });
    rest = rest.slice(match[0].length);
  }
  return tokens;
}

function openBars(tokens: readonly Token[]): number {
  return tokens.filter((token) => token.text === "|").length;
}

export type Environment = Readonly<Record<string, Value>>;

/** The value of an expression of Zeek; throws ZeekError where Zeek reports an error. */
export function evaluateZeek(source: string, environment: Environment): Value {
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
      return () =>
        call(
          text,
          args.map((arg) => arg()),
        );
    }
    const found = environment[text];
    if (found !== undefined) return () => found;
    if (["tcp", "udp", "icmp", "unknown_transport"].includes(text)) return () => ({ t: "enum", v: text });
    throw new Unknown(text);
  };

  const result = conditional();
  if (at !== tokens.length) throw new ZeekError(`syntax error at ${tokens[at]?.text}`);
  return result();
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|([\s\S]))|[^\\]+/g, (all, hex, octal, other) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const named: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
    if (other !== undefined) return named[other] ?? other;
    return Buffer.from(all, "utf8").toString("latin1");
  });
}

function bool(value: Value): boolean {
  if (value.t !== "bool") throw new ZeekError("requires boolean operands");
  return value.v;
}

/** 128 bits; IPv4 as v4-mapped. */
export function addressBits(text: string): bigint {
  const mapped = 0xffffn << 32n;
  const v4 = (dotted: string): bigint => {
    const parts = dotted.split(".").map(Number);
    if (parts.length !== 4 || parts.some((part) => !(part <= 255)))
      throw new ZeekError(`bad address ${dotted}`);
    return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  };
  if (!text.includes(":")) return mapped + v4(text);
  const [head = "", tail] = text.split("::");
  const groups = (half: string): bigint[] =>
    half === ""
      ? []
      : half.split(":").flatMap((group) => {
          if (!group.includes(".")) return [BigInt(`0x${group}`)];
          const bits = v4(group);
          return [bits >> 16n, bits & 0xffffn];
        });
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = new Array<bigint>(8 - front.length - back.length).fill(0n);
  return [...front, ...zeros, ...back].reduce((sum, group) => (sum << 16n) + group, 0n);
}

function isV4(bits: bigint): boolean {
  return bits >> 32n === 0xffffn;
}

function addressText(bits: bigint): string {
  if (isV4(bits)) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join(".");
  const groups = [...Array(8).keys()].map((i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const runs = [...groups.join(":").matchAll(/(?:^|:)(0(?::0)+)(?=:|$)/g)];
  const longest = runs.reduce(
    (best, run) => ((run[1] ?? "").length > best.length ? (run[1] ?? "") : best),
    "",
  );
  if (longest === "") return groups.join(":");
  const joined = `:${groups.join(":")}:`;
  return joined.replace(`:${longest}:`, "::").replace(/^:(?!:)|(?<!:):$/g, "");
}

function subnet(bits: bigint, width: number, v4: boolean): Value {
  const full = v4 ? width + 96 : width;
  if (full > 128) throw new ZeekError("bad subnet width");
  const mask = full === 0 ? 0n : ((1n << BigInt(full)) - 1n) << BigInt(128 - full);
  return { t: "subnet", v: bits & mask, width: full };
}

const MAX = 1n << 64n;

function wrap(type: "count" | "int", value: bigint): Value {
  if (type === "int") return { t: "int", v: BigInt.asIntN(64, value) };
  if (value < 0n) throw new ZeekError("count underflow");
  return { t: "count", v: value % MAX };
}

function isNumber(value: Value): value is Value & { readonly t: "count" | "int" | "double" } {
  return value.t === "count" || value.t === "int" || value.t === "double";
}

function arithmetic(operator: string, a: Value, b: Value): Value {
  if (a.t === "string" && b.t === "string" && operator === "+") return { t: "string", v: a.v + b.v };
  if (a.t === "addr" && operator === "/" && b.t === "count") return subnet(a.v, Number(b.v), isV4(a.v));
  if (a.t === "interval" || b.t === "interval") return intervals(operator, a, b);
  if (!isNumber(a) || !isNumber(b)) throw new ZeekError("requires arithmetic operands");
  if (a.t === "double" || b.t === "double") {
    const [x, y] = [Number(a.v), Number(b.v)];
    if (operator === "%") throw new ZeekError("requires integral operands");
    if (operator === "/" && y === 0) throw new ZeekError("division by zero");
    const v = operator === "+" ? x + y : operator === "-" ? x - y : operator === "*" ? x * y : x / y;
    return { t: "double", v };
  }
  const type = a.t === "int" || b.t === "int" ? "int" : "count";
  const [x, y] = [a.v, b.v];
  if (type === "int" && (x >= 1n << 63n || y >= 1n << 63n)) throw new ZeekError("overflow promoting");
  if ((operator === "/" || operator === "%") && y === 0n) throw new ZeekError("division by zero");
  const v =
    operator === "+"
      ? x + y
      : operator === "-"
        ? x - y
        : operator === "*"
          ? x * y
          : operator === "/"
            ? x / y
            : x % y;
  return wrap(type, v);
}

function intervals(operator: string, a: Value, b: Value): Value {
  if (a.t === "interval" && b.t === "interval") {
    if (operator === "+") return { t: "interval", v: a.v + b.v };
    if (operator === "-") return { t: "interval", v: a.v - b.v };
    if (operator === "/") return { t: "double", v: a.v / b.v };
  }
  if (a.t === "interval" && isNumber(b) && (operator === "*" || operator === "/")) {
    return { t: "interval", v: operator === "*" ? a.v * Number(b.v) : a.v / Number(b.v) };
  }
  if (b.t === "interval" && isNumber(a) && operator === "*") return { t: "interval", v: Number(a.v) * b.v };
  throw new ZeekError("requires arithmetic operands");
}

function unary(operator: string, value: Value): Value {
  if (operator === "!") {
    if (value.t === "count" || value.t === "int") return { t: "bool", v: value.v === 0n };
    return { t: "bool", v: !bool(value) };
  }
  if (value.t === "double" || value.t === "interval")
    return { ...value, v: operator === "-" ? -value.v : value.v };
  if (value.t === "count" || value.t === "int") return wrap("int", operator === "-" ? -value.v : value.v);
  throw new ZeekError(`requires an arithmetic operand (${operator})`);
}

const PROTOS = ["unknown", "tcp", "udp", "icmp"];

function compare(operator: string, a: Value, b: Value): boolean {
  if (a.t === "pattern") {
    if (b.t !== "string") throw new ZeekError("type clash in comparison");
    const found = matches(a, b.v, true);
    if (operator !== "==" && operator !== "!=") throw new ZeekError("illegal comparison");
    return found === (operator === "==");
  }
  const order = orderOf(a, b, operator);
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}

function orderOf(a: Value, b: Value, operator: string): number {
  const equality = operator === "==" || operator === "!=";
  const by = (x: bigint | number | string, y: bigint | number | string): number =>
    x < y ? -1 : x > y ? 1 : 0;
  if (isNumber(a) && isNumber(b)) {
    if (a.t !== "double" && b.t !== "double" && a.t !== b.t && (a.v >= 1n << 63n || b.v >= 1n << 63n)) {
      throw new ZeekError("overflow promoting");
    }
    return by(a.v, b.v);
  }
  if (a.t !== b.t) throw new ZeekError(`type clash in comparison (${a.t}, ${b.t})`);
  switch (a.t) {
    case "string":
    case "interval":
    case "time":
    case "addr":
      return by(a.v, (b as typeof a).v);
    case "port":
      return by(
        PROTOS.indexOf(a.proto) * 65536 + a.v,
        PROTOS.indexOf((b as typeof a).proto) * 65536 + (b as typeof a).v,
      );
    case "subnet":
      if (!equality) throw new ZeekError("illegal comparison");
      return a.v === (b as typeof a).v && a.width === (b as typeof a).width ? 0 : 1;
    case "bool":
    case "enum":
      if (!equality) throw new ZeekError("illegal comparison");
      return a.v === (b as typeof a).v ? 0 : 1;
    default:
      throw new Unknown(`comparison of ${a.t}`);
  }
}

function isIn(a: Value, b: Value): boolean {
  if (a.t === "pattern" && b.t === "string") return matches(a, b.v, false);
  if (a.t === "string" && b.t === "string") return b.v.includes(a.v);
  if (a.t === "addr" && b.t === "subnet") return contains(b, a.v);
  if (b.t === "set") {
    if (a.t === "subnet" && b.v[0]?.t === "subnet") {
      return b.v.some((one) => one.t === "subnet" && one.width <= a.width && contains(one, a.v));
    }
    if (a.t === "addr" && b.v[0]?.t === "subnet")
      return b.v.some((one) => one.t === "subnet" && contains(one, a.v));
    if (b.v.some((one) => one.t !== a.t)) throw new ZeekError(`not an index type (${a.t} in set)`);
    return b.v.some((one) => key(one) === key(a));
  }
  if (b.t === "vector" && a.t === "count") return a.v < BigInt(b.v.length);
  throw new ZeekError(`not an index type (${a.t} in ${b.t})`);
}

function contains(net: Value & { readonly t: "subnet" }, bits: bigint): boolean {
  const masked = subnet(bits, net.width, false);
  return masked.t === "subnet" && masked.v === net.v;
}

function key(value: Value): string {
  return value.t === "port"
    ? `${value.v}/${value.proto}`
    : value.t === "subnet"
      ? `${value.v}/${value.width}`
      : String(value.v);
}

function distinct(values: readonly Value[]): readonly Value[] {
  if (values.some((value) => value.t !== values[0]?.t)) throw new ZeekError("type mismatch in set");
  return [...new Map(values.map((value) => [key(value), value])).values()];
}

function fieldOf(value: Value, field: string, asks: boolean): Value {
  if (value.t !== "record") throw new ZeekError("not a record");
  if (!value.fields.has(field)) throw new ZeekError(`no such field in record (${field})`);
  const found = value.v[field];
  if (asks) return { t: "bool", v: found !== undefined };
  if (found === undefined) throw new ZeekError(`field value missing (${field})`);
  return found;
}

function indexOf(value: Value, index: Value): Value {
  if (index.t !== "count" && index.t !== "int") throw new ZeekError("not an index type");
  const at = Number(index.v);
  if (value.t === "string") return { t: "string", v: value.v.at(at) ?? "" };
  if (value.t !== "vector") throw new Unknown(`index of ${value.t}`);
  const found = value.v.at(at);
  if (found === undefined) throw new ZeekError("no such index");
  return found;
}

function slice(value: Value, from: Value, to: Value | undefined): Value {
  const end = to === undefined ? undefined : Number(to.v);
  if (value.t === "string") return { t: "string", v: value.v.slice(Number(from.v), end) };
  if (value.t === "vector") return { t: "vector", v: value.v.slice(Number(from.v), end) };
  throw new Unknown("slice");
}

function size(value: Value): Value {
  switch (value.t) {
    case "string":
    case "set":
    case "vector":
      return { t: "count", v: BigInt(value.v.length) };
    case "count":
      return value;
    case "int":
      return { t: "count", v: value.v < 0n ? -value.v : value.v };
    case "double":
    case "interval":
      return { t: "double", v: Math.abs(value.v) };
    case "addr":
      return { t: "count", v: isV4(value.v) ? 32n : 128n };
    case "subnet":
      return { t: "double", v: 2 ** (128 - value.width) };
    case "record":
      return { t: "count", v: BigInt(value.fields.size) };
    default:
      throw new Unknown(`size of ${value.t}`);
  }
}

/** Zeek's pattern as a regular expression of JavaScript over bytes. */
export function patternToRegExp(source: string, flags: string, whole: boolean): RegExp {
  const stack: string[] = [flags];
  let out = "";
  let at = 0;
  const dot = (): string => (stack.at(-1)?.includes("s") ? "[^]" : "[^\\n]");
  const byte = (): number => {
    const next = source[at++] ?? "";
    if (next !== "\\") return next.charCodeAt(0);
    const match = /^(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|([\s\S]))/.exec(source.slice(at));
    if (match === null) throw new ZeekError("escape");
    at += match[0].length;
    if (match[1] !== undefined) return Number.parseInt(match[1], 16);
    if (match[2] !== undefined) return Number.parseInt(match[2], 8);
    const named: Record<string, number> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 };
    return named[match[3] ?? ""] ?? (match[3] ?? "").charCodeAt(0);
  };
  const hex = (code: number): string => `\\x${code.toString(16).padStart(2, "0")}`;
  const single = (code: number): string => {
    const letter = String.fromCharCode(code);
    if (stack.at(-1)?.includes("i") && /[A-Za-z]/.test(letter))
      return `[${letter.toLowerCase()}${letter.toUpperCase()}]`;
    return hex(code);
  };
  const last = (): boolean => out === "" || /(?:^|[^\\])[(|]$/.test(out);
  while (at < source.length) {
    const next = source[at];
    if (next === "(") {
      at++;
      const named = /^\?([is]):/.exec(source.slice(at));
      if (source[at] === "?" && named === null) throw new ZeekError("error compiling pattern");
      stack.push((stack.at(-1) ?? "") + (named?.[1] ?? ""));
      at += named === null ? 0 : 3;
      out += "(?:";
    } else if (next === ")") {
      at++;
      if (/[^\\]\|$/.test(out)) throw new ZeekError("empty branch");
      stack.pop();
      out += ")";
    } else if (next === "|") {
      if (last()) throw new ZeekError("empty branch");
      at++;
      out += "|";
    } else if (next === ".") {
      at++;
      out += dot();
    } else if (next === "^" || next === "$") {
      at++;
      out += next === "^" ? "(?<![^])" : "(?![^])";
    } else if (next === "*" || next === "+" || next === "?") {
      if (last()) throw new ZeekError("error compiling pattern");
      at++;
      out = out.replace(/([*+?}])$/, "$1") + next;
      // Zeek has no lazy or possessive quantifiers: a second one applies to the first.
      out = out.replace(/((?:\(\?:[^()]*\)|\[[^\]]*\]|\\x..|.)[*+?])([*+?])$/, "(?:$1)$2");
    } else if (next === "{") {
      const match = /^\{(\d+)(,(\d*))?\}/.exec(source.slice(at));
      if (match === null || last()) throw new ZeekError("error compiling pattern");
      if (match[3] !== undefined && match[3] !== "" && Number(match[3]) < Number(match[1]))
        throw new ZeekError("bad iteration values");
      at += match[0].length;
      out += match[0];
    } else if (next === "}") throw new ZeekError("error compiling pattern");
    else if (next === '"') {
      at++;
      out += "(?:";
      while (source[at] !== '"') {
        if (at >= source.length) throw new ZeekError("missing quote");
        out += single(byte());
      }
      at++;
      out += ")";
    } else if (next === "[") {
      at++;
      const negated = source[at] === "^";
      if (negated) at++;
      let inner = "";
      while (source[at] !== "]") {
        if (at >= source.length) throw new ZeekError("unterminated character class");
        const named = /^\[:(\w+):\]/.exec(source.slice(at));
        if (named !== null) {
          const classes: Record<string, string> = {
            digit: "0-9",
            alpha: "A-Za-z",
            xdigit: "0-9A-Fa-f",
            upper: "A-Z",
            space: "\\t-\\r ",
            alnum: "0-9A-Za-z",
            lower: "a-z",
            punct: "!-/:-@\\[-`{-~",
          };
          const found = classes[named[1] ?? ""];
          if (found === undefined) throw new ZeekError("bad character class expression");
          inner += found;
          at += named[0].length;
          continue;
        }
        const from = byte();
        let to = from;
        if (source[at] === "-" && source[at + 1] !== "]") {
          at++;
          to = byte();
          if (to < from) throw new ZeekError("negative range in character class");
        }
        inner += `${hex(from)}-${hex(to)}`;
        if (stack.at(-1)?.includes("i")) {
          for (let code = from; code <= to; code++) {
            const letter = String.fromCharCode(code);
            if (/[A-Za-z]/.test(letter)) inner += letter.toLowerCase() + letter.toUpperCase();
          }
        }
      }
      at++;
      out += `[${negated ? "^" : ""}${inner}]`;
    } else if (source.startsWith("\\p{", at)) throw new ZeekError("undefined definition");
    else out += single(byte());
  }
  if (out === "" || stack.length !== 1 || /(?:^|[^\\])\|$/.test(out))
    throw new ZeekError("error compiling pattern");
  return new RegExp(whole ? `^(?:${out})$` : out);
}

function matches(pattern: Value & { readonly t: "pattern" }, subject: string, whole: boolean): boolean {
  const expression = patternToRegExp(pattern.v, pattern.flags, whole);
  if (whole) return expression.test(subject);
  // Zeek needs a byte to match, except at the end of the text where the pattern asks for the end.
  const found = new RegExp(expression.source, "g");
  for (const match of subject.matchAll(found)) {
    if (match[0] !== "" || (match.index === subject.length && /\$/.test(pattern.v))) return true;
    if (match.index > 0) return true;
  }
  return false;
}

function text(value: Value | undefined): string {
  if (value?.t !== "string") throw new ZeekError("type mismatch: string expected");
  return value.v;
}

function double(value: Value | undefined): number {
  if (value === undefined || !isNumber(value)) throw new ZeekError("type mismatch: double expected");
  return Number(value.v);
}

function call(name: string, args: readonly Value[]): Value {
  const [a, b, c] = args;
  const bytes = (v: string): Value => ({ t: "string", v });
  const truth = (v: boolean): Value => ({ t: "bool", v });
  switch (name) {
    case "cat":
      return bytes(args.map(print).join(""));
    case "string_cat":
      return bytes(args.map(text).join(""));
    case "fmt":
      if (a === undefined) throw new Unknown("fmt()");
      return bytes(format(text(a), args.slice(1)));
    case "is_v4_addr":
    case "is_v6_addr":
      if (a?.t !== "addr") throw new ZeekError("type mismatch");
      return truth(isV4(a.v) === (name === "is_v4_addr"));
    case "port_to_count":
      if (a?.t !== "port") throw new ZeekError("type mismatch");
      return { t: "count", v: BigInt(a.v) };
    case "get_port_transport_proto":
      if (a?.t !== "port") throw new ZeekError("type mismatch");
      return { t: "enum", v: a.proto === "unknown" ? "unknown_transport" : a.proto };
    case "is_tcp_port":
    case "is_udp_port":
    case "is_icmp_port":
      if (a?.t !== "port") throw new ZeekError("type mismatch");
      return truth(name === `is_${a.proto}_port`);
    case "to_lower":
      return bytes(text(a).replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
    case "to_upper":
      return bytes(text(a).replace(/[a-z]/g, (letter) => letter.toUpperCase()));
    case "is_ascii":
      return truth(!/[^\0-\x7f]/.test(text(a)));
    case "strip":
      return bytes(text(a).replace(/^[ \t-\r]+|[ \t-\r]+$/g, ""));
    case "starts_with":
      return truth(text(a).startsWith(text(b)));
    case "ends_with":
      return truth(text(a).endsWith(text(b)));
    case "find_str":
      return { t: "int", v: BigInt(text(a).indexOf(text(b))) };
    case "sub_bytes": {
      if (b?.t !== "count" || (c?.t !== "count" && c?.t !== "int")) throw new ZeekError("type mismatch");
      const from = Math.max(Number(b.v) - 1, 0);
      return bytes(text(a).slice(from, from + Number(c.v)));
    }
    case "gsub":
      if (b?.t !== "pattern") throw new ZeekError("type mismatch");
      return bytes(text(a).replace(new RegExp(patternToRegExp(b.v, b.flags, false).source, "g"), text(c)));
    case "floor":
      return { t: "double", v: Math.floor(double(a)) };
    case "ceil":
      return { t: "double", v: Math.ceil(double(a)) };
    case "double_to_int": {
      const v = double(a);
      const floor = Math.floor(v);
      const rounded = v - floor === 0.5 ? (floor % 2 === 0 ? floor : floor + 1) : Math.round(v);
      return { t: "int", v: BigInt(rounded) };
    }
    case "count_to_double":
      return { t: "double", v: double(a) };
    case "interval_to_double":
    case "time_to_double":
      if (a?.t !== "interval" && a?.t !== "time") throw new ZeekError("type mismatch");
      return { t: "double", v: a.v };
    case "double_to_time":
      return { t: "time", v: double(a) };
    default:
      throw new Unknown(name);
  }
}

function format(pattern: string, args: readonly Value[]): string {
  let used = 0;
  const made = pattern.replace(
    /%(%|(-?)(0?)(\d*)(?:\.(\d+))?([a-zA-Z]))/g,
    (_, all, left, zero, width, precision, verb) => {
      if (all === "%") return "%";
      const value = args[used++];
      if (value === undefined) throw new ZeekError("mismatch between format string and arguments");
      let printed: string;
      if (verb === "s" && precision === undefined) printed = print(value);
      else if (verb === "d" && (value.t === "count" || value.t === "int" || value.t === "port"))
        printed = String(value.v);
      else if (verb === "f" && (value.t === "double" || value.t === "interval" || value.t === "time")) {
        printed = toFixedHalfEven(value.v, precision === undefined ? 6 : Number(precision));
      } else throw new Unknown(`fmt %${verb}`);
      const size = Number(width === "" ? 0 : width);
      return left === "-" ? printed.padEnd(size) : printed.padStart(size, zero === "0" ? "0" : " ");
    },
  );
  if (used !== args.length) throw new ZeekError("mismatch between format string and arguments");
  return made;
}

/** C's printf: exact decimal expansion, halves to even. */
function toFixedHalfEven(value: number, digits: number): string {
  const negative = value < 0 || Object.is(value, -0);
  let fraction = Math.abs(value);
  let denominator = 1n;
  while (!Number.isInteger(fraction)) {
    fraction *= 2;
    denominator *= 2n;
  }
  const scaled = BigInt(fraction) * 10n ** BigInt(digits);
  let whole = scaled / denominator;
  const rest = (scaled % denominator) * 2n;
  if (rest > denominator || (rest === denominator && whole % 2n === 1n)) whole += 1n;
  const text = whole.toString().padStart(digits + 1, "0");
  return `${negative ? "-" : ""}${digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`}`;
}

/** As `%s` prints a value. */
export function print(value: Value): string {
  switch (value.t) {
    case "bool":
      return value.v ? "T" : "F";
    case "count":
    case "int":
    case "string":
    case "enum":
      return String(value.v);
    case "double":
    case "time": {
      if (value.v === 0) return "0.0";
      const shown = String(Number(value.v.toPrecision(16))).replace(/e([+-])(\d)$/, "e$10$2");
      return /[.e]/.test(shown) ? shown : Math.abs(value.v) >= 1e15 ? value.v.toExponential() : `${shown}.0`;
    }
    case "addr":
      return addressText(value.v);
    case "subnet":
      return `${addressText(value.v)}/${isV4(value.v) && value.width >= 96 ? value.width - 96 : value.width}`;
    case "port":
      return `${value.v}/${value.proto}`;
    default:
      throw new Unknown(`print of ${value.t}`);
  }
}
