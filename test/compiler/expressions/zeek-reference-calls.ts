import { createHash } from "node:crypto";
import { matches, patternToRegExp } from "./zeek-reference-patterns.js";
import { addressText, isNumber, isV4, Unknown, type Value, ZeekError } from "./zeek-reference-values.js";

function text(value: Value | undefined): string {
  if (value?.t !== "string") throw new ZeekError("type mismatch: string expected");
  return value.v;
}

function double(value: Value | undefined): number {
  if (value === undefined || !isNumber(value)) throw new ZeekError("type mismatch: double expected");
  return Number(value.v);
}

export function call(name: string, args: readonly Value[]): Value {
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
    case "lstrip":
    case "rstrip": {
      const away = [...text(b)];
      const kept = [...text(a)];
      if (name === "lstrip") while (kept[0] !== undefined && away.includes(kept[0])) kept.shift();
      else while (kept.length > 0 && away.includes(kept.at(-1) ?? "")) kept.pop();
      return bytes(kept.join(""));
    }
    case "sub": {
      if (b?.t !== "pattern") throw new ZeekError("type mismatch");
      const by = text(c);
      return bytes(text(a).replace(new RegExp(patternToRegExp(b.v, b.flags, false).source), () => by));
    }
    case "gsub":
      if (b?.t !== "pattern") throw new ZeekError("type mismatch");
      return bytes(
        text(a).replace(new RegExp(patternToRegExp(b.v, b.flags, false).source, "g"), () => text(c)),
      );
    case "find_entropy": {
      const counts = new Map<string, number>();
      const of = text(a);
      for (const byte of of) counts.set(byte, (counts.get(byte) ?? 0) + 1);
      const v = [...counts.values()].reduce((sum, n) => sum - (n / of.length) * Math.log2(n / of.length), 0);
      return { t: "record", v: { entropy: { t: "double", v } }, fields: new Set(["entropy"]) };
    }
    case "last_labels":
      if (b?.t !== "count") throw new ZeekError("type mismatch");
      return bytes(text(a).split(".").slice(-Number(b.v)).join("."));
    case "without_last_labels":
      if (b?.t !== "count") throw new ZeekError("type mismatch");
      return bytes(text(a).split(".").slice(0, -Number(b.v)).join("."));
    case "any_in":
    case "any_is":
      if (a?.t !== "vector" || b?.t !== "pattern") throw new ZeekError("type mismatch");
      return truth(a.v.some((one) => matches(b, text(one), name === "any_is")));
    case "any_equal":
      if (a?.t !== "vector") throw new ZeekError("type mismatch");
      return truth(a.v.some((one) => text(one) === text(b)));
    case "md5_hash":
      return bytes(createHash("md5").update(text(a), "latin1").digest("hex"));
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
