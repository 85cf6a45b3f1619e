import { decodeTime, secondsOf } from "../zeek/logs/decode.js";

const months = new Map(
  ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map((name, index) => [
    name,
    index,
  ]),
);

const rfc3164 = /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2})(?= |$)/;
const dated =
  /^(?:<\d{1,3}>(?:1 )?)?(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?(?=[ ,]|$)/;
const epoch = /^(\d{9,10})(\.\d{1,9})?(?=[\s,]|$)/;
/** Zeek's JSON logs begin with the time, or with a few words about the log. */
const jsonTime =
  /^\{ ?(?:"[@_]\w{1,30}" ?: ?(?:"[^"\\]{0,60}"|[\d.]{1,30}) ?, ?){0,6}"ts" ?: ?(?:"([^"\\]{1,40})"|(\d{1,19}(?:\.\d{1,9})?)) ?[,}]/;

export interface SyslogClock {
  /** The year of dates that have none; null: the latest that does not lie after `newest`. */
  readonly year: number | null;
  /** The file's modification time, epoch seconds. */
  readonly newest: number;
}

/**
 * Epoch seconds of a line's own date (RFC 3164 in local time, RFC 3339, epoch), or null where it has none.
 * Only the replay's clock uses it: OSSEC never reads the date in a line (docs/reference/ossec.md#life-of-an-event).
 */
export function lineTime(line: string, clock: SyslogClock): number | null {
  const head = line.slice(0, 64);
  const old = rfc3164.exec(head);
  if (old !== null) return withoutYear(old, clock);
  const full = dated.exec(head);
  if (full !== null) return withYear(full);
  const seconds = epoch.exec(head);
  if (seconds !== null) return Number((seconds[1] ?? "") + (seconds[2] ?? ""));
  return line.startsWith("{") ? timeOfJson(line.slice(0, 512)) : null;
}

/** Seconds, milli-, micro- or nanoseconds, or ISO 8601, as Zeek's JSON writer may be set. */
function timeOfJson(head: string): number | null {
  const [, text, number] = jsonTime.exec(head) ?? [];
  if (number !== undefined) return secondsOf(Number(number));
  if (text === undefined) return null;
  const bytes = Buffer.from(text, "latin1");
  const time = decodeTime(bytes, 0, bytes.length);
  return typeof time === "number" ? time : null;
}

function withoutYear(match: RegExpExecArray, { year, newest }: SyslogClock): number | null {
  const month = months.get(match[1] ?? "");
  if (month === undefined) return null;
  const [day, hour, minute, second] = match.slice(2, 6).map(Number);
  const at = (candidate: number): number | null =>
    localTime(candidate, month, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0);
  if (year !== null) return at(year);
  const latest = new Date(newest * 1000).getFullYear();
  // A 29 February may need up to eight years back.
  for (let candidate = latest; candidate > latest - 9; candidate -= 1) {
    const time = at(candidate);
    if (time !== null && time <= newest) return time;
  }
  return null;
}

function localTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null {
  if (hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(year, month, day, hour, minute, second);
  return date.getMonth() === month && date.getDate() === day ? date.getTime() / 1000 : null;
}

function withYear(match: RegExpExecArray): number | null {
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const fraction = match[7] === undefined ? 0 : Number(`0.${match[7]}`);
  const zone = match[8];
  if (zone === undefined) {
    const time = localTime(year ?? 0, (month ?? 1) - 1, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0);
    return time === null ? null : time + fraction;
  }
  if ((month ?? 0) < 1 || (month ?? 0) > 12 || (day ?? 0) < 1 || (day ?? 0) > 31 || (hour ?? 0) > 23)
    return null;
  const utc = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0) / 1000;
  if (zone === "Z") return utc + fraction;
  const digits = zone.slice(1).replace(":", "");
  const offset = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return utc + fraction - (zone.startsWith("-") ? -offset : offset);
}
