/** A run of logtest: lines in, text or JSON lines out (docs/reference/cli.md#logtest). */
import type { Engine } from "../ossec/engine/engine.js";
import type { CrashedEvent, EngineEvent } from "../ossec/engine/event.js";
import { ownText } from "../ossec/engine/own-text.js";
import type { ArchivedLine } from "./archived-lines.js";
import { type EventOutput, OssecOutput, type OutputOptions } from "./event-output.js";
import { OutputPieces } from "./output-pieces.js";

export interface SessionOptions extends OutputOptions {
  /** A line `@time EPOCH` sets the clock and is no event. */
  readonly control: boolean;
  /** So does `@location TEXT` where the next lines come from. */
  readonly controlsLocation?: boolean;
  /** Epoch seconds of now, for lines without a clock of their own. */
  readonly now: () => number;
}

/** A control line that could not be read; `lineNumber` from 1. */
export interface WrongControlLine {
  readonly lineNumber: number;
  readonly text: string;
}

const controlLine = /^@time[ \t]+(\d{1,15})(?:\.\d*)?[ \t]*\r?$/;

/** Feeds an engine and writes what it says: bytes of latin1, or for JSON of UTF-8. */
export class LogtestSession {
  readonly #engine: Engine;
  readonly #options: SessionOptions;
  readonly #output: EventOutput;
  #clock: number | null = null;
  #location: string | undefined = undefined;
  /** When the present chunk of lines was received; null: each line is received when it is analysed. */
  #receipt: number | null = null;
  #lineNumber = 0;
  #crash: CrashedEvent | null = null;
  readonly #wrongControlLines: WrongControlLine[] = [];

  /** @param output - what is printed of events; default: what ossec-logtest prints */
  constructor(engine: Engine, options: SessionOptions, output?: EventOutput) {
    this.#engine = engine;
    this.#options = options;
    this.#output = output ?? new OssecOutput(options, engine.clock);
    engine.observe(this.#output.trace);
  }

  /** What {@link write} can write to. */
  newOutput(): OutputPieces {
    return new OutputPieces(this.#output.encoding);
  }

  /** The event that killed the engine; nothing is analysed after it. */
  get crash(): CrashedEvent | null {
    return this.#crash;
  }

  get wrongControlLines(): readonly WrongControlLine[] {
    return this.#wrongControlLines;
  }

  /** What is printed before the first line. */
  begin(): string {
    return this.#output.invitation;
  }

  /** The lines until the next call are received now. */
  received(): void {
    this.#receipt = this.#options.now();
  }

  /** What is printed for one line (latin1, without its newline). */
  line(text: string): string {
    const out = this.newOutput();
    this.write(out, text);
    return out.takeText();
  }

  /**
   * Analyses one line (latin1, without its newline) and writes what is printed for it.
   *
   * @param bytes - the line's bytes, from `at` on, where the caller has them
   */
  write(out: OutputPieces, text: string, bytes?: Uint8Array, at?: number): void {
    if (this.#crash !== null) return;
    this.#lineNumber += 1;
    if (this.#options.control && text.startsWith("@time")) {
      this.#setClock(text);
      return;
    }
    if (this.#options.control && this.#options.controlsLocation && text.startsWith("@location ")) {
      this.#location = ownText(text.slice("@location ".length).replace(/\r$/, ""));
      return;
    }
    const time = this.#clock ?? this.#receipt ?? this.#options.now();
    this.#take(out, this.#engine.process(text, time, this.#location, bytes, at));
  }

  /** The same for a line of a table, which says when it was received (epoch seconds) and is no control line. */
  writeArchived(out: OutputPieces, { text, time }: ArchivedLine): void {
    if (this.#crash !== null) return;
    this.#lineNumber += 1;
    this.#take(out, this.#engine.process(text, Math.floor(time), this.#location));
  }

  #take(out: OutputPieces, event: EngineEvent): void {
    if (event.kind === "crash" && this.#output.endsWithEngine) this.#crash = event;
    this.#output.write(event, out);
  }

  #setClock(text: string): void {
    const time = controlLine.exec(text)?.[1];
    if (time !== undefined) this.#clock = Number(time);
    else this.#wrongControlLines.push({ lineNumber: this.#lineNumber, text: ownText(text) });
  }
}
