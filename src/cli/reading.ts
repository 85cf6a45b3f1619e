import type { ReadingWatch } from "../files/reading-watch.js";
import { ProgressLine, type ProgressScreen, type ProgressState } from "./progress-line.js";

/** How often signals are let in while files are read; milliseconds. */
const breatheEvery = 50;
/** Exit status of a run that was stopped by Ctrl-C, as shells have it. */
export const interrupted = 130;

/**
 * Long work in front of a person: shows on a terminal what is read, of how much, the rate and the rest, or which step is
 * done, and ends it at the first Ctrl-C. The second one ends zopf at once.
 */
export class TerminalReading implements ReadingWatch {
  /** Bytes, as stored; null: not known. */
  #total: number | null = 0;
  readonly #screen: ProgressScreen;
  readonly #line: ProgressLine;
  readonly #now: () => number;
  readonly #start: number;
  #bytes = 0;
  #breathedAt: number;
  #stopped = false;
  #onStop: () => void = () => undefined;
  readonly #stop = (): void => {
    this.#stopped = true;
    this.clear();
    if (this.#screen.isTTY === true) this.#screen.write("stopping; Ctrl-C once more ends at once\n");
    this.#onStop();
  };

  /** @param now milliseconds */
  constructor(screen: ProgressScreen = process.stderr, now: () => number = Date.now) {
    this.#screen = screen;
    this.#line = new ProgressLine(screen, now);
    this.#now = now;
    this.#start = now();
    this.#breathedAt = this.#start;
  }

  /** From now on Ctrl-C stops the work, and calls `onStop`; `end` gives it back. */
  listen(onStop: () => void = () => undefined): this {
    this.#onStop = onStop;
    process.once("SIGINT", this.#stop);
    return this;
  }

  expect(bytes: number | null): void {
    this.#total = bytes === null || this.#total === null ? null : this.#total + bytes;
    // Work that goes on elsewhere, as a database's, reports its first bytes late.
    if (!this.#stopped) void this.#line.show(this.#read);
  }

  read(bytes: number): void | Promise<void> {
    this.#bytes += bytes;
    return this.#breathe(this.#read);
  }

  readonly #read = (): ProgressState => {
    const [done, total] = [this.#bytes, this.#total];
    return {
      text: progressText(done, total, (this.#now() - this.#start) / 1000),
      share: total === null || total === 0 || total < done ? null : done / total,
    };
  };

  /** What is being done, where it is no reading; `done` of `total` where that is known. */
  step(text: string, done?: number, total?: number): void | Promise<void> {
    if (done !== undefined && total !== undefined)
      return this.#breathe(() => ({ text: `${text} ${done} of ${total}`, share: done / Math.max(1, total) }));
    if (this.#stopped) return;
    return this.#line.show(() => ({ text, share: null }));
  }

  /** Now and then shows the state, and lets signals in. */
  #breathe(state: () => ProgressState): void | Promise<void> {
    const now = this.#now();
    if (now - this.#breathedAt < breatheEvery) return;
    this.#breathedAt = now;
    if (!this.#stopped) void this.#line.show(state);
    return new Promise((resolve) => setImmediate(resolve));
  }

  stopped(): boolean {
    return this.#stopped;
  }

  /** Takes the line off the terminal, so that something else can be written there. */
  clear(): void {
    this.#line.clear();
  }

  end(): void {
    this.clear();
    process.off("SIGINT", this.#stop);
  }
}

/** `120 MB of 812 MB (14 %), 85 MB/s, 8 s left` */
export function progressText(bytes: number, total: number | null, seconds: number): string {
  const rate = bytes / Math.max(seconds, 0.001);
  const at = `${megabytes(rate)}/s`;
  // A file may have grown since.
  if (total === null || total < bytes) return `reading: ${megabytes(bytes)}, ${at}`;
  if (bytes === 0) return `reading: ${megabytes(bytes)} of ${megabytes(total)}`;
  const left = Math.ceil((total - bytes) / rate);
  const share = Math.floor((bytes / total) * 100);
  return `reading: ${megabytes(bytes)} of ${megabytes(total)} (${share} %), ${at}, ${leftText(left)} left`;
}

const megabytes = (bytes: number): string =>
  bytes >= 1e10
    ? `${(bytes / 1e9).toFixed(1)} GB`
    : bytes >= 1e7
      ? `${Math.round(bytes / 1e6)} MB`
      : `${(bytes / 1e6).toFixed(1)} MB`;

function leftText(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
