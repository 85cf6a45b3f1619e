/** The log under which an archive has lines of syslog. Zeek has a syslog.log of its own. */
export const linesLog = "lines";

/**
 * Columns of the lines in an archive, beside `ownColumns`, whose `_written` is the time at which the replay of the file takes
 * the line, in seconds. `time` is the same to the microsecond.
 */
export const lineColumns = {
  time: "time",
  host: "host",
  program: "program",
  pid: "pid",
  message: "message",
  /** What stands before the message: with it the whole line. */
  header: "_header",
  /** The line's bytes where it is no text: not UTF-8, or with a NUL; else NULL. */
  raw: "_raw",
  /** `LineForm` */
  form: "_form",
} as const;

/** The types of those that people look for, in Zeek's words. */
export const lineTypes = {
  time: "time",
  host: "string",
  program: "string",
  pid: "string",
  message: "string",
};

/** The whole line as text, of a row of an archive. */
export const wholeLine = `concat(coalesce(${lineColumns.header}, ''), ${lineColumns.message})`;

/** The log under which a store has the lines of one of Zeek's logs as they stand. */
export const textLog = (log: string): string => `${log}.text`;
