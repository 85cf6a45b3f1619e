import { fileStatus } from "./file-status.js";

/** Who follows a long reading, and may end it early. */
export interface ReadingWatch {
  /** So many bytes, as stored, are going to be read; null: it is not known how many. */
  expect(bytes: number | null): void;
  /** So many bytes, as stored, have been read more; what it returns is waited for. */
  read(bytes: number): void | Promise<void>;
  /** Whether no more is to be read: what comes out is then a part. */
  stopped(): boolean;
}

/** Who follows long work that is no reading, and may end it early. */
export interface StepWatch {
  /** What is done now, `done` of `total` where that is known; what it returns is waited for. */
  step(what: string, done?: number, total?: number): void | Promise<void>;
  /** Whether no more is to be done: what comes out is then a part. */
  stopped(): boolean;
}

/** Bytes of files, as stored; null where the size of one is not known. */
export function sizeOf(files: readonly string[]): number | null {
  let sum = 0;
  for (const file of files) {
    const status = file === "-" ? null : fileStatus(file);
    if (status?.isFile() !== true) return null;
    sum += status.size;
  }
  return sum;
}
