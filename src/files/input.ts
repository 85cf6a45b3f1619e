/** Reading inputs: what lies on a disk uncompressed without detours, everything else as a stream (streamed-input.ts). */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { compressionOf } from "./compression.js";
import { reasonOf } from "./system-error.js";

/** What became of an input while it was read. */
export interface InputState {
  /** Bytes as stored, before decompression. */
  rawBytes: number;
  /** Why decompression stopped before the end. */
  damage: string | undefined;
  /** Why the input could not be read (further). */
  unreadable: string | undefined;
}

/** The state of an input before it is read. */
export const unread = (): InputState => ({ rawBytes: 0, damage: undefined, unreadable: undefined });

export interface Input {
  readonly file: string;
  /** What became of it; complete when the last chunk was read. */
  readonly state: InputState;
  /** A chunk's memory may be used again for the next one. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

const readSize = 1 << 20;

/** A regular file's descriptor (standard input is one where the shell redirected it); null: none. */
function regularFile(file: string): number | null {
  let descriptor: number | null = null;
  try {
    descriptor = file === "-" ? 0 : openSync(file, "r");
    if (fstatSync(descriptor).isFile()) return descriptor;
  } catch {
    // Reading it as a stream finds the same, and tells.
  }
  if (descriptor !== null && descriptor !== 0) closeSync(descriptor);
  return null;
}

async function* streamed(file: string, state: InputState): AsyncGenerator<Uint8Array> {
  const { readBytes } = await import("./streamed-input.js");
  yield* readBytes(file, state);
}

async function* chunksOf(file: string, state: InputState): AsyncGenerator<Uint8Array> {
  const descriptor = regularFile(file);
  if (descriptor === null) {
    yield* streamed(file, state);
    return;
  }
  const buffer = Buffer.allocUnsafeSlow(readSize);
  try {
    for (let first = true; ; first = false) {
      const length = readSync(descriptor, buffer, 0, readSize, null);
      if (length === 0) return;
      const chunk = buffer.subarray(0, length);
      if (first && compressionOf(chunk) !== null) {
        if (file === "-") process.stdin.unshift(Buffer.from(chunk));
        yield* streamed(file, state);
        return;
      }
      state.rawBytes += length;
      yield chunk;
    }
  } catch (error) {
    state.unreadable = reasonOf(error);
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

/** The decompressed bytes of a file, or of standard input for `-`. */
export function readInput(file: string): Input {
  const state = unread();
  return { file, state, chunks: chunksOf(file, state) };
}
