/** Values and operators of the tests' evaluator of Zeek (zeek-reference.ts). */
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

import { matches } from "./zeek-reference-patterns.js";

export function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|([\s\S]))|[^\\]+/g, (all, hex, octal, other) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const named: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
    if (other !== undefined) return named[other] ?? other;
    return Buffer.from(all, "utf8").toString("latin1");
  });
}

export function bool(value: Value): boolean {
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

export function isV4(bits: bigint): boolean {
  return bits >> 32n === 0xffffn;
}

export function addressText(bits: bigint): string {
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

export function subnet(bits: bigint, width: number, v4: boolean): Value {
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

export function isNumber(value: Value): value is Value & { readonly t: "count" | "int" | "double" } {
  return value.t === "count" || value.t === "int" || value.t === "double";
}

export function arithmetic(operator: string, a: Value, b: Value): Value {
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

export function unary(operator: string, value: Value): Value {
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

export function compare(operator: string, a: Value, b: Value): boolean {
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

export function isIn(a: Value, b: Value): boolean {
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

export function distinct(values: readonly Value[]): readonly Value[] {
  if (values.some((value) => value.t !== values[0]?.t)) throw new ZeekError("type mismatch in set");
  return [...new Map(values.map((value) => [key(value), value])).values()];
}

export function fieldOf(value: Value, field: string, asks: boolean): Value {
  if (value.t !== "record") throw new ZeekError("not a record");
  if (!value.fields.has(field)) throw new ZeekError(`no such field in record (${field})`);
  const found = value.v[field];
  if (asks) return { t: "bool", v: found !== undefined };
  if (found === undefined) throw new ZeekError(`field value missing (${field})`);
  return found;
}

export function indexOf(value: Value, index: Value): Value {
  if (index.t !== "count" && index.t !== "int") throw new ZeekError("not an index type");
  const at = Number(index.v);
  if (value.t === "string") return { t: "string", v: value.v.at(at) ?? "" };
  if (value.t !== "vector") throw new Unknown(`index of ${value.t}`);
  const found = value.v.at(at);
  if (found === undefined) throw new ZeekError("no such index");
  return found;
}

export function slice(value: Value, from: Value, to: Value | undefined): Value {
  const end = to === undefined ? undefined : Number(to.v);
  if (value.t === "string") return { t: "string", v: value.v.slice(Number(from.v), end) };
  if (value.t === "vector") return { t: "vector", v: value.v.slice(Number(from.v), end) };
  throw new Unknown("slice");
}

export function size(value: Value): Value {
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
