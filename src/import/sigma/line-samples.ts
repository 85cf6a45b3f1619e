/** Lines for a rule: what fits it, each alternative once, and what lies just beside. */
import type { LineField, LineFormat } from "./line-formats.js";
import type { Column } from "./log-columns.js";
import type { Test } from "./rule.js";
import { messagesFor, type Row, rowsFor } from "./samples.js";

/** @param format - null: messages without fields */
export function linesFor(test: Test, format: LineFormat | null): readonly string[] {
  if (format === null) return messagesFor(test);
  const found = new Set<string>();
  for (const row of lineRows(test, format))
    for (const write of [asApache, asNginx]) found.add(messageOf(row, format, write));
  // Keywords stand anywhere, and with the fields.
  const [first] = found;
  if (first !== undefined) for (const message of messagesFor(test)) found.add(`${first} ${message}`);
  return [...found];
}

/** The fields of a row as a line. */
export const lineOfRow = (row: Row, format: LineFormat): string => messageOf(row, format, asApache);

function messageOf(row: Row, format: LineFormat, write: Writing): string {
  switch (format.name) {
    case "access":
      return accessLine(row, write);
    case "sudo":
      return sudoLine(row);
    case "auditd":
      return auditLine(row);
  }
}

function sudoLine(row: Row): string {
  const fields = ["tty", "pwd", "user", "group", "command"].flatMap((name) => {
    const value = row[name];
    return value === undefined ? [] : [`${name.toUpperCase()}=${String(value)}`];
  });
  return `alice : ${fields.join(" ; ")}`;
}

/** Texts in quotes, numbers without; the type comes first. */
function auditLine({ type = "SYSCALL", ...row }: Row): string {
  const fields = Object.entries(row).map(([name, value]) =>
    /^\d+$/.test(String(value)) ? `${name}=${String(value)}` : `${name}="${String(value)}"`,
  );
  return [`type=${String(type)}`, "msg=audit(1700000000.123:456):", ...fields].join(" ");
}

/** Values of fields for a rule; each under the first name that its field has. */
export function lineRows(test: Test, format: LineFormat): readonly Row[] {
  // What reads the same is one column.
  const names = new Map<LineField, string>();
  const columns = new Map<string, Column>();
  // Keywords are put into the first one that nothing else is asked of: one that takes any text.
  const free = (name: string): number => (name === "cs-user-agent" || name === "cs-referer" ? 0 : 1);
  for (const [name, field] of [...format.fields].sort(([one], [other]) => free(one) - free(other))) {
    if (!names.has(field)) names.set(field, name);
    columns.set(name, { read: `c.${names.get(field) ?? name}`, type: field.type, optional: true });
  }
  return rowsFor(test, { columns });
}

type Writing = (text: string) => string;

function accessLine(row: Row, write: Writing): string {
  const value = (name: string): string | undefined => {
    const held = row[name];
    return held === undefined ? undefined : String(held);
  };
  const quoted = (name: string): string => `"${write(value(name) ?? "-")}"`;
  const stem = value("c-uri-stem");
  const uri = value("c-uri");
  const asked = stem === undefined ? (uri ?? "/") : uri === undefined ? stem : `${stem}?${uri}`;
  const host = value("cs-host");
  const request = `${value("cs-method") ?? "GET"} ${asked} ${value("cs-version") ?? "HTTP/1.1"}`;
  const combined =
    value("cs-referer") === undefined &&
    value("cs-user-agent") === undefined &&
    value("sc-bytes") !== undefined
      ? ""
      : ` ${quoted("cs-referer")} ${quoted("cs-user-agent")}`;
  return `${host === undefined ? "" : `${host} `}${value("c-ip") ?? "198.51.100.7"} - ${value("cs-username") ?? "-"} [14/Nov/2026:18:09:08 +0000] "${write(request)}" ${value("sc-status") ?? "200"} ${value("sc-bytes") ?? "-"}${combined}`;
}

const hexOf = (letter: string): string =>
  [...new TextEncoder().encode(letter)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");

/** A quote and a backslash get a backslash, other bytes become \x.. in small letters. */
const asApache: Writing = (text) =>
  text.replace(/["\\]|[^\x20-\x7e]/gu, (letter) =>
    letter === '"' || letter === "\\"
      ? `\\${letter}`
      : letter === "\n"
        ? "\\n"
        : letter === "\t"
          ? "\\t"
          : hexOf(letter),
  );

/** Both become \x.. in capitals, and so do control characters; the rest stays as it is. */
const asNginx: Writing = (text) =>
  text.replace(/["\\]|[\x00-\x1f\x7f]/g, (letter) =>
    hexOf(letter).replace(/[a-f]/g, (digit) => digit.toUpperCase()),
  );
