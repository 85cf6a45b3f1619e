import type { ZeekType } from "../../model/expression.js";

/** A type as Zeek spells it: `set[addr, port]`, `vector of count`, `transport_proto`. */
export function zeekTypeName(type: ZeekType): string {
  switch (type.kind) {
    case "enum":
    case "record":
      return type.name;
    case "set":
      return `set[${type.of.map(zeekTypeName).join(", ")}]`;
    case "vector":
      return `vector of ${zeekTypeName(type.of)}`;
    default:
      return type.kind;
  }
}

/** Columns of a table's or set's index: `addr, port`. */
export function indexTypes(types: readonly ZeekType[]): string {
  return types.map(zeekTypeName).join(", ");
}

const units = [
  { seconds: 86_400, unit: "day" },
  { seconds: 3_600, unit: "hr" },
  { seconds: 60, unit: "min" },
  { seconds: 1, unit: "sec" },
] as const;

/** An interval in the largest unit that divides it: `1min`, `90sec`, `500msec` (docs/reference/zeek.md#values). */
export function intervalLiteral(seconds: number): string {
  if (seconds === 0) return "0sec";
  for (const { seconds: size, unit } of units) {
    if (Number.isSafeInteger(seconds / size) && seconds % size === 0) return `${seconds / size}${unit}`;
  }
  const milliseconds = Math.round(seconds * 1e3);
  return Math.abs(milliseconds / 1e3 - seconds) < 1e-9
    ? `${milliseconds}msec`
    : `${Math.round(seconds * 1e6)}usec`;
}

/** A double, never readable as a count: `5.0`, `1e+21`. */
export function doubleLiteral(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A number as a constant of a numeric type; counts and ints are rounded up, as thresholds need. */
export function numberLiteral(value: number, type: ZeekType): string {
  switch (type.kind) {
    case "double":
      return doubleLiteral(value);
    case "interval":
      return intervalLiteral(value);
    case "int":
      return Math.ceil(value) < 0 ? wholeLiteral(Math.ceil(value)) : `+${wholeLiteral(Math.ceil(value))}`;
    default:
      return wholeLiteral(Math.ceil(value));
  }
}

function wholeLiteral(value: number): string {
  return BigInt(value).toString();
}
