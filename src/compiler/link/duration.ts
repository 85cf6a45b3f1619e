import { codes } from "./codes.js";
import { type Field, type LinkContext, readString } from "./field.js";

const seconds = new Map<string, number>([
  ["usec", 1e-6],
  ["msec", 1e-3],
  ["sec", 1],
  ["min", 60],
  ["hr", 3600],
  ["day", 86_400],
]);

const shape = /^(\d{1,9}(?:\.\d{1,6})?) ?(usec|msec|sec|min|hr|day)s?$/;

/** Longest length of time that makes sense anywhere in a bundle: 10 years. */
const longest = 10 * 365 * 86_400;

/** Seconds of a duration as Zeek writes it (spec/zeek.md 6.2), or null where it is none. */
export function parseDuration(text: string): number | null {
  const match = shape.exec(text);
  if (match === null) return null;
  const unit = seconds.get(match[2] ?? "");
  if (unit === undefined) return null;
  const value = Number(match[1]) * unit;
  return value <= longest ? Math.round(value * 1e6) / 1e6 : null;
}

/** A duration in seconds, reported where it is wrong or not above `above`. */
export function readDuration(
  context: LinkContext,
  field: Field,
  above: "zero" | "nothing" = "zero",
): number | null {
  const text = readString(context, field);
  if (text === null) return null;
  const value = parseDuration(text);
  if (value === null) {
    context.diagnostics.push(
      codes.duration(
        field.span(),
        `${field.label} is ${JSON.stringify(text.slice(0, 60))}, which is not a length of time`,
        'write a number and one of usec, msec, sec, min, hr, day: "90 sec", "5 min", "1.5 hr" (no weeks; 10 years at most)',
      ),
    );
    return null;
  }
  if (above === "zero" && value <= 0) {
    context.diagnostics.push(codes.duration(field.span(), `${field.label} must be longer than nothing`));
    return null;
  }
  return value;
}

/** A duration for people: `10 min`, `90 sec`, `1 hr`. */
export function showDuration(value: number): string {
  for (const unit of ["day", "hr", "min"] as const) {
    const size = seconds.get(unit) ?? 1;
    if (value >= size && value % size === 0) return `${value / size} ${unit}`;
  }
  return `${value} sec`;
}
