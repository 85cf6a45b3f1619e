import type { EngineEvent } from "../ossec/engine/event.js";
import type { Clock } from "../ossec/engine/local-time.js";
import type { EngineTrace } from "../ossec/engine/trace.js";
import { AlertWriter } from "./alert-text.js";
import type { LogtestFormat } from "./arguments.js";
import { eventJson } from "./event-json.js";
import { eventText, invitation, RuleDebugging } from "./event-text.js";
import type { OutputPieces } from "./output-pieces.js";

export interface OutputOptions {
  readonly format: LogtestFormat;
  /** Only alerts. */
  readonly alerts: boolean;
  /** Text: the rules that were tried. */
  readonly verbose: boolean;
}

/** What an engine's own program prints of events. */
export interface EventOutput {
  /** What is printed before the first line. */
  readonly invitation: string;
  readonly encoding: OutputPieces["encoding"];
  /** What has to be told what is tried; null: nobody. */
  readonly trace: EngineTrace | null;
  /**
   * The program ends with the engine. Another one is a client of it and goes on when it runs again; here with the memory
   * that it had.
   */
  readonly endsWithEngine: boolean;
  write(event: EngineEvent, out: OutputPieces): void;
}

/** The output of ossec-logtest, alerts.log, or zopf's JSON. */
export class OssecOutput implements EventOutput {
  readonly invitation: string;
  readonly encoding: OutputPieces["encoding"];
  readonly trace: RuleDebugging | null;
  readonly endsWithEngine = true;
  readonly #options: OutputOptions;
  readonly #alertWriter: AlertWriter;
  #alerts = 0;

  constructor(options: OutputOptions, clock: Clock) {
    const text = options.format === "text";
    this.#options = options;
    this.encoding = text ? "latin1" : "utf8";
    this.invitation = text && !options.alerts ? invitation : "";
    this.trace = options.verbose && text && !options.alerts ? new RuleDebugging() : null;
    this.#alertWriter = new AlertWriter(clock);
  }

  write(event: EngineEvent, out: OutputPieces): void {
    const { alerts, format } = this.#options;
    const alerted = event.kind === "event" && event.alert;
    if (alerted) this.#alerts += 1;
    if (alerts && !alerted) return;
    if (format === "json") out.add(`${JSON.stringify(eventJson(event))}\n`);
    else if (alerts && event.kind === "event") this.#alertWriter.write(event, this.#alerts, out);
    else out.add(eventText(event, this.trace?.take() ?? null));
  }
}
