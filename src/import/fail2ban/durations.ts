/** Lengths of time as fail2ban writes them: `600`, `10m`, `1d 12h`, `1w`. */

const units: ReadonlyMap<string, number> = new Map(
  [
    [["s", "ss", "sec", "secs", "second", "seconds", ""], 1],
    [["m", "mm", "min", "mins", "minute", "minutes"], 60],
    [["h", "hh", "hour", "hours"], 3_600],
    [["d", "dd", "day", "days"], 86_400],
    [["w", "ww", "week", "weeks"], 604_800],
    [["mo", "mon", "month", "months"], 2_629_746],
    [["y", "yy", "yea", "year", "years"], 31_556_952],
  ].flatMap(([names, seconds]) =>
    Array.isArray(names) && typeof seconds === "number"
      ? names.map((name): [string, number] => [name, seconds])
      : [],
  ),
);

/** Seconds; null: it is none. A negative number says "for ever". */
export function secondsOf(text: string): number | null {
  const bare = text.trim().toLowerCase();
  if (/^-\d+$/.test(bare)) return Number(bare);
  if (!/^(?:\d+(?:\.\d+)?\s*[a-z]*[\s:,+]*)+$/.test(bare) || bare.length > 100) return null;
  let sum = 0;
  for (const [, number = "", unit = ""] of bare.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)) {
    const seconds = units.get(unit);
    if (seconds === undefined) return null;
    sum += Number(number) * seconds;
  }
  return Math.round(sum);
}

const shown: readonly (readonly [number, string])[] = [
  [86_400, "day"],
  [3_600, "hr"],
  [60, "min"],
  [1, "sec"],
];

/** A length of time as the language writes it: `"10 min"`. */
export function durationText(seconds: number): `${number} ${"day" | "hr" | "min" | "sec"}` {
  for (const [size, unit] of shown)
    if (seconds % size === 0 && (unit === "day" || unit === "hr" || unit === "min" || unit === "sec"))
      return `${seconds / size} ${unit}`;
  return `${seconds} sec`;
}
