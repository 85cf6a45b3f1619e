import { createReadStream, fstatSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { Transform } from "node:stream";
import * as zlib from "node:zlib";
import { compressionOf, magicLength } from "./compression.js";
import { fileStatus } from "./file-status.js";
import type { InputState } from "./input.js";
import { tooLarge } from "./read-whole.js";
import { reasonOf } from "./system-error.js";

const READ_SIZE = 1 << 20;
const FEED_SIZE = 1 << 16;

/** So much is read of a device (/dev/zero, /dev/urandom): files and pipes end, most devices do not. */
const deviceLimit = 16 << 20;

/** Chunks in use at the same time: the one at hand, what is left of the one before, the one being read. */
const BUFFERS = 3;

/**
 * A file's bytes, the next chunk read while the last one is worked on. The same few buffers are filled again and
 * again: a chunk is good until the next but one has been asked for.
 */
async function* fileChunks(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    const buffers: Buffer[] = [];
    const read = async (turn: number): Promise<Buffer> => {
      const buffer = buffers[turn % BUFFERS] ?? Buffer.allocUnsafeSlow(READ_SIZE);
      buffers[turn % BUFFERS] = buffer;
      const { bytesRead } = await handle.read(buffer, 0, READ_SIZE, null);
      return buffer.subarray(0, bytesRead);
    };
    let coming = read(0);
    for (let turn = 1; ; turn++) {
      const chunk = await coming;
      if (chunk.length === 0) return;
      coming = read(turn);
      // A failure is met when its turn comes, even if nobody waits for it any more.
      coming.catch(() => undefined);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}

/** What standard input is; null: it is closed. */
function standardInputStatus(): Stats | null {
  try {
    return fstatSync(0);
  } catch {
    return null;
  }
}

/** Bytes of a file, or of standard input for `-`. */
async function* rawChunks(file: string, state: InputState): AsyncGenerator<Buffer> {
  // Null also for what cannot be looked at: reading it says why.
  const status = file === "-" ? standardInputStatus() : fileStatus(file);
  // Node reads a folder on standard input as if it were empty.
  if (file === "-" && status?.isDirectory() === true) {
    state.unreadable = "it is a folder, not a file";
    return;
  }
  const stream =
    file === "-"
      ? process.stdin
      : status?.isFile() === true
        ? fileChunks(file)
        : createReadStream(file, { highWaterMark: READ_SIZE });
  const limit = status?.isCharacterDevice() === true ? deviceLimit : Number.POSITIVE_INFINITY;
  try {
    for await (const chunk of stream) {
      const bytes: Buffer = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      state.rawBytes += bytes.length;
      if (state.rawBytes > limit) throw tooLarge(limit);
      yield bytes;
    }
  } catch (error) {
    state.unreadable = reasonOf(error);
  }
}

async function* feedPieces(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    for (let i = 0; i < chunk.length; i += FEED_SIZE) yield chunk.subarray(i, i + FEED_SIZE);
  }
}

/**
 * Runs a decompressor by hand. A pipe would lose what was decompressed but not yet read when the
 * input turns out to be cut off; here every byte before the damage is delivered.
 */
async function* through(
  source: AsyncIterable<Buffer>,
  transform: Transform,
  state: InputState,
): AsyncGenerator<Buffer> {
  const ready: Buffer[] = [];
  let over = false;
  const closed = new Promise<void>((resolve) => {
    const finish = () => {
      over = true;
      resolve();
    };
    transform.on("data", (chunk: Buffer) => ready.push(chunk));
    transform.on("error", (error) => {
      state.damage ??= error.message;
      finish();
    });
    transform.on("end", finish);
    transform.on("close", finish);
  });
  const write = (piece: Buffer) =>
    Promise.race([closed, new Promise<void>((resolve) => transform.write(piece, () => resolve()))]);
  try {
    let pending = Promise.resolve();
    for await (const piece of feedPieces(source)) {
      await pending;
      const out = ready.splice(0);
      if (over) {
        yield* out;
        break;
      }
      pending = write(piece);
      yield* out;
    }
    await pending;
    if (!over) transform.end();
    await closed;
    yield* ready.splice(0);
  } finally {
    transform.destroy();
  }
}

/** Zstandard without zlib's help: `fzstd`, loaded only here. */
async function* throughFzstd(source: AsyncIterable<Buffer>, state: InputState): AsyncGenerator<Buffer> {
  const { Decompress } = await import("fzstd");
  const ready: Buffer[] = [];
  const decompress = new Decompress((chunk) => {
    if (chunk.length > 0) ready.push(Buffer.from(chunk));
  });
  const push = (piece: Uint8Array, last: boolean) => {
    try {
      decompress.push(piece, last);
    } catch (error) {
      state.damage = error instanceof Error ? error.message : String(error);
    }
  };
  for await (const piece of feedPieces(source)) {
    push(piece, false);
    yield* ready.splice(0);
    if (state.damage !== undefined) return;
  }
  push(new Uint8Array(0), true);
  yield* ready.splice(0);
}

function zlibZstd(): Transform | undefined {
  const create: unknown = Reflect.get(zlib, "createZstdDecompress");
  const transform: unknown = typeof create === "function" ? create() : undefined;
  return transform instanceof Transform ? transform : undefined;
}

async function* chain(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}

/**
 * The decompressed bytes of a log: plain, gzip or zstd by what the file begins with, whatever its
 * name. Never throws: `state` says what went wrong, after the last chunk.
 */
export async function* readBytes(file: string, state: InputState): AsyncGenerator<Buffer> {
  const raw = rawChunks(file, state);
  try {
    const first: Buffer[] = [];
    while (Buffer.concat(first).length < magicLength) {
      const next = await raw.next();
      if (next.done === true) break;
      first.push(next.value);
    }
    const compression = compressionOf(Buffer.concat(first));
    const all = chain(first, raw);
    if (compression === "gzip") {
      yield* through(all, zlib.createGunzip({ chunkSize: READ_SIZE >> 2 }), state);
    } else if (compression === "zstd") {
      const native = zlibZstd();
      yield* native === undefined ? throughFzstd(all, state) : through(all, native, state);
    } else yield* all;
  } finally {
    await raw.return(undefined);
  }
}
