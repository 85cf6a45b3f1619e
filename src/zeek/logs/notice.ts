import { type LogColumn, type LogValue, parseLogType } from "./types.js";

const column = (text: string): LogColumn => {
  const [name = "", type = "string"] = text.split(" ");
  return { name, type: parseLogType(type) };
};

/** The columns of notice.log in Zeek's order, with the default-loaded remote_location (docs/reference/zeek.md#notice-log). */
export const NOTICE_COLUMNS: readonly LogColumn[] = [
  "ts time",
  "uid string",
  "id.orig_h addr",
  "id.orig_p port",
  "id.resp_h addr",
  "id.resp_p port",
  "fuid string",
  "file_mime_type string",
  "file_desc string",
  "proto enum",
  "note enum",
  "msg string",
  "sub string",
  "src addr",
  "dst addr",
  "p port",
  "n count",
  "peer_descr string",
  "actions set[enum]",
  "email_dest set[string]",
  "suppress_for interval",
  "remote_location.country_code string",
  "remote_location.region string",
  "remote_location.city string",
  "remote_location.latitude double",
  "remote_location.longitude double",
].map(column);

/** The connection of a notice: what `$conn=c` gives it. */
export interface NoticeConnection {
  readonly uid: string;
  readonly origH: string;
  readonly origP: number;
  readonly respH: string;
  readonly respP: number;
  readonly proto: string;
}

/** What a script gives to NOTICE(); texts are byte strings, times seconds, ports their numbers. */
export interface NoticeFields {
  readonly ts: number;
  readonly note: string;
  readonly msg?: string;
  readonly sub?: string;
  readonly src?: string;
  readonly dst?: string;
  readonly p?: number;
  /** Of `p`, or of the connection. */
  readonly proto?: string;
  readonly n?: number;
  readonly conn?: NoticeConnection;
  readonly suppressFor: number;
  /** Default: ACTION_LOG alone. */
  readonly actions?: readonly string[];
}

/** Values of a notice.log row in the order of {@link NOTICE_COLUMNS}, defaults filled as Zeek does. */
export function noticeValues(notice: NoticeFields): LogValue[] {
  const { conn } = notice;
  const given: Readonly<Record<string, LogValue>> = {
    ts: notice.ts,
    uid: conn?.uid,
    "id.orig_h": conn?.origH,
    "id.orig_p": conn?.origP,
    "id.resp_h": conn?.respH,
    "id.resp_p": conn?.respP,
    proto: notice.proto ?? conn?.proto,
    note: notice.note,
    msg: notice.msg,
    sub: notice.sub,
    src: notice.src ?? conn?.origH,
    dst: notice.dst ?? conn?.respH,
    p: notice.p ?? conn?.respP,
    n: notice.n,
    actions: notice.actions ?? ["Notice::ACTION_LOG"],
    email_dest: [],
    suppress_for: notice.suppressFor,
  };
  return NOTICE_COLUMNS.map(({ name }) => given[name]);
}
