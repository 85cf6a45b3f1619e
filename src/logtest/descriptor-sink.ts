/** Writing to a descriptor at once, without a stream: the streams of Node take longer to load than a small log to analyse. */
import { closeSync, openSync, writeSync } from "node:fs";
import { openAside } from "../files/aside.js";
import { isSystemError, reasonOf } from "../files/system-error.js";
import type { Sink } from "./output-pieces.js";

/** How long to wait for a reader that left the descriptor without room, where somebody made it not wait by itself. */
const pauseMilliseconds = 5;

export interface DescriptorSink {
  readonly sink: Sink;
  /** Why writing failed; null: it did not, or the reader of standard output went away. */
  failure(): string | null;
  close(): void;
}

/** A file that takes its place when it is closed, however much was written; one that cannot be written stays as it was. */
export function asideSink(file: string): DescriptorSink {
  let failure: string | null = null;
  let aside: ReturnType<typeof openAside> | null = null;
  const attempt = (step: () => void): boolean => {
    if (failure !== null) return false;
    try {
      step();
    } catch (error) {
      failure = reasonOf(error);
      aside?.discard();
    }
    return failure === null;
  };
  attempt(() => {
    aside = openAside(file);
  });
  return {
    sink: (bytes) => attempt(() => aside?.write(bytes)),
    failure: () => failure,
    close: () => void attempt(() => aside?.commit()),
  };
}

/** @param file - undefined: standard output */
export function descriptorSink(file: string | undefined): DescriptorSink {
  let failure: string | null = null;
  let descriptor: number | null = 1;
  const fail = (error: unknown): void => {
    if (file === undefined && isSystemError(error, "EPIPE")) return;
    failure = reasonOf(error);
  };
  if (file !== undefined) {
    try {
      descriptor = openSync(file, "w");
    } catch (error) {
      descriptor = null;
      fail(error);
    }
  }
  const sink: Sink = (bytes) => {
    let written = 0;
    while (descriptor !== null && written < bytes.length) {
      try {
        written += writeSync(descriptor, bytes, written);
      } catch (error) {
        if (isSystemError(error, "EAGAIN"))
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMilliseconds);
        else {
          fail(error);
          return false;
        }
      }
    }
    return descriptor !== null;
  };
  const close = (): void => {
    if (file === undefined || descriptor === null) return;
    try {
      closeSync(descriptor);
    } catch (error) {
      fail(error);
    }
    descriptor = null;
  };
  return { sink, failure: () => failure, close };
}
