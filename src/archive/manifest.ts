import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openAside } from "../files/aside.js";
import { isMissing, reasonOf } from "../files/system-error.js";

/** Name of the list of what an archive holds. */
export const manifestName = "zopf-archive.json";

/** A log file whose rows are in the archive. */
export interface ArchivedFile {
  /** Its path, as it was given. */
  readonly name: string;
  readonly log: string;
  /** Hashes of the file as it is stored, and of its text up to the first record. */
  readonly stored: string;
  readonly first: string;
  readonly bytes: number;
  readonly rows: number;
  /** Records that could not be read. */
  readonly skipped: number;
  /** When the first and the last row were written, in seconds of the epoch. */
  readonly from: number;
  readonly to: number;
  /** Parquet files below the archive's folder, in the order of time. */
  readonly parts: readonly string[];
  /** Columns and their types in Zeek's words. */
  readonly columns: Readonly<Record<string, string>>;
  /** Parquet files of its lines as they stand, of a log of notices; undefined: of another one, or of an earlier zopf. */
  readonly texts?: readonly string[];
}

export interface Manifest {
  readonly version: 1;
  readonly files: readonly ArchivedFile[];
}

/** What a folder's manifest says; null: it has none. A text says why it cannot be used. */
export function readManifest(folder: string): Manifest | null | string {
  let text: string;
  try {
    text = readFileSync(join(folder, manifestName), "utf8");
  } catch (error) {
    return isMissing(error) ? null : reasonOf(error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `${manifestName} is no JSON`;
  }
  if (!isObject(value) || !Array.isArray(value.files)) return `${manifestName} does not list files`;
  if (value.version !== 1) return `${manifestName} is of another version of zopf`;
  const files: ArchivedFile[] = [];
  for (const file of value.files) {
    if (!isArchivedFile(file)) return `${manifestName} holds an entry that zopf has not written`;
    files.push(file);
  }
  return { version: 1, files };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isArchivedFile(value: unknown): value is ArchivedFile {
  if (!isObject(value) || !isObject(value.columns)) return false;
  const texts = [value.name, value.log, value.stored, value.first, ...Object.values(value.columns)];
  const numbers = [value.bytes, value.rows, value.skipped, value.from, value.to];
  return (
    texts.every((one) => typeof one === "string") &&
    numbers.every((one) => typeof one === "number") &&
    isPaths(value.parts) &&
    (value.texts === undefined || isPaths(value.texts))
  );
}

const isPaths = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.every((part) => typeof part === "string" && !part.startsWith("/") && !part.includes(".."));

/** Writes it whole or not at all. @throws what the system says */
export function writeManifest(folder: string, manifest: Manifest): void {
  const aside = openAside(join(folder, manifestName));
  try {
    aside.write(`${JSON.stringify(manifest, null, 1)}\n`);
    aside.commit();
  } catch (error) {
    aside.discard();
    throw error;
  }
}
