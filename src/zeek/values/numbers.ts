import { grisuDigits } from "./grisu.js";

/**
 * Numbers as Zeek writes them into logs (docs/reference/zeek.md#escaping). Times are seconds since the epoch as a
 * double, exactly as in Zeek: up to the year 2106 that holds every microsecond (see `toMicroseconds`).
 */

const MICRO = 1_000_000;

/** Whole microseconds of a time in seconds; exact for every time that Zeek can log. */
export function toMicroseconds(seconds: number): number {
  return Math.round(seconds * MICRO);
}

/** Longest decimal expansion that `toFixed` writes without an exponent. */
const FIXED_LIMIT = 1e21;

function fixedMagnitude(value: number): string {
  if (value >= FIXED_LIMIT) return `${BigInt(value)}.000000`;
  if (value > 0x7fffffff) return value.toFixed(6);
  let whole = Math.trunc(value);
  const scaled = (value - whole) * MICRO;
  let fraction = Math.trunc(scaled);
  const rest = scaled - fraction;
  // Half goes to the even digit, except that a zero fraction goes up: how Zeek's number printer rounds.
  if (rest > 0.5 || (rest === 0.5 && (fraction === 0 || fraction % 2 === 1))) fraction++;
  if (fraction >= MICRO) {
    fraction -= MICRO;
    whole++;
  }
  return `${whole}.${String(fraction).padStart(6, "0")}`;
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/** Times and intervals in TSV: always six decimals. */
export function formatSeconds(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const negative = value < 0 || Object.is(value, -0);
  return `${negative ? "-" : ""}${fixedMagnitude(Math.abs(value))}`;
}

/** Doubles in TSV: at most six decimals, without trailing zeros, but never without a fraction. */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const fixed = formatSeconds(value === 0 ? 0 : value);
  const trimmed = fixed.replace(/0+$/, "");
  return trimmed.endsWith(".") ? (Number.isInteger(value) ? `${trimmed}0` : trimmed.slice(0, -1)) : trimmed;
}

/** Places digits as Zeek's JSON writer does: plain from 1e-6 to 1e21, else with an exponent. */
function placeDigits(digits: string, k: number): string {
  const point = digits.length + k;
  if (k >= 0 && point <= 21) return `${digits}${"0".repeat(k)}.0`;
  if (point > 0 && point <= 21) return `${digits.slice(0, point)}.${digits.slice(point)}`;
  if (point > -6 && point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  const rest = digits.slice(1);
  return `${digits.slice(0, 1)}${rest === "" ? "" : `.${rest}`}e${point - 1}`;
}

/** Doubles, times and intervals in JSON: few digits, `.0` after whole ones; null for nan and inf. */
export function formatJsonDouble(value: number): string {
  if (!Number.isFinite(value)) return "null";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const { digits, k } = grisuDigits(Math.abs(value));
  return `${value < 0 ? "-" : ""}${placeDigits(digits, k)}`;
}

/** A time as LogAscii's JSON::TS_ISO8601 writes it. */
export function formatIsoTime(seconds: number): string {
  const micros = toMicroseconds(seconds);
  const whole = Math.floor(micros / MICRO);
  const date = new Date(whole * 1000);
  if (Number.isNaN(date.getTime())) return "2000-01-01T00:00:00.000000Z";
  const fraction = String(micros - whole * MICRO).padStart(6, "0");
  return `${date.toISOString().slice(0, 19)}.${fraction}Z`;
}

const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/;

/** Seconds of an ISO 8601 time (UTC when it names no zone); undefined when it is none. */
export function parseIsoTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, date = "", clock = "", fraction = "", zone = "Z"] = match;
  const offset = zone === "Z" || zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const ms = Date.parse(`${date}T${clock}${offset}`);
  if (Number.isNaN(ms)) return undefined;
  return (ms * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6))) / MICRO;
}

const UNITS = [
  ["day", 86_400],
  ["hr", 3600],
  ["min", 60],
  ["sec", 1],
  ["msec", 0.001],
  ["usec", 0.000001],
] as const;

/** An interval as `%s` prints it: `1.0 min 30.0 secs`, `0 secs` (docs/reference/zeek.md#values). */
export function formatIntervalText(seconds: number): string {
  if (seconds === 0) return "0 secs";
  if (!Number.isFinite(seconds)) return nonFinite(seconds);
  const sign = seconds < 0 ? "-" : "";
  let rest = toMicroseconds(Math.abs(seconds));
  const parts: string[] = [];
  for (const [name, size] of UNITS) {
    const unit = size * MICRO;
    const count = Math.floor(rest / unit);
    if (count === 0) continue;
    rest -= count * unit;
    parts.push(`${sign}${count}.0 ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.length === 0 ? `${sign}${formatJsonDouble(Math.abs(seconds) * MICRO)} usecs` : parts.join(" ");
}
