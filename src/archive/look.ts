import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { compressionOf } from "../files/compression.js";
import { unread } from "../files/input.js";
import { readBytes } from "../files/streamed-input.js";
import { reasonOf } from "../files/system-error.js";
import { headerColumns, NO_HEADER, readBareHeader, readHeaderLine } from "../zeek/logs/schema.js";
import type { LogColumn } from "../zeek/logs/types.js";
import type { TsvStyle } from "../zeek/logs/write.js";

/** What a log file says at its beginning. */
export interface Beginning {
  readonly compression: "gzip" | "zstd" | "none";
  readonly form:
    | {
        readonly kind: "tsv";
        readonly columns: readonly LogColumn[];
        readonly style: TsvStyle;
        /** Lines before the first record. */
        readonly lines: number;
      }
    | { readonly kind: "json" };
  /** Hash of all up to the end of the first record: no other log begins like this. */
  readonly first: string;
}

/** What a log that is not Zeek's begins with. */
export interface LinesBeginning {
  readonly form: null;
  /** Hash of all up to the end of the first line that is no comment. */
  readonly first: string;
}

/** Bytes of a file's beginning that are looked at. */
const most = 1 << 22;

/**
 * Looks at the beginning of a log; a text says why it cannot be read.
 *
 * @param isNamed whether its name or its columns say that it is a log of Zeek's: JSON may be anything
 */
export async function beginningOf(
  file: string,
  isNamed: boolean,
): Promise<Beginning | LinesBeginning | string> {
  const state = unread();
  const chunks: Buffer[] = [];
  let length = 0;
  let stored: Uint8Array | undefined;
  try {
    const raw = createReadStream(file, { end: 15 });
    for await (const chunk of raw) stored ??= Buffer.isBuffer(chunk) ? chunk : undefined;
    for await (const chunk of readBytes(file, state)) {
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length >= most || hasRecord(chunk)) break;
    }
  } catch (error) {
    return reasonOf(error);
  }
  if (state.unreadable !== undefined) return state.unreadable;
  if (length === 0) return state.damage ?? "it is empty";
  const bytes = stored ?? new Uint8Array(0);
  return parse(Buffer.concat(chunks), bytes, isNamed);
}

/** Whether a whole line stands in it that is no header. */
const hasRecord = (chunk: Uint8Array): boolean => /^(?!#).+\n/m.test(Buffer.from(chunk).toString("latin1"));

/** The columns that Zeek writes first. */
const zeekJson = /^\{ ?"(?:ts|_path|_write_ts)" ?:/;

function parse(bytes: Buffer, stored: Uint8Array, isNamed: boolean): Beginning | LinesBeginning | string {
  const compression = compressionOf(stored) ?? "none";
  let header = NO_HEADER;
  let at = 0;
  let lines = 0;
  while (at < bytes.length) {
    const stop = bytes.indexOf(10, at);
    const end = stop < 0 ? bytes.length : stop;
    const line = bytes.toString("latin1", at, end).replace(/\r$/, "");
    const after = end + 1;
    const first = createHash("sha256").update(bytes.subarray(0, end)).digest("hex");
    if (line.startsWith("#")) header = readHeaderLine(header, line).header;
    else if (line.startsWith("{") && header.fields === undefined && (isNamed || zeekJson.test(line)))
      return { compression, form: { kind: "json" }, first };
    else if (line !== "") {
      const columns = headerColumns(header);
      if (columns !== undefined)
        return { compression, form: { kind: "tsv", columns, style: header.style, lines }, first };
      const bare = readBareHeader(line);
      if (bare === undefined)
        return bytes.includes(0) ? "it is neither a log of Zeek's nor text" : { form: null, first };
      header = bare;
    }
    lines++;
    at = after;
  }
  return "it holds no record";
}

/** Hash of a file as it is stored. @throws what the system says */
export async function contentHash(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}
