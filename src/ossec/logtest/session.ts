/** A run of logtest: lines in, text or JSON lines out (spec/cli.md, logtest). */
import type { Engine } from "../engine/engine.js";
import type { CrashedEvent } from "../engine/event.js";
import { AlertWriter } from "./alert-text.js";
import { eventJson } from "./event-json.js";
import { eventText, invitation, RuleDebugging } from "./event-text.js";

export interface SessionOptions {
  readonly format: "text" | "json";
  /** Only alerts. */
  readonly alerts: boolean;
  /** Text: the rules that were tried. */
  readonly verbose: boolean;
  /** A line `@time EPOCH` sets the clock and is no event. */
  readonly control: boolean;
  /** Epoch seconds of now, for lines without a clock of their own. */
  readonly now: () => number;
}

/** A control line that could not be read; `lineNumber` from 1. */
export interface WrongControlLine {
  readonly lineNumber: number;
  readonly text: string;
}

const controlLine = /^@time[ \t]+(\d{1,15})(?:\.\d*)?[ \t]*\r?$/;

/** Feeds an engine and collects its output. Output is latin1 text, or for JSON already UTF-8. */
export class LogtestSession {
  readonly #engine: Engine;
  readonly #options: SessionOptions;
  readonly #debugging: RuleDebugging | null;
  readonly #alertWriter: AlertWriter;
  #clock: number | null = null;
  /** When the present chunk of lines was received; null: each line is received when it is analysed. */
  #receipt: number | null = null;
  #lineNumber = 0;
  #alerts = 0;
  #crash: CrashedEvent | null = null;
  readonly #wrongControlLines: WrongControlLine[] = [];

  constructor(engine: Engine, options: SessionOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#alertWriter = new AlertWriter(engine.clock);
    const verbose = options.verbose && options.format === "text" && !options.alerts;
    this.#debugging = verbose ? new RuleDebugging() : null;
    engine.observe(this.#debugging);
  }

  /** Encoding of everything this session returns. */
  get encoding(): "latin1" | "utf8" {
    return this.#options.format === "json" ? "utf8" : "latin1";
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
    return this.#options.format === "text" && !this.#options.alerts ? invitation : "";
  }

  /** The lines until the next call are received now. */
  received(): void {
    this.#receipt = this.#options.now();
  }

  /**
   * Analyses one line (latin1, without its newline) and returns what is printed for it.
   *
   * @param bytes - the line's bytes, from `at` on, where the caller has them
   */
  line(text: string, bytes?: Uint8Array, at?: number): string {
    if (this.#crash !== null) return "";
    this.#lineNumber += 1;
    if (this.#options.control && text.startsWith("@time")) {
      const time = controlLine.exec(text)?.[1];
      if (time !== undefined) this.#clock = Number(time);
      else this.#wrongControlLines.push({ lineNumber: this.#lineNumber, text });
      return "";
    }
    const time = this.#clock ?? this.#receipt ?? this.#options.now();
    const event = this.#engine.process(text, time, undefined, bytes, at);
    if (event.kind === "crash") this.#crash = event;
    const alerted = event.kind === "event" && event.alert;
    if (alerted) this.#alerts += 1;
    if (this.#options.alerts && !alerted) return "";
    if (this.#options.format === "json") return `${JSON.stringify(eventJson(event))}\n`;
    if (event.kind === "event" && this.#options.alerts) {
      return this.#alertWriter.write(event, this.#alerts);
    }
    return eventText(event, this.#debugging?.take() ?? null);
  }
}
