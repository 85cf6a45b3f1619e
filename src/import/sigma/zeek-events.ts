/** Rows of Zeek's logs as the proof of an import makes them, and as rules see them. */
import type { SigmaEvent } from "./evaluate.js";
import type { ZeekLog } from "./log-columns.js";
import type { Row } from "./samples.js";

/** What every row has. */
const fixed: Row = {
  "id.orig_p": 40000,
  "id.resp_h": "198.51.100.7",
  "id.resp_p": 80,
  proto: "tcp",
  trans_depth: 1,
  request_body_len: 0,
  response_body_len: 0,
  tags: [],
  AA: false,
  TC: false,
  RD: false,
  RA: false,
  Z: 0,
  rejected: false,
};

/** @param at - its number among the rows: each has its own source, but for those that ask for one */
export function completeRow(row: Row, at: number, time: number): Row {
  return {
    ...fixed,
    ts: time,
    uid: `C${at}`,
    "id.orig_h": `198.${18 + ((at >> 16) & 1)}.${(at >> 8) & 255}.${at & 255}`,
    ...row,
  };
}

/** A row by the names that rules use. */
export function eventOf(row: Row, log: ZeekLog): SigmaEvent {
  const event = new Map<string, string | number | readonly string[]>();
  for (const [field, column] of log.columns) {
    const value = row[column.read.slice(2)];
    if (value === undefined) continue;
    if (typeof value === "boolean") event.set(field, String(value));
    else if (column.part === undefined) event.set(field, value);
    else if (column.part === "stem") event.set(field, String(value).split("?")[0] ?? "");
    else {
      const [, extension] = /\.([^./?#]*)(?:[?#].*)?$/.exec(String(value)) ?? [];
      if (extension !== undefined) event.set(field, extension);
    }
  }
  return event;
}
