import { Errors, Flags } from "@oclif/core";
import { parseDuration } from "../model/duration.js";
import { lineTime } from "../replay/syslog-time.js";
import type { ReorderWindow } from "../replay/zeek-source.js";

export const engineFlag = Flags.option({
  options: ["4.3", "3.8", "3.7"] as const,
  description: "OSSEC version to be like (default: the bundle's).",
})();

/** `10min`, `10min,1000000` or `1000000`: log time, rows, or both. */
export const reorderFlag = Flags.custom<ReorderWindow>({
  description: "How much of conn.log may wait to be put in order of ts: log time, rows, or both.",
  helpValue: "10min,1000000",
  parse: async (text) => {
    const window = { seconds: 600, events: 1_000_000 };
    for (const part of text.split(",")) {
      const seconds = parseDuration(part);
      if (seconds !== null) window.seconds = seconds;
      else if (/^[1-9]\d{0,8}$/.test(part)) window.events = Number(part);
      else
        throw new Errors.CLIError(
          `--reorder ${text}: write a length of time, a number of rows, or both: 10min,1000000`,
        );
    }
    return window;
  },
})();

/** A moment, as epoch seconds. */
export const momentFlag = Flags.custom<number>({
  helpValue: "2026-11-28T10:00:00Z",
  parse: async (text, _, { name }) => {
    const time = lineTime(text, { year: null, newest: Date.now() / 1000, utc: false });
    if (time === null)
      throw new Errors.CLIError(`--${name} ${text}: write a date with a time, or epoch seconds`);
    return time;
  },
});

export const assumeDateFlag = momentFlag({
  description: "When lines count as written that have no date, and no dated line beside them.",
});

export const yearFlag = Flags.integer({ description: "Year of dates that have none.", min: 1970, max: 9999 });
