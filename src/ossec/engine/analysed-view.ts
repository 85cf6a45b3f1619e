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
  readonly line: string;
  readonly decoded: boolean;
  readonly rule: RuleDefinition | null;
  readonly alert: boolean;
  readonly silencedBy: SilencedBy | null;
  readonly responses: readonly ActiveResponseDefinition[];
  readonly lastEvents: readonly string[];
  readonly counted: readonly number[];
  readonly #head: PredecodedLine;
  readonly #event: Event;

  constructor({ line, head, event, decoded }: Analysis, outcome: Outcome) {
    this.line = line;
    this.decoded = decoded;
    this.rule = outcome.rule;
    this.alert = outcome.alert;
    this.silencedBy = outcome.silencedBy;
    this.responses = outcome.responses;
    this.lastEvents = outcome.lastEvents;
    this.counted = outcome.counted;
    this.#head = head;
    this.#event = event;
  }

  get kind(): "event" {
    return "event";
  }
  get time(): number {
    return this.#event.time;
  }
  get fullLog(): string {
    return this.#head.fullLog;
  }
  get hostname(): string {
    return this.#head.hostname;
  }
  get programName(): string | null {
    return this.#head.programName;
  }
  get log(): string {
    return this.#head.log;
  }
  get decoder(): string | null {
    return this.#event.decoder.name;
  }
  get fields(): readonly PrintedField[] {
    return printedFields(this.#event);
  }
  get stored(): boolean {
    return this.rule !== null && this.silencedBy === null;
  }
  get srcip(): string | null {
    return this.#event.srcip;
  }
  get dstip(): string | null {
    return this.#event.dstip;
  }
  get srcport(): string | null {
    return this.#event.srcport;
  }
  get dstport(): string | null {
    return this.#event.dstport;
  }
  get srcuser(): string | null {
    return this.#event.srcuser;
  }
  get dstuser(): string | null {
    return this.#event.dstuser;
  }
  get filename(): string | null {
    return this.#event.filename;
  }
  get location(): string {
    return this.#event.location;
  }
  get origin(): string {
    const { relocated, location, hostname } = this.#event;
    return relocated ? location : `${hostname}->${location}`;
  }
  get alertLog(): string {
    return this.#event.fullLog;
  }
  get serial(): number {
    return this.#event.serial;
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
