/** Seconds that a Date can hold, before and after 1970. */
const farthest = 8.64e12;

/**
 * A time for people: ISO 8601 in UTC, with milliseconds. A damaged log can hold a number of seconds that no
 * calendar has; that is shown as the number.
 */
export function shownTime(seconds: number): string {
  return Math.abs(seconds) <= farthest ? new Date(seconds * 1000).toISOString() : `${seconds} s`;
}
