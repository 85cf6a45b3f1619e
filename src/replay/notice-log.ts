import type { Model, ZeekModel } from "../model/model.js";
import { unescapeTsv } from "../zeek/logs/escape.js";
import type { ChainLine } from "./chain-line.js";
import type { NoticeEvent } from "./timeline.js";

/** The parts of a notice line that a timeline shows. */
export interface NoticeParts {
  readonly note: string;
  readonly message: string;
  readonly source: string | null;
}

/** Columns of notice.log before the note, and the places behind it (docs/reference/zeek.md#notice-log). */
const noteColumn = 10;

/** Reads a line of a notice log, JSON (with the address in that column) or TSV with Zeek's columns; null where it is no notice. */
export function readNoticeLine(line: string, sourceColumn = "src"): NoticeParts | null {
  if (line.startsWith("{")) return readJson(line, sourceColumn);
  if (line.startsWith("#")) return null;
  const columns = line.split("\t");
  const note = columns[noteColumn];
  const message = columns[noteColumn + 1];
  const source = columns[noteColumn + 3];
  if (note === undefined || message === undefined) return null;
  return {
    note,
    message: unescapeTsv(message),
    source: source === undefined || source === "-" ? null : source,
  };
}

function readJson(line: string, sourceColumn: string): NoticeParts | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(line, "latin1").toString("utf8"));
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("note" in value) || typeof value.note !== "string")
    return null;
  const text = (key: string): string | null => {
    const found: unknown = Reflect.get(value, key);
    return typeof found === "string" ? found : null;
  };
  return { note: value.note, message: text("msg") ?? "", source: text(sourceColumn) };
}

/** The notice event of an existing line, where it is one of the bundle's. */
export function noticeOf(model: Model, line: ChainLine, parts: NoticeParts): NoticeEvent | null {
  const detection = model.detections.find((one) => one.kind === "zeek" && one.note === parts.note);
  if (detection === undefined) return null;
  return {
    time: line.time,
    kind: "notice",
    detection: detection.name,
    source: parts.source,
    file: line.file,
    lineNumber: line.lineNumber,
    note: parts.note,
    message: parts.message,
    line: line.text,
  };
}

/** Zeek's path of the log that OSSEC reads: `zopf_perimeter`, `notice`. */
export function noticeLogPath({ noticeLog }: ZeekModel): string {
  return noticeLog.kind === "dedicated" ? noticeLog.path : "notice";
}
