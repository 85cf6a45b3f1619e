import type { ZeekType, ZeekValue } from "../model/expression.js";
import type { NoticeLog } from "../model/model.js";
import { dedicatedColumns, dedicatedName } from "../model/zeek-names.js";
import { NOTICE_COLUMNS, noticeValues } from "../zeek/logs/notice.js";
import type { LogType, LogValue, ScalarType } from "../zeek/logs/types.js";
import { formatJsonRow, formatTsvRow } from "../zeek/logs/write.js";
import { portNumber } from "../zeek/values/port.js";

/** What the filter of the dedicated log includes. */
const dedicated: ReadonlySet<string> = new Set(dedicatedColumns);
const included = [...NOTICE_COLUMNS.keys()].filter((place) =>
  dedicated.has(NOTICE_COLUMNS[place]?.name ?? ""),
);

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
  const values = noticeValues({
    ts: notice.time,
    note: notice.note,
    msg: notice.message,
    ...(notice.source === undefined ? {} : { src: notice.source }),
    suppressFor: notice.suppressFor,
  });
  if (log.kind === "dedicated")
    return formatJsonRow(
      included.flatMap((place) => {
        const column = NOTICE_COLUMNS[place];
        return column === undefined ? [] : [{ ...column, name: dedicatedName(log, column.name) }];
      }),
      included.map((place) => values[place]),
    );
  return log.format === "json" ? formatJsonRow(NOTICE_COLUMNS, values) : formatTsvRow(NOTICE_COLUMNS, values);
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
