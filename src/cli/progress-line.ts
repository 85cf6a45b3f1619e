import type { SingleBar } from "cli-progress";

/** Nothing is shown of a run that ends within this; milliseconds. */
const quiet = 1000;

/** Where progress is shown: a terminal on standard error. */
export interface ProgressScreen extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined;
}

/** What is being done. */
export interface ProgressState {
  readonly text: string;
  /** How much of it is done, 0 to 1; null: it is not known. */
  readonly share: number | null;
}

/**
 * A line on a terminal about long work, and nothing where there is no terminal. cli-progress draws it, and is loaded when
 * there is something to draw.
 */
export class ProgressLine {
  readonly #screen: ProgressScreen;
  readonly #now: () => number;
  readonly #start: number;
  #state: (() => ProgressState) | null = null;
  #bar: SingleBar | null = null;
  #drawing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** @param now milliseconds */
  constructor(screen: ProgressScreen, now: () => number) {
    this.#screen = screen;
    this.#now = now;
    this.#start = now();
  }

  /**
   * @param state is asked whenever the line is drawn; what is returned is waited for
   * where the work that follows lets nothing else run: the line stands there then
   */
  show(state: () => ProgressState): void | Promise<void> {
    if (this.#screen.isTTY !== true) return;
    this.#state = state;
    if (this.#bar !== null) return this.#bar.update({});
    const left = quiet - (this.#now() - this.#start);
    if (left <= 0) return this.#begin();
    this.#timer ??= setTimeout(() => void this.#begin(), left).unref();
  }

  #begin(): Promise<void> {
    this.#drawing ??= this.#draw().finally(() => {
      this.#drawing = null;
    });
    return this.#drawing;
  }

  async #draw(): Promise<void> {
    const { default: progress } = await import("cli-progress");
    if (this.#state === null || this.#bar !== null) return;
    this.#bar = new progress.SingleBar({
      stream: this.#screen,
      clearOnComplete: true,
      // A run that is killed must leave the terminal as it was: it cuts the line off instead of forbidding wrapping.
      linewrap: true,
      // Ctrl-C is the command's affair.
      gracefulExit: false,
      barsize: 20,
      fps: 5,
      barCompleteChar: "#",
      barIncompleteChar: "-",
      format: (options) => {
        if (this.#state === null) return "";
        const { text, share } = this.#state();
        if (share !== null) return `[${progress.Format.BarFormat(share, options)}] ${text}`;
        return `${text} … ${Math.round((this.#now() - this.#start) / 1000)} s`;
      },
    });
    this.#bar.start(1, 0);
  }

  /** Takes the line off the terminal, so that something else can be written there. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#state = null;
    this.#bar?.stop();
    this.#bar = null;
  }
}
