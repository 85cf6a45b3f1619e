/** `<time>` and `<weekday>` (docs/reference/ossec.md#rule-elements). */
import type { TimeRange, WeekdaySet } from "../definitions.js";
import { atoi, lowerCase } from "./text.js";

interface Clock {
  /** `HH:MM`, cut to five bytes as the engine does; minutes are not checked. */
  readonly text: string;
  readonly next: number;
}

function isDigit(byte: string | undefined): boolean {
  return byte !== undefined && byte >= "0" && byte <= "9";
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at++;
  return at;
}

function twoDigits(value: number): string {
  return value < 0 ? String(value) : String(value).padStart(2, "0");
}

function readClock(text: string, from: number): Clock | null {
  let hour = atoi(text.slice(from));
  if (hour < 0 || hour >= 24) return null;
  let at = from;
  while (isDigit(text[at])) at++;
  if (at - from > 2) return null;
  let minute = 0;
  if (text[at] === ":") {
    at++;
    if ((!isDigit(text[at]) || !isDigit(text[at + 1])) && isDigit(text[at + 2])) return null;
    minute = atoi(text.slice(at));
    at = Math.min(at + 2, text.length);
  }
  at = skipBlanks(text, at);
  const half = (text[at] ?? "").toLowerCase();
  if (half === "a" || half === "p") {
    if ((text[at + 1] ?? "").toLowerCase() !== "m") return null;
    // 12 pm is noon, and so is 12 am.
    if (half === "p" && hour !== 12) hour += 12;
    if (hour >= 24) return null;
    at += 2;
  }
  return { text: `${twoDigits(hour)}:${twoDigits(minute)}`.slice(0, 5), next: at };
}

function minuteOf(index: number): string {
  return `${twoDigits(Math.floor(index / 60))}:${twoDigits(index % 60)}`;
}

/** First minute of the day whose text is not before the bound; 1440 if there is none. */
function firstMinute(bound: string): number {
  for (let minute = 0; minute < 1440; minute++) if (minuteOf(minute) >= bound) return minute;
  return 1440;
}

/** Last minute of the day whose text is not behind the bound; -1 if there is none. */
function lastMinute(bound: string): number {
  for (let minute = 1439; minute >= 0; minute--) if (minuteOf(minute) <= bound) return minute;
  return -1;
}

/**
 * Reads a time range; null when the engine refuses it. A range over midnight is kept as the engine keeps
 * it: "not between the end and the beginning", whatever `!` says. `from` is never greater than `to`; a
 * range that holds no minute begins and ends at 1440.
 */
export function parseTime(text: string): TimeRange | null {
  let at = skipBlanks(text, 0);
  let negated = false;
  if (text[at] === "!") {
    negated = true;
    at = skipBlanks(text, at + 1);
  }
  const first = readClock(text, at);
  if (first === null) return null;
  at = skipBlanks(text, first.next);
  if (text[at] !== "-") return null;
  const second = readClock(text, skipBlanks(text, at + 1));
  if (second === null || skipBlanks(text, second.next) < text.length) return null;
  const overMidnight = first.text > second.text;
  const from = firstMinute(overMidnight ? second.text : first.text);
  const to = lastMinute(overMidnight ? first.text : second.text);
  const empty = from > to;
  return {
    negated: overMidnight || negated,
    from: empty ? 1440 : from,
    to: empty ? 1440 : to,
  };
}

/** In the engine's order: the first name that the text begins with is taken. */
const dayNames: readonly (readonly [string, readonly number[]])[] = [
  ["sunday", [0]],
  ["sun", [0]],
  ["monday", [1]],
  ["mon", [1]],
  ["tuesday", [2]],
  ["tue", [2]],
  ["wednesday", [3]],
  ["wed", [3]],
  ["thursday", [4]],
  ["thu", [4]],
  ["friday", [5]],
  ["fri", [5]],
  ["saturday", [6]],
  ["sat", [6]],
  ["weekdays", [1, 2, 3, 4, 5]],
  ["weekends", [0, 6]],
];

/** Reads a list of days; null when the engine refuses it. */
export function parseWeekday(text: string): WeekdaySet | null {
  const days: [boolean, boolean, boolean, boolean, boolean, boolean, boolean] = [
    false,
    false,
    false,
    false,
    false,
    false,
    false,
  ];
  const lower = lowerCase(text);
  let at = skipBlanks(lower, 0);
  while (at < lower.length) {
    const from = at;
    const known = dayNames.find(([name]) => lower.startsWith(name, from));
    if (known === undefined) return null;
    for (const day of known[1]) days[day] = true;
    at += known[0].length;
    if (at < lower.length && lower[at] !== " " && lower[at] !== ",") return null;
    while (lower[at] === " " || lower[at] === ",") at++;
  }
  return days.some((day) => day) ? { days } : null;
}
