import { decodeTime, secondsOf } from "../zeek/logs/decode.js";

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const months = new Map(monthNames.map((name, index) => [name, index]));

const clockTime = String.raw`(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?`;
const zone = String.raw`(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})(?=[^\w]|$))?`;
/** What stands before a date: a syslog priority, a level, a bracket. */
const before = String.raw`(?:<\w{1,3}>(?:1 )?|\[)?`;

/** `Nov 14 18:09:08`, and with a year behind the day, as Cisco and macOS write it. */
const rfc3164 = new RegExp(
  String.raw`^${before}([A-Z][a-z]{2})  ?(\d{1,2}) (?:(\d{4}) )?${clockTime}(?=[ :\]]|$)`,
);
/** `2026-06-11T11:04:47Z`, `2026/06/11 11:04:47`, `2026.06.11 11:04:47`, with or without a zone. */
const dated = new RegExp(
  String.raw`^${before}(\d{4})([-/.:])(\d{2})\2(\d{2})(?:[T-]|  ?)${clockTime}${zone}(?=[^\w-]|$)`,
);
/** `20260611-11:04:47`, `20260611T110447Z`. */
const compact = new RegExp(
  String.raw`^${before}(\d{4})(\d{2})(\d{2})[T -](\d{2}):?(\d{2}):?(\d{2})(?:[.,](\d{1,9}))?${zone}(?=[^\w]|$)`,
);
/** MySQL's `260611  1:04:47`. */
const twoDigits = new RegExp(String.raw`^(\d{2})(\d{2})(\d{2})  ?${clockTime}(?=[ ]|$)`);
/** Access logs, `… [11/Jun/2026:11:04:47 +0000] …`; at the start of a line with other separators, too. */
const access = new RegExp(String.raw`\[(\d{1,2})/([A-Z][a-z]{2})/(\d{4})[: ]${clockTime}${zone} ?\]`);
const dayFirst = new RegExp(
  String.raw`^${before}(\d{1,2})-([A-Z][a-z]{2})-(\d{4})[: ]${clockTime}${zone}(?=[^\w]|$)`,
);
/** `[Sat Jun 11 11:04:47.123456 2026]`, with or without brackets. */
const ctime = new RegExp(
  String.raw`^\[?(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) ([A-Z][a-z]{2}) [ ]?(\d{1,2}) ${clockTime} (\d{4})(?=[^\d]|$)`,
);
const epoch = /^(?:type=\w{1,40} msg=audit\()?(\d{9,10}|\d{13}|\d{16})(\.\d{1,9})?(?=[\s,:]|$)/;
/** JSON logs that begin with the time, or with a few words about the log: Zeek's, and those of most services. */
const jsonTime =
  /^\{ ?(?:"(?:[@_]\w{1,30}|level|severity|host|source|type)" ?: ?(?:"[^"\\]{0,60}"|[\d.]{1,30}) ?, ?){0,6}"(?:ts|time|timestamp|@timestamp)" ?: ?(?:"([^"\\]{1,40})"|(\d{1,19}(?:\.\d{1,9})?)) ?[,}]/;

export interface SyslogClock {
  /** The year of dates that have none; null: the latest that does not lie after `newest`. */
  readonly year: number | null;
  /** Of a date without a year: it does not lie after this. Epoch seconds, the file's modification time. */
  readonly newest: number;
  /** Dates without a zone are UTC; else local time. */
  readonly utc: boolean;
}

/** Half a year, in seconds: a date that far behind the newest one is of the next year. */
const halfYear = 183 * 86_400;

/** The dates of one file, from its first line on. */
export class LineClock {
  readonly #clock: SyslogClock;
  #year: number | null;
  #newest = Number.NEGATIVE_INFINITY;

  constructor(clock: SyslogClock) {
    this.#clock = clock;
    this.#year = clock.year;
  }

  /** Epoch seconds of the line's own date, or null. With a year given, January comes after December. */
  timeOf(line: string): number | null {
    const time = lineTime(line, { ...this.#clock, year: this.#year });
    if (time === null) return null;
    const next = this.#year === null || time > this.#newest - halfYear ? null : this.#year + 1;
    const later = next === null ? null : lineTime(line, { ...this.#clock, year: next });
    if (later !== null && later !== time) this.#year = next;
    const taken = later ?? time;
    if (taken > this.#newest) this.#newest = taken;
    return taken;
  }
}

/**
 * Epoch seconds of a line's own date, or null where it has none: RFC 3164 (in local time, as every date without
 * a zone), RFC 3339 and its relatives, the dates of access and error logs, epoch seconds, JSON.
 * Only the replay's clock uses it: OSSEC never reads the date in a line (docs/reference/ossec.md#life-of-an-event).
 */
export function lineTime(line: string, clock: SyslogClock): number | null {
  const { utc } = clock;
  if (line.startsWith("{")) return timeOfJson(line.slice(0, 512), utc);
  const head = line.slice(0, 80);
  const old = rfc3164.exec(head);
  if (old !== null) return ofSyslog(old, clock);
  return timeOfDate(head, utc) ?? timeOfEpoch(head) ?? timeInside(line, utc);
}

function timeOfDate(head: string, utc: boolean): number | null {
  const full = dated.exec(head);
  if (full !== null) {
    const [, year, , month, day, hour, minute, second, fraction, offset] = full;
    return moment({ utc, year, month: numberOf(month) - 1, day, hour, minute, second, fraction, offset });
  }
  const short = compact.exec(head);
  if (short !== null) {
    const [, year, month, day, hour, minute, second, fraction, offset] = short;
    return moment({ utc, year, month: numberOf(month) - 1, day, hour, minute, second, fraction, offset });
  }
  const named = ctime.exec(head);
  if (named !== null) {
    const [, month, day, hour, minute, second, fraction, year] = named;
    return moment({ utc, year, month: months.get(month ?? ""), day, hour, minute, second, fraction });
  }
  const days = dayFirst.exec(head);
  if (days !== null) return ofDayFirst(days, utc);
  const brief = twoDigits.exec(head);
  if (brief === null) return null;
  const [, year, month, day, hour, minute, second, fraction] = brief;
  return moment({ utc, year: `20${year}`, month: numberOf(month) - 1, day, hour, minute, second, fraction });
}

function timeOfEpoch(head: string): number | null {
  const seconds = epoch.exec(head);
  return seconds === null ? null : secondsOf(Number((seconds[1] ?? "") + (seconds[2] ?? "")));
}

/** Where an address and a user stand before the date. */
function timeInside(line: string, utc: boolean): number | null {
  const found = access.exec(line.slice(0, 512));
  return found === null ? null : ofDayFirst(found, utc);
}

function ofDayFirst(match: RegExpExecArray, utc: boolean): number | null {
  const [, day, month, year, hour, minute, second, fraction, offset] = match;
  return moment({ utc, year, month: months.get(month ?? ""), day, hour, minute, second, fraction, offset });
}

/** Seconds, milli-, micro- or nanoseconds, or ISO 8601, as JSON writers may be set. */
function timeOfJson(head: string, utc: boolean): number | null {
  const [, text, number] = jsonTime.exec(head) ?? [];
  if (number !== undefined) return secondsOf(Number(number));
  if (text === undefined) return null;
  const bytes = Buffer.from(text, "latin1");
  const time = decodeTime(bytes, 0, bytes.length);
  return typeof time === "number" ? time : timeOfDate(text, utc);
}

function ofSyslog(match: RegExpExecArray, { year, newest, utc }: SyslogClock): number | null {
  const [, name = "", day, own, hour, minute, second, fraction] = match;
  const month = months.get(name);
  if (month === undefined) return null;
  const at = (candidate: number): number | null =>
    moment({ utc, year: `${candidate}`, month, day, hour, minute, second, fraction });
  if (own !== undefined) return at(Number(own));
  if (year !== null) return at(year);
  const latest = new Date(newest * 1000).getFullYear();
  // A 29 February may need up to eight years back.
  for (let candidate = latest; candidate > latest - 9; candidate -= 1) {
    const time = at(candidate);
    if (time !== null && time <= newest) return time;
  }
  return null;
}

/** A date's parts as its text has them. */
interface DateParts {
  readonly year: string | undefined;
  /** From 0; undefined: no month has that name. */
  readonly month: number | undefined;
  readonly day: string | undefined;
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly second: string | undefined;
  readonly fraction?: string | undefined;
  /** `Z`, `+0200`; undefined: local time. */
  readonly offset?: string | undefined;
  /** Whether it is UTC without an offset. */
  readonly utc: boolean;
}

const numberOf = (text: string | undefined): number => Number(text ?? Number.NaN);

function moment(parts: DateParts): number | null {
  const { month, fraction, utc: isUtc } = parts;
  const offset = parts.offset ?? (isUtc ? "Z" : undefined);
  const [year, day, hour, minute, second] = [
    parts.year,
    parts.day,
    parts.hour,
    parts.minute,
    parts.second,
  ].map(numberOf);
  if (month === undefined || year === undefined || day === undefined) return null;
  if (hour === undefined || minute === undefined || second === undefined) return null;
  // A Date would make another day of one that the calendar lacks.
  const longest = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  if (!(month >= 0 && month < 12 && day >= 1 && day <= longest)) return null;
  if (hour > 23 || minute > 59 || second > 60) return null;
  const part = fraction === undefined ? 0 : Number(`0.${fraction}`);
  if (offset === undefined) return new Date(year, month, day, hour, minute, second).getTime() / 1000 + part;
  const utc = Date.UTC(year, month, day, hour, minute, second) / 1000 + part;
  if (/^[A-Z]/.test(offset)) return utc;
  const digits = offset.slice(1).replace(":", "");
  const ahead = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return utc - (offset.startsWith("-") ? -ahead : ahead);
}
