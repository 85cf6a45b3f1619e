import type { ReadingWatch } from "../files/reading-watch.js";

/** Nothing is shown of a run that ends within this; milliseconds. */
const quiet = 1000;
const showEvery = 200;
/** How often signals are let in while files are read; milliseconds. */
const breatheEvery = 50;
/** Exit status of a run that was stopped by Ctrl-C, as shells have it. */
export const interrupted = 130;

/** Where progress is shown: a terminal on standard error. */
export interface ProgressScreen {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/**
 * A long reading in front of a person: shows on a terminal what is read, of how much, the rate and the rest, and
 * ends it at the first Ctrl-C. The second one ends zopf at once.
 */
export class TerminalReading implements ReadingWatch {
  /** Bytes, as stored; null: not known. */
  #total: number | null = 0;
  readonly #screen: ProgressScreen;
  readonly #now: () => number;
  readonly #start: number;
  #bytes = 0;
  #shownAt: number;
  #breathedAt: number;
  #isShown = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #stop = (): void => {
    this.#stopped = true;
    this.clear();
    if (this.#screen.isTTY === true) this.#screen.write("stopping; Ctrl-C once more ends at once\n");
  };

  /** @param now milliseconds */
  constructor(screen: ProgressScreen = process.stderr, now: () => number = Date.now) {
    this.#screen = screen;
    this.#now = now;
    this.#start = now();
    this.#shownAt = this.#start;
    this.#breathedAt = this.#start;
  }

  /** From now on Ctrl-C stops the reading; `end` gives it back. */
  listen(): this {
    process.once("SIGINT", this.#stop);
    return this;
  }

  expect(bytes: number | null): void {
    this.#total = bytes === null || this.#total === null ? null : this.#total + bytes;
  }

  read(bytes: number): void | Promise<void> {
    this.#bytes += bytes;
    const now = this.#now();
    if (now - this.#shownAt >= showEvery && now - this.#start >= quiet) this.#show(now);
    if (now - this.#breathedAt < breatheEvery) return;
    this.#breathedAt = now;
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** What is being done, where it is no reading: shown when it takes long. */
  step(text: string): void {
    clearTimeout(this.#timer);
    const show = (): void => {
      if (this.#screen.isTTY !== true || this.#stopped) return;
      this.#screen.write(`\r\x1b[K${text}`);
      this.#isShown = true;
    };
    if (this.#now() - this.#start >= quiet) show();
    else this.#timer = setTimeout(show, quiet).unref();
  }

  stopped(): boolean {
    return this.#stopped;
  }

  /** Takes the line off the terminal, so that something else can be written there. */
  clear(): void {
    if (this.#isShown) this.#screen.write("\r\x1b[K");
    this.#isShown = false;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.clear();
    process.off("SIGINT", this.#stop);
  }

  #show(now: number): void {
    this.#shownAt = now;
    if (this.#screen.isTTY !== true || this.#stopped) return;
    this.#screen.write(`\r\x1b[K${progressText(this.#bytes, this.#total, (now - this.#start) / 1000)}`);
    this.#isShown = true;
  }
}

/** `reading: 120 of 812 MB (15 %), 85 MB/s, 8 s left` */
export function progressText(bytes: number, total: number | null, seconds: number): string {
  const rate = bytes / Math.max(seconds, 0.001);
  const at = `${megabytes(rate)}/s`;
  // A file may have grown since.
  if (total === null || total < bytes || bytes === 0) return `reading: ${megabytes(bytes)}, ${at}`;
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
