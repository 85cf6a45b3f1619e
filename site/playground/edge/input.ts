/** In place of src/files/input.ts. */
import type { Input, InputState } from "../../../src/files/input.js";
import { readBytes } from "./files.js";

export const unread = (): InputState => ({ rawBytes: 0, damage: undefined, unreadable: undefined });

export function readInput(file: string): Input {
  const state = unread();
  return { file, state, chunks: readBytes(file, state) };
}
