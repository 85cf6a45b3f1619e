import type { ArchiveOutcome } from "../archive/archive.js";
import { jsonOf } from "../diagnostics/schema-version.js";

const many = (count: number, one: string): string =>
  `${count.toLocaleString("en-US")} ${one}${count === 1 ? "" : "s"}`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** What a run has put into the archive, for people. */
export function archiveText({ added, known, skipped, bytes }: ArchiveOutcome): string {
  const rows = added.reduce((sum, file) => sum + file.rows, 0);
  const read = added.reduce((sum, file) => sum + file.bytes, 0);
  const lines = [
    `${many(added.length, "file")} archived: ${many(rows, "row")}, ${megabytes(read)} in ${megabytes(bytes)}`,
  ];
  if (known.length > 0) lines.push(`${many(known.length, "file")} there already`);
  if (skipped.length > 0) lines.push(`${many(skipped.length, "file")} left out`);
  return `${lines.join("\n")}\n`;
}

/** The same, a line a file (schemas/archive.schema.json). */
export function archiveJson({ added, known, skipped }: ArchiveOutcome): string {
  const lines = [
    ...added.map(({ name, log, rows, skipped: bad, bytes, parts }) => ({
      type: "archived",
      file: name,
      log,
      rows,
      skipped: bad,
      bytes,
      parts,
    })),
    ...known.map(({ file, as }) => ({ type: "known", file, as })),
    ...skipped.map(({ file, reason }) => ({ type: "left-out", file, reason })),
  ];
  return lines.map((line) => jsonOf("archive", line)).join("");
}
