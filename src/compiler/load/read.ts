import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { reasonOf } from "../../files/system-error.js";

export type ReadFailure = "missing" | "directory" | "not-a-file" | "too-large" | "denied";

export type ReadResult =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly failure: ReadFailure; readonly reason: string };

/** Larger sources are refused before anything looks at them. */
const largest = 32 * 1024 * 1024;

/** Reads a regular file; a pipe or device is refused, since reading one can wait for ever. */
export function readRegularFile(path: string): ReadResult {
  try {
    const found = statSync(path);
    if (found.isDirectory()) return { ok: false, failure: "directory", reason: "it is a directory" };
    if (!found.isFile()) return { ok: false, failure: "not-a-file", reason: "it is not a regular file" };
    if (found.size > largest) {
      return { ok: false, failure: "too-large", reason: `it is larger than ${largest / 1024 / 1024} MiB` };
    }
    return { ok: true, bytes: readFileSync(path) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const missing = code === "ENOENT" || code === "ENOTDIR" || code === "ERR_INVALID_ARG_VALUE";
    return missing
      ? { ok: false, failure: "missing", reason: "there is no such file" }
      : {
          ok: false,
          failure: "denied",
          reason: reasonOf(error),
        };
  }
}

export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Decodes UTF-8, with or without a byte order mark; null when it is not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Where the first invalid byte stands: line and column from 1, columns in code points. */
export function firstInvalidByte(bytes: Buffer): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (isPrefixOfUtf8(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  // `stream` leaves out the beginning of a sequence that the invalid byte cut off.
  const before = new TextDecoder("utf-8").decode(bytes.subarray(0, low), { stream: true });
  const lines = before.split(/\r\n|\n|\r/);
  return { line: lines.length, column: Array.from(lines.at(-1) ?? "").length + 1 };
}

function isPrefixOfUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
