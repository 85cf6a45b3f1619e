/**
 * A page's inputs in place of files of a host (src/files/input.ts): what was chosen or dropped, by its name.
 */
import { compressionOf } from "../../../src/files/compression.js";
import type { Input, InputState } from "../../../src/files/input.js";

export type { Input, InputState };

export const unread = (): InputState => ({ rawBytes: 0, damage: undefined, unreadable: undefined });

const chosen = new Map<string, Blob>();

/** From now on a file of that name can be read; null: no longer. */
export function giveFile(name: string, file: Blob | null): void {
  if (file === null) chosen.delete(name);
  else chosen.set(name, file);
}

export const givenFile = (name: string): Blob | undefined => chosen.get(name);

export function readInput(file: string): Input {
  const state = unread();
  return { file, state, chunks: chunksOf(file, state) };
}

async function* chunksOf(name: string, state: InputState): AsyncGenerator<Uint8Array> {
  const file = chosen.get(name);
  if (file === undefined) {
    state.unreadable = "there is no such file or folder";
    return;
  }
  const compression = compressionOf(new Uint8Array(await file.slice(0, 4).arrayBuffer()));
  if (compression !== null && compression !== "gzip") {
    state.unreadable = `a page cannot unpack ${compression}; give it as gzip, or unpacked`;
    return;
  }
  const raw = file.stream().pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        state.rawBytes += chunk.length;
        controller.enqueue(chunk);
      },
    }),
  );
  const reader = (compression === null ? raw : raw.pipeThrough(new DecompressionStream("gzip"))).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } catch (error) {
    state.damage = error instanceof Error ? error.message : String(error);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
