/** Nothing is shown of a run that ends within this; milliseconds. */
const quiet = 1000;

/** A long query in front of a person: shows on a terminal what is being asked, and ends it at Ctrl-C. */
export class HuntProgress {
  readonly #start = Date.now();
  #what = "";
  #isShown = false;
  #stopped = false;
  #stop: () => void = () => undefined;
  #timer: NodeJS.Timeout | null = null;
  readonly #interrupt = (): void => {
    this.#stopped = true;
    this.#stop();
  };

  /** From now on Ctrl-C calls `stop`; the second one ends zopf at once. */
  listen(stop: () => void): void {
    this.#stop = stop;
    process.once("SIGINT", this.#interrupt);
    if (process.stderr.isTTY !== true) return;
    this.#timer = setInterval(() => this.#draw(), quiet);
    this.#timer.unref();
  }

  show(what: string): void {
    this.#what = what;
  }

  #draw(): void {
    const seconds = Math.round((Date.now() - this.#start) / 1000);
    process.stderr.write(`\r\x1b[K${this.#what} … ${seconds} s`);
    this.#isShown = true;
  }

  stopped(): boolean {
    return this.#stopped;
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#isShown) process.stderr.write("\r\x1b[K");
    process.off("SIGINT", this.#interrupt);
  }
}
