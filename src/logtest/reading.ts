/** Reading inputs: what lies on a disk without detours, everything else as a stream. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { InputState } from "../files/input.js";
import { reasonOf } from "../files/system-error.js";

export interface Input {
  readonly file: string;
  /** What became of it; complete when the last chunk was read. */
  readonly state: InputState;
  /** A chunk's memory may be used again for the next one. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

const readSize = 1 << 20;

/** gzip, zstd: those are unpacked elsewhere. */
function isPacked(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  return (a === 0x1f && b === 0x8b) || (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd);
}

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
  const { readBytes } = await import("../files/input.js");
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
      if (first && isPacked(chunk)) {
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
  const state: InputState = { rawBytes: 0, damage: undefined, unreadable: undefined };
  return { file, state, chunks: chunksOf(file, state) };
}
