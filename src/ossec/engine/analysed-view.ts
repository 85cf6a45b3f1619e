/** What the engine says of a line, read from its own records when it is asked for. */
import type { ActiveResponseDefinition, RuleDefinition } from "../definitions.js";
import type { PredecodedLine } from "../predecode/predecode.js";
import {
  type AnalysedEvent,
  type CrashedEvent,
  type Event,
  type PrintedField,
  printedFields,
  type SilencedBy,
} from "./event.js";

/** A line on its way through the engine. */
export interface Analysis {
  readonly line: string;
  readonly head: PredecodedLine;
  readonly event: Event;
  /** There was a list of decoders to choose from. */
  readonly decoded: boolean;
}

export interface Outcome {
  readonly rule: RuleDefinition | null;
  readonly alert: boolean;
  readonly silencedBy: SilencedBy | null;
  readonly responses: readonly ActiveResponseDefinition[];
  readonly lastEvents: readonly string[];
  readonly counted: readonly number[];
}

/** Spares most lines the making of what nobody reads. */
export class AnalysedView implements AnalysedEvent {
  readonly #analysis: Analysis;
  readonly #outcome: Outcome;

  constructor(analysis: Analysis, outcome: Outcome) {
    this.#analysis = analysis;
    this.#outcome = outcome;
  }

  get kind(): "event" {
    return "event";
  }
  get line(): string {
    return this.#analysis.line;
  }
  get time(): number {
    return this.#analysis.event.time;
  }
  get fullLog(): string {
    return this.#analysis.head.fullLog;
  }
  get hostname(): string {
    return this.#analysis.head.hostname;
  }
  get programName(): string | null {
    return this.#analysis.head.programName;
  }
  get log(): string {
    return this.#analysis.head.log;
  }
  get decoder(): string | null {
    return this.#analysis.event.decoder.name;
  }
  get decoded(): boolean {
    return this.#analysis.decoded;
  }
  get fields(): readonly PrintedField[] {
    return printedFields(this.#analysis.event);
  }
  get rule(): RuleDefinition | null {
    return this.#outcome.rule;
  }
  get alert(): boolean {
    return this.#outcome.alert;
  }
  get silencedBy(): SilencedBy | null {
    return this.#outcome.silencedBy;
  }
  get stored(): boolean {
    return this.#outcome.rule !== null && this.#outcome.silencedBy === null;
  }
  get responses(): readonly ActiveResponseDefinition[] {
    return this.#outcome.responses;
  }
  get srcip(): string | null {
    return this.#analysis.event.srcip;
  }
  get dstip(): string | null {
    return this.#analysis.event.dstip;
  }
  get srcport(): string | null {
    return this.#analysis.event.srcport;
  }
  get dstport(): string | null {
    return this.#analysis.event.dstport;
  }
  get srcuser(): string | null {
    return this.#analysis.event.srcuser;
  }
  get dstuser(): string | null {
    return this.#analysis.event.dstuser;
  }
  get filename(): string | null {
    return this.#analysis.event.filename;
  }
  get location(): string {
    return this.#analysis.event.location;
  }
  get origin(): string {
    const { relocated, location, hostname } = this.#analysis.event;
    return relocated ? location : `${hostname}->${location}`;
  }
  get alertLog(): string {
    return this.#analysis.event.fullLog;
  }
  get lastEvents(): readonly string[] {
    return this.#outcome.lastEvents;
  }
  get serial(): number {
    return this.#analysis.event.serial;
  }
  get counted(): readonly number[] {
    return this.#outcome.counted;
  }
}

/** The event on which the engine dies. */
export function crashedEvent({ line, head, event, decoded }: Analysis, rule: RuleDefinition): CrashedEvent {
  const { fullLog, hostname, programName, log } = head;
  return {
    kind: "crash",
    line,
    time: event.time,
    fullLog,
    hostname,
    programName,
    log,
    decoder: event.decoder.name,
    decoded,
    fields: printedFields(event),
    rule,
    reason: "<field> is tested on an event whose decoder has no <order>",
  };
}
