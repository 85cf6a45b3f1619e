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

/** Seconds of a duration as Zeek writes it (docs/reference/zeek.md#values), or null where it is none. */
export function parseDuration(text: string): number | null {
  const match = shape.exec(text);
  if (match === null) return null;
  const unit = seconds.get(match[2] ?? "");
  if (unit === undefined) return null;
  const value = Number(match[1]) * unit;
  return value <= longest ? Math.round(value * 1e6) / 1e6 : null;
}

/** A duration for people: `10 min`, `90 sec`, `1 hr`. */
export function showDuration(value: number): string {
  for (const unit of ["day", "hr", "min"] as const) {
    const size = seconds.get(unit) ?? 1;
    if (value >= size && value % size === 0) return `${value / size} ${unit}`;
  }
  return `${value} sec`;
}
