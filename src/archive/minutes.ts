import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openAside } from "../files/aside.js";
import { duckdb } from "../targets/sql/dialect.js";
import type { ArchivedFile } from "./manifest.js";
import { ownColumns } from "./select.js";

/** How many rows of a log were written in a minute. */
export interface Minute {
  /** Minutes of the epoch: `_written` by 60, rounded down. */
  readonly minute: number;
  readonly rows: number;
}

/** The minutes of files, by the hash of each (`stored` of the manifest). */
export type MinutesOfFiles = ReadonlyMap<string, readonly Minute[]>;

/** The minute in which a row was written, as SQL. */
export const minuteSql = duckdb.quotient(ownColumns.written, 60);

const place = (folder: string, log: string): string => join(folder, `zopf-minutes-${log}.bin`);

/** What an archive's folder tells of the files of a log; nothing where it does not, or not in this version's form. */
export function readMinutes(folder: string, log: string): MinutesOfFiles {
  let bytes: Buffer;
  try {
    bytes = readFileSync(place(folder, log));
  } catch {
    return new Map();
  }
  const stop = bytes.indexOf(10);
  const files = headerOf(bytes.toString("latin1", 0, Math.max(stop, 0)));
  const count = files.reduce((sum, [, own]) => sum + own, 0);
  if (bytes.length - stop - 1 !== 16 * count) return new Map();
  const numbers = new Float64Array(2 * count);
  new Uint8Array(numbers.buffer).set(bytes.subarray(stop + 1));
  let at = 0;
  const minutes = files.map(([stored, own]) => {
    const list = Array.from({ length: own }, (_, i): Minute => {
      return { minute: numbers[at + 2 * i] ?? 0, rows: numbers[at + 2 * i + 1] ?? 0 };
    });
    at += 2 * own;
    return [stored, list] as const;
  });
  return new Map(minutes);
}

function headerOf(line: string): readonly (readonly [string, number])[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [];
  }
  if (typeof value !== "object" || value === null || !("version" in value) || value.version !== 1) return [];
  if (!("files" in value) || typeof value.files !== "object" || value.files === null) return [];
  return Object.entries(value.files).filter((one): one is [string, number] => typeof one[1] === "number");
}

/** Writes them whole or not at all. @throws what the system says */
export function writeMinutes(folder: string, log: string, minutes: MinutesOfFiles): void {
  const files = Object.fromEntries([...minutes].map(([stored, own]) => [stored, own.length]));
  const numbers = Float64Array.from(
    [...minutes.values()].flat().flatMap(({ minute, rows }) => [minute, rows]),
  );
  const aside = openAside(place(folder, log));
  try {
    aside.write(`${JSON.stringify({ version: 1, files })}\n`);
    aside.write(new Uint8Array(numbers.buffer));
    aside.commit();
  } catch (error) {
    aside.discard();
    throw error;
  }
}

/** The minutes of a whole log in the order of time, those without rows left out; null: not all of its files are known. */
export function minutesOf(
  folder: string,
  log: string,
  files: readonly ArchivedFile[],
): readonly Minute[] | null {
  const known = readMinutes(folder, log);
  const sums = new Map<number, number>();
  for (const file of files) {
    if (file.log !== log) continue;
    const own = known.get(file.stored);
    if (own === undefined) return null;
    for (const { minute, rows } of own) sums.set(minute, (sums.get(minute) ?? 0) + rows);
  }
  return [...sums].map(([minute, rows]) => ({ minute, rows })).sort((a, b) => a.minute - b.minute);
}
