/** Seconds that a Date can hold, before and after 1970. */
const farthest = 8.64e12;

/**
 * A time for people: ISO 8601 in UTC, with milliseconds. A damaged log can hold a number of seconds that no
 * calendar has; that is shown as the number.
 */
export function shownTime(seconds: number): string {
  return Math.abs(seconds) <= farthest ? new Date(seconds * 1000).toISOString() : `${seconds} s`;
}

/** The same for a table's lines: `2026-06-11 03:12:23Z`, with milliseconds only where they are not 0. */
export function shownMoment(seconds: number): string {
  return shownTime(seconds).replace("T", " ").replace(".000Z", "Z");
}

/** The same without seconds: `2026-06-11 03:12Z`. */
export function shownMinute(seconds: number): string {
  return shownMoment(seconds).replace(/:\d\d(?:\.\d+)?Z$/, "Z");
}
