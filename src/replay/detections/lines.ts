import type { ZeekType, ZeekValue } from "../../model/expression.js";
import type { NoticeLog } from "../../model/model.js";
import type { LogColumn, LogType, LogValue, ScalarType } from "../../zeek/logs/types.js";
import { formatJsonRow, formatTsvRow } from "../../zeek/logs/write.js";
import { portNumber } from "../../zeek/values/port.js";

const column = (name: string, kind: ScalarType): LogColumn => ({ name, type: { kind } });
const setColumn = (name: string, of: ScalarType): LogColumn => ({ name, type: { kind: "set", of } });

/** Columns of notice.log (spec/zeek.md 4.1). */
const noticeColumns: readonly LogColumn[] = [
  column("ts", "time"),
  column("uid", "string"),
  column("id.orig_h", "addr"),
  column("id.orig_p", "port"),
  column("id.resp_h", "addr"),
  column("id.resp_p", "port"),
  column("fuid", "string"),
  column("file_mime_type", "string"),
  column("file_desc", "string"),
  column("proto", "enum"),
  column("note", "enum"),
  column("msg", "string"),
  column("sub", "string"),
  column("src", "addr"),
  column("dst", "addr"),
  column("p", "port"),
  column("n", "count"),
  column("peer_descr", "string"),
  setColumn("actions", "enum"),
  setColumn("email_dest", "string"),
  column("suppress_for", "interval"),
  column("remote_location.country_code", "string"),
  column("remote_location.region", "string"),
  column("remote_location.city", "string"),
  column("remote_location.latitude", "double"),
  column("remote_location.longitude", "double"),
];

/** What the filter of the dedicated log includes, in the stream's order. */
const dedicated = new Set(["ts", "note", "msg", "src", "dst"]);
const dedicatedColumns = noticeColumns.filter(({ name }) => dedicated.has(name));

/** A notice as a detection of ours raises it: no connection, no `$dst`. */
export interface RaisedNotice {
  readonly time: number;
  readonly note: string;
  readonly message: string;
  readonly source: string | undefined;
  readonly suppressFor: number;
}

/** The line of a notice in the log that OSSEC reads, as Zeek writes it (bytes, no newline). */
export function noticeLine(log: NoticeLog, notice: RaisedNotice): string {
  const json = log.kind === "dedicated" || log.format === "json";
  const columns = log.kind === "dedicated" ? dedicatedColumns : noticeColumns;
  const fields: Readonly<Record<string, LogValue>> = {
    ts: notice.time,
    note: notice.note,
    msg: notice.message,
    src: notice.source,
    actions: ["Notice::ACTION_LOG"],
    email_dest: [],
    suppress_for: notice.suppressFor,
  };
  const values = columns.map(({ name }) => fields[name]);
  return json ? formatJsonRow(columns, values) : formatTsvRow(columns, values);
}

/** A column's type in a log's header. */
export function logTypeOf(type: ZeekType): LogType {
  switch (type.kind) {
    case "record":
    case "pattern":
      return { kind: "string" };
    case "set":
      return { kind: "set", of: scalarOf(type.of[0]) };
    case "vector":
      return { kind: "vector", of: scalarOf(type.of) };
    default:
      return { kind: type.kind };
  }
}

function scalarOf(type: ZeekType | undefined): ScalarType {
  const log = logTypeOf(type ?? { kind: "string" });
  return log.kind === "set" || log.kind === "vector" ? "string" : log.kind;
}

/** A value as logs hold it: of a port only the number. */
export function logValueOf(value: ZeekValue, type: ZeekType): LogValue {
  if (Array.isArray(value)) {
    const of: ZeekType =
      type.kind === "vector" ? type.of : ((type.kind === "set" ? type.of[0] : undefined) ?? type);
    return value.map((item: ZeekValue) => logValueOf(item, of));
  }
  if (type.kind === "port" && typeof value === "number") return portNumber(value);
  return typeof value === "object" ? undefined : value;
}
