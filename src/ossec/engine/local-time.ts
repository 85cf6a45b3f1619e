/**
 * Local time as C's localtime gives it, for alert dates, `<time>` and `<weekday>` (docs/reference/ossec.md#rule-elements:
 * the server's local time).
 */

export interface LocalTime {
  readonly year: number;
  /** 0..11 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 = Sunday */
  readonly weekday: number;
}

export type Clock = (epochSeconds: number) => LocalTime;

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);

/** `2023 Nov 14 22:13:20`, as alerts.log writes it. */
export function alertDate(time: LocalTime): string {
  const clock = `${two(time.hour)}:${two(time.minute)}:${two(time.second)}`;
  return `${time.year} ${monthNames[time.month] ?? ""} ${two(time.day)} ${clock}`;
}

/** Minutes east of UTC by epoch second. */
type OffsetOf = (epochSeconds: number) => number;

const period = 900;

/** Seconds that a Date can hold, before and after 1970. */
const farthest = 8.64e12;

/** Zone offsets change on quarter hours at most: one look-up per quarter. */
function remembered(offsetOf: OffsetOf): OffsetOf {
  let last = Number.NaN;
  let offset = 0;
  return (seconds) => {
    const quarter = Math.floor(seconds / period);
    if (quarter !== last) {
      last = quarter;
      offset = offsetOf(seconds);
    }
    return offset;
  };
}

function namedZone(zone: string): OffsetOf | null {
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    return (seconds) => {
      // No calendar goes so far; a damaged log does.
      if (!(Math.abs(seconds) <= farthest)) return 0;
      const part: Record<string, number> = {};
      for (const { type, value } of format.formatToParts(seconds * 1000)) part[type] = Number(value);
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
      return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - seconds) / 60);
    };
  } catch {
    return null;
  }
}

/** POSIX `NAME[+-]H[:MM]`: hours WEST of UTC. */
const posixZone = /^(?:[A-Za-z]{3,}|<[^>]+>)([+-]?)(\d{1,2})(?::(\d{2}))?$/;

function offsetFunction(zone: string | undefined): OffsetOf {
  if (zone === undefined) return remembered((seconds) => -new Date(seconds * 1000).getTimezoneOffset());
  const name = zone.startsWith(":") ? zone.slice(1) : zone;
  if (name === "" || name === "UTC") return () => 0;
  const posix = posixZone.exec(name);
  if (posix !== null) {
    const minutes = Number(posix[2]) * 60 + Number(posix[3] ?? 0);
    return () => (posix[1] === "-" ? minutes : -minutes);
  }
  const named = namedZone(name);
  return named === null ? () => 0 : remembered(named);
}

/**
 * A clock for a time zone.
 *
 * @param zone - Text of TZ: an IANA name, a POSIX zone with a fixed offset, or empty (UTC); undefined is
 *   the zone of this host. An unknown name is UTC, as in C.
 */
export function createClock(zone: string | undefined): Clock {
  const offsetOf = offsetFunction(zone);
  let lastSeconds = Number.NaN;
  let last: LocalTime = { year: 1970, month: 0, day: 1, hour: 0, minute: 0, second: 0, weekday: 4 };
  return (epochSeconds) => {
    if (epochSeconds === lastSeconds) return last;
    const date = new Date((epochSeconds + offsetOf(epochSeconds) * 60) * 1000);
    lastSeconds = epochSeconds;
    last = {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth(),
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      weekday: date.getUTCDay(),
    };
    return last;
  };
}
