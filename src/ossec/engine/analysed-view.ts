/** What the engine says of a line, read from its own records when it is asked for. */
import type { ActiveResponseDefinition, RuleDefinition } from "../definitions.js";
import type { EngineDialect } from "../dialect.js";
import {
  type AnalysedEvent,
  type CrashCause,
  type CrashedEvent,
  type Event,
  none,
  type PrintedField,
  type SilencedBy,
} from "./event.js";
import type { NamedField } from "./named-fields.js";

/** Spares most lines the making of what nobody reads. Filled by the engine, then read only. */
export class AnalysedView implements AnalysedEvent {
  line: string;
  decoded: boolean;
  rule: RuleDefinition | null = null;
  alert = false;
  silencedBy: SilencedBy | null = null;
  responses: readonly ActiveResponseDefinition[] = none;
  firedTimes = 0;
  lastEvents: readonly string[] = none;
  counted: readonly number[] = none;
  #event: Event;
  readonly #dialect: EngineDialect;

  /** @param decoded - there was a list of decoders to choose from */
  constructor(line: string, event: Event, decoded: boolean, dialect: EngineDialect) {
    this.#dialect = dialect;
    this.line = line;
    this.decoded = decoded;
    this.#event = event;
  }

  /** The same view of another line. */
  renew(line: string, event: Event, decoded: boolean): void {
    this.line = line;
    this.decoded = decoded;
    this.#event = event;
  }

  get kind(): "event" {
    return "event";
  }
  get time(): number {
    return this.#event.time;
  }
  get fullLog(): string {
    return this.#event.head.fullLog;
  }
  get hostname(): string {
    return this.#event.head.hostname;
  }
  get programName(): string | null {
    return this.#event.head.programName;
  }
  get log(): string {
    return this.#event.head.log;
  }
  get decoder(): string | null {
    return this.#event.decoder.printedName;
  }
  get accumulated(): boolean {
    return this.#event.decoder.accumulate;
  }
  get fields(): readonly PrintedField[] {
    return this.#dialect.shownFields(this.#event);
  }
  get dynamicFields(): readonly NamedField[] {
    return this.#event.named ?? none;
  }
  get decoderParent(): string | null {
    return this.#event.decoder.definition?.parent ?? null;
  }
  get ftsComment(): string | null {
    return this.#event.decoder.definition?.ftsComment ?? null;
  }
  get agentId(): string {
    return this.#event.head.agentId;
  }
  get date(): string | null {
    const { fullLog, dateStart, dateEnd } = this.#event.head;
    return dateEnd > 0 ? fullLog.slice(dateStart, dateEnd) : null;
  }
  get description(): string | null {
    const text = this.rule?.description ?? null;
    return text === null ? null : this.#dialect.describe(text, this.#event);
  }
  get previousLog(): string | null {
    return this.#event.previousLog;
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
  get originHost(): string | null {
    return this.#event.relocated ? null : this.#event.hostname;
  }
  get alertLog(): string {
    return this.#event.fullLog;
  }
  get serial(): number {
    return this.#event.serial;
  }
}

/** What the engine dies of, in words, and how its process ends. */
const deaths: Readonly<Record<CrashCause, Pick<CrashedEvent, "reason" | "exit">>> = {
  "no-decoders": { reason: "no decoder is loaded at all", exit: "SIGSEGV" },
  "too-many-captures": {
    reason: "a decoder's regex captured more groups than decoder_order_size allows",
    exit: 1,
  },
  "no-capture": {
    reason: "a decoder's PCRE2 regex without a group matched before any regex had captured something",
    exit: "SIGSEGV",
  },
  "crossed-captures": {
    reason: "a capture of a decoder's os_regex ends one byte before it begins",
    exit: "SIGSEGV",
  },
  "endless-search": {
    reason: "if_matched_regex without global_frequency meets an event of another agent",
    exit: "hang",
  },
  "no-rules": { reason: "no rule is loaded at all", exit: 1 },
  "field-without-order": {
    reason: "<field> is tested on an event whose decoder has no <order>",
    exit: "SIGSEGV",
  },
  "unbound-search": {
    reason: "the rule counted no earlier events before it was overwritten by one that does",
    exit: "SIGSEGV",
  },
};

/**
 * The event on which the engine dies.
 *
 * @param rule - that it was trying; null: none
 */
export function crashedEvent(
  line: string,
  event: Event,
  decoded: boolean,
  cause: CrashCause,
  rule: RuleDefinition | null,
  dialect: EngineDialect,
): CrashedEvent {
  const { fullLog, hostname, programName, log } = event.head;
  return {
    kind: "crash",
    line,
    time: event.time,
    fullLog,
    hostname,
    programName,
    log,
    decoder: event.decoder.printedName,
    decoded,
    accumulated: event.decoder.accumulate && rule !== null,
    fields: dialect.shownFields(event),
    cause,
    rule,
    ...deaths[cause],
  };
}
