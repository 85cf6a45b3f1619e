/**
 * What OSSEC and Wazuh make of a line's beginning:
 * - `header`: its host, program and message are those of the columns, or a part of that message;
 * - `line`: perhaps something else, so that only the whole line says what they may look at;
 * - `bytes`: it holds bytes that they leave out, or that are no UTF-8, so that not even the line's text says it.
 */
export type LineForm = "header" | "line" | "bytes";

/** A line of a log as columns; `header` and `message` are the whole line. Texts are latin1, a byte a unit. */
export interface SyslogLine {
  readonly header: string;
  readonly host: string | null;
  readonly program: string | null;
  readonly pid: string | null;
  readonly message: string;
  readonly form: LineForm;
  /** Whether it is UTF-8 without a NUL: a text that tables can hold. */
  readonly isText: boolean;
}

const word = String.raw`[A-Za-z0-9()@/_.\-]+`;
const names = String.raw`(?<host>${word}) (?<program>${word})(?:\[(?<pid>\d+)\])?: `;
/** Dates that both engines know by the same places (docs/reference/ossec.md#pre-decoding). */
const rfc3164 = String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d`;
const rfc3339 = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d:\d\d`;
const known = new RegExp(`^(?:${rfc3164}|${rfc3339}) ${names}`);
/** Other headers of syslog: with a priority, with a Z, with a finer time. */
const other = new RegExp(
  String.raw`^(?:<\d{1,3}>)?(?:${rfc3164}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?) ${names}`,
);
/** `<34>1 2026-06-11T11:04:47.003Z web sshd 77 ID47 [a b="c"] ` */
const rfc5424 =
  /^(?:<\d{1,3}>)?1 \d\S{18,40} (?<host>\S{1,255}) (?<program>\S{1,48}) (?<pid>\S{1,128}) \S{1,32} (?:-|(?:\[[^\]\\"]*(?:"(?:[^"\\]|\\.)*"[^\]\\"]*)*\])+)(?: |$)/;
/** Shorter lines have no header to the engines, whatever they look like. */
const shortest = 33;

const hasControls = /[\x00-\x1f\x7f]/;
const plain = /^[\x01-\x7f]*$/;

/** Bytes as text; those that are none are replaced. */
export const textOf = (bytes: string): string =>
  plain.test(bytes) ? bytes : Buffer.from(bytes, "latin1").toString("utf8").replaceAll("\0", "\ufffd");

const isText = (bytes: string): boolean =>
  plain.test(bytes) || Buffer.from(textOf(bytes)).toString("latin1") === bytes;

/** Cuts a line into the columns of an archive. */
export function readSyslogLine(line: string): SyslogLine {
  const certain = line.length < shortest ? null : known.exec(line);
  const found = certain ?? other.exec(line) ?? rfc5424.exec(line);
  const header = found?.[0] ?? "";
  const { host, program, pid } = found?.groups ?? {};
  const message = line.slice(header.length);
  const text = isText(line);
  const form = hasControls.test(line) || !text ? "bytes" : certain === null ? "line" : "header";
  return { header, host: given(host), program: given(program), pid: given(pid), message, form, isText: text };
}

/** `-` is RFC 5424's word for none. */
const given = (text: string | undefined): string | null => (text === undefined || text === "-" ? null : text);
