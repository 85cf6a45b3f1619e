/** Two configurations on the same lines, and where they answer differently. */
import type { Ruleset } from "../../ossec/definitions.js";
import { createEngine, type Engine, type EngineEvent, type EngineOptions } from "../../ossec/engine/index.js";
import { responsesOf } from "../../ossec/response/index.js";

/** A block, or what else a response does: whoever runs it, and whatever it is called. */
export interface Asked {
  /** The address, `-` without one. */
  readonly source: string;
  readonly user: string;
  /** Seconds; 0: for ever. */
  readonly timeout: number;
  /** Where it runs: `local`, `server` … */
  readonly locations: readonly string[];
}

/** What a configuration makes of a line. */
export interface Answer {
  /** `crash`: the line kills the engine. `ignored`: it is skipped. */
  readonly kind: EngineEvent["kind"];
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** null: no rule. */
  readonly rule: number | null;
  readonly level: number | null;
  readonly alert: boolean;
  readonly asked: readonly Asked[];
}

export interface Compared {
  readonly before: Answer;
  readonly after: Answer;
  readonly isSame: boolean;
}

/** Logtest judges each line for itself; the daemon also drops repeated ones. */
export type TwoEnginesOptions = Pick<EngineOptions, "mode" | "timeZone" | "ownHostname"> & {
  /** False: the events of the one before are kept. Default: each is good until the next line. */
  readonly transient?: boolean;
  /** Only responses that run one of these are of interest. Default: all. */
  readonly commands?: ReadonlySet<string>;
};

/** What of the engines' answers two configurations may not differ in. */
function isSame(one: Answer, other: Answer): boolean {
  return (
    one.kind === other.kind &&
    one.rule === other.rule &&
    one.level === other.level &&
    one.alert === other.alert &&
    sameFields(one.fields, other.fields) &&
    (one.asked.length + other.asked.length === 0 || JSON.stringify(one.asked) === JSON.stringify(other.asked))
  );
}

function sameFields(one: Answer["fields"], other: Answer["fields"]): boolean {
  if (one.length !== other.length) return false;
  return one.every(([name, value], at) => name === other[at]?.[0] && value === other[at]?.[1]);
}

/** A configuration's answers to lines, in the order of their time. */
export class OneEngine {
  readonly engine: Engine;
  readonly #ruleset: Ruleset;
  readonly #commands: ReadonlySet<string> | null;

  constructor(ruleset: Ruleset, { commands, ...options }: TwoEnginesOptions) {
    this.#ruleset = ruleset;
    this.#commands = commands ?? null;
    this.engine = createEngine(ruleset, { transient: true, ...options });
  }

  answer(line: string, time: number, location: string | undefined): Answer {
    return this.answerOf(this.engine.process(line, time, location));
  }

  answerOf(event: EngineEvent): Answer {
    if (event.kind === "ignored")
      return { kind: "ignored", fields: [], rule: null, level: null, alert: false, asked: [] };
    if (event.kind === "crash")
      return { kind: "crash", fields: event.fields, rule: null, level: null, alert: false, asked: [] };
    const { rule } = event;
    return {
      kind: "event",
      fields: event.fields,
      rule: rule?.id ?? null,
      level: rule?.level ?? null,
      alert: event.alert,
      asked: event.responses.length === 0 ? [] : this.#asked(event),
    };
  }

  #asked(event: Extract<EngineEvent, { readonly kind: "event" }>): readonly Asked[] {
    const { conf, dialect } = this.#ruleset;
    const found = responsesOf(event, { conf, dialect, elsewhere: () => true }, 1).flatMap((one): Asked[] => {
      if (one.kind !== "run") return [];
      const { locations, timeout, command } = one.response;
      if (this.#commands?.has(command.name) === false) return [];
      return [{ source: one.ip, user: one.user, timeout, locations }];
    });
    // Responses to one rule run beside one another.
    const key = (one: Asked): string => JSON.stringify(one);
    return [...found].sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
  }
}

/** Gives each line to both. */
export class TwoEngines {
  readonly #before: OneEngine;
  readonly #after: OneEngine;

  constructor(before: Ruleset, after: Ruleset, options: TwoEnginesOptions) {
    this.#before = new OneEngine(before, options);
    this.#after = new OneEngine(after, { ...options, transient: true });
  }

  /**
   * @param line - latin1
   * @returns besides what the one before says to it
   */
  compare(line: string, time: number, location?: string): Compared & { readonly event: EngineEvent } {
    const event = this.#before.engine.process(line, time, location);
    const before = this.#before.answerOf(event);
    const after = this.#after.answer(line, time, location);
    return { before, after, isSame: isSame(before, after), event };
  }
}
