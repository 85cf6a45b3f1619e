/** Two times of a day, in minutes; `until` is not in it and may be 1440, the day's end. Behind midnight it is the smaller one. */
export interface Minutes {
  readonly from: number;
  readonly until: number;
}

const clock = /^(\d{1,2})(?::(\d\d))? ?(am|pm)?$/i;

/** Reads `22:00-06:00`; says why where it cannot. */
export function readMinutes(written: string): Minutes | string {
  const parts = written.split("-").map((part) => part.trim());
  const [first, second] = parts;
  if (first === undefined || second === undefined || parts.length > 2)
    return "that is not one time, a hyphen, and another time";
  const from = minuteOf(first);
  const until = minuteOf(second);
  if (from === null || from === 1440) return `"${first.slice(0, 20)}" is no time of the day`;
  if (until === null) return `"${second.slice(0, 20)}" is no time of the day`;
  if (from === until) return "it ends where it begins";
  if (from === 0 && until === 1440) return "that is the whole day";
  return { from, until: until === 0 ? 1440 : until };
}

/** Minutes since midnight; 12 am is 0. */
function minuteOf(text: string): number | null {
  const [, hours = "", minutes = "0", half] = clock.exec(text) ?? [];
  if (hours === "" || (half === undefined && minutes === "0" && !text.includes(":"))) return null;
  const hour = Number(hours);
  const minute = Number(minutes);
  if (minute > 59) return null;
  if (half === undefined) return hour < 24 || (hour === 24 && minute === 0) ? hour * 60 + minute : null;
  if (hour < 1 || hour > 12) return null;
  return ((hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0)) * 60 + minute;
}
