/** Files of a page: what was chosen or dropped, by its name, in place of a host's. */
import { Decompress } from "fzstd";
import { compressionOf, magicLength } from "../../../src/files/compression.js";
import type { InputState } from "../../../src/files/input.js";
import { PageBuffer, type PageBytes } from "./buffer.js";

const given = new Map<string, Blob>();

/** From now on a file of that name can be read. */
export function giveFile(name: string, file: Blob): void {
  given.set(name, file);
}

export const givenFile = (name: string): Blob | null => given.get(name) ?? null;

/** So much is read at once. */
const readSize = 1 << 20;

/** The same memory. */
const inMemory = (bytes: Uint8Array<ArrayBuffer>): PageBytes =>
  PageBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

async function* rawBytes(file: Blob, state: InputState): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < file.size; at += readSize) {
    const chunk = new Uint8Array(await file.slice(at, at + readSize).arrayBuffer());
    state.rawBytes += chunk.length;
    yield chunk;
  }
}

async function* unzipped(file: Blob, state: InputState): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      state.rawBytes += chunk.length;
      controller.enqueue(chunk);
    },
  });
  const reader = file.stream().pipeThrough(counted).pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* fromZstandard(file: Blob, state: InputState): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let ready: Uint8Array<ArrayBuffer>[] = [];
  const stream = new Decompress((chunk) => ready.push(new Uint8Array(chunk)));
  for await (const chunk of rawBytes(file, state)) {
    stream.push(chunk, state.rawBytes === file.size);
    yield* ready;
    ready = [];
  }
}

/** The unpacked bytes of a given file; the state says what became of it. */
export async function* readBytes(name: string, state: InputState): AsyncGenerator<PageBytes> {
  const file = given.get(name);
  if (file === undefined) {
    state.unreadable = "there is no such file or folder";
    return;
  }
  try {
    const compression = compressionOf(new Uint8Array(await file.slice(0, magicLength).arrayBuffer()));
    const chunks =
      compression === null
        ? rawBytes(file, state)
        : compression === "gzip"
          ? unzipped(file, state)
          : fromZstandard(file, state);
    for await (const chunk of chunks) yield inMemory(chunk);
  } catch (error) {
    state.damage = error instanceof Error ? error.message : String(error);
  }
}
