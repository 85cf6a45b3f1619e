import { chmodSync, closeSync, openSync, realpathSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileStatus } from "./file-status.js";

/** A file that is written beside its place and put there when it is whole: an interrupted run leaves the old one. */
export interface FileAside {
  /** @throws what the system says */
  write(piece: string | Uint8Array): void;
  /** Puts it into its place. @throws what the system says */
  commit(): void;
  /** Takes it away; the file in its place stays as it was. */
  discard(): void;
}

/**
 * Opens a file for writing. What is no regular file (a pipe, a device) is written to as it is, and so is a file
 * in a folder that takes no other.
 *
 * @throws what the system says
 */
export function openAside(path: string): FileAside {
  const there = fileStatus(path);
  if (there !== null && !there.isFile()) return direct(path);
  // A link stays one.
  const place = there === null ? path : realpathSync(path);
  const aside = join(dirname(place), `.${basename(place)}.zopf-${process.pid}.tmp`);
  let file: number;
  try {
    file = openSync(aside, "w");
  } catch (error) {
    if (there === null) throw error;
    return direct(path);
  }
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  return {
    write: (piece) => writeAll(file, piece),
    commit() {
      close();
      if (there !== null) chmodSync(aside, there.mode & 0o7777);
      renameSync(aside, place);
    },
    discard() {
      close();
      rmSync(aside, { force: true });
    },
  };
}

function direct(path: string): FileAside {
  const file = openSync(path, "w");
  return {
    write: (piece) => writeAll(file, piece),
    commit: () => closeSync(file),
    discard: () => closeSync(file),
  };
}

function writeAll(file: number, piece: string | Uint8Array): void {
  const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
