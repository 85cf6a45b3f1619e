/** What the engine says of the lines: a summary of each, and all that was tried on the one that is looked at. */

import type { Span } from "../../../src/diagnostics/diagnostic.js";
import {
  explainLine,
  explanationJson,
  type LineExplanation,
  Originals,
  type OwnDefinitions,
  verdictText,
} from "../../../src/explain/index.js";
import { locationOf } from "../../../src/explain/original.js";
import { type EventOutput, OssecOutput } from "../../../src/logtest/event-output.js";
import { OutputPieces } from "../../../src/logtest/output-pieces.js";
import { WazuhOutput } from "../../../src/logtest/wazuh-output.js";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import type { AnalysedEvent, SilencedBy } from "../../../src/ossec/engine/event.js";
import {
  createEngine,
  type Engine,
  type EngineEvent,
  patternProblems,
} from "../../../src/ossec/engine/index.js";
import { stops } from "../../../src/ossec/load/problems.js";
import { type SourceRange, spanOf } from "../../../src/ossec/xml/source.js";
import { LineClock } from "../../../src/replay/syslog-time.js";
import { latin1, utf8 } from "./bytes.js";
import type { EditorName } from "./input.js";
import { editorOf } from "./load.js";

/** Where something stands in an editor; lines and columns from 1. */
export interface Place {
  readonly editor: Exclude<EditorName, "lines">;
  readonly line: number;
}

export interface ShownRule {
  readonly id: number;
  readonly level: number;
  readonly description: string;
}

/** A line and what became of it. */
export interface LineAnswer {
  /** Line of the editor, from 1. */
  readonly number: number;
  /** Epoch seconds at which the engine is shown it. */
  readonly time: number;
  /** `control`: an `@time`; `part`: of an alert that was pasted, whose own line is another one. */
  readonly kind: "event" | "crash" | "ignored" | "control" | "part";
  readonly program: string | null;
  readonly decoder: string | null;
  readonly fields: readonly (readonly [string, string])[];
  readonly rule: ShownRule | null;
  readonly alert: boolean;
  /** The address the event is about; null: none. */
  readonly source: string | null;
  /** Why a matched rule raised no alert, or why the engine dies. */
  readonly note: string | null;
  /** Lines of earlier events that a composite counted. */
  readonly counted: readonly number[];
}

/** A condition that was not met. */
export interface Failed {
  readonly condition: string;
  readonly wanted: string;
  readonly found: string | null;
  readonly note: string | null;
}

export interface TriedRule {
  readonly rule: ShownRule;
  readonly depth: number;
  /** null: it matched. */
  readonly failed: Failed | null;
  readonly place: Place | null;
}

export interface TriedDecoder {
  readonly name: string;
  readonly parent: string | null;
  readonly failed: Failed | null;
  readonly place: Place | null;
}

export interface Untried {
  readonly kind: "decoder" | "rule";
  readonly name: string;
  readonly reason: string;
  readonly place: Place | null;
}

export interface Explained {
  readonly number: number;
  readonly header: string;
  readonly date: string;
  readonly hostname: string;
  readonly log: string;
  /** The event's type, and the decoder that gave it. */
  readonly type: string | null;
  readonly decoders: readonly TriedDecoder[];
  readonly rules: readonly TriedRule[];
  readonly nearest: TriedRule | null;
  /** The reader's own decoders and rules that were not tried, and why. */
  readonly untried: readonly Untried[];
  /** What `zopf explain --format json` prints. */
  readonly json: string;
}

export interface Problem {
  readonly place: Place | null;
  readonly file: string;
  readonly message: string;
}

export interface Answer {
  /** What keeps the engine from starting; empty: it runs. */
  readonly problems: readonly Problem[];
  readonly lines: readonly LineAnswer[];
  /** Of the line that was asked for; null: it is none of the engine's. */
  readonly explained: Explained | null;
  /** What the engine's own logtest prints. */
  readonly output: string;
  /** alerts.log. */
  readonly alerts: string;
  /** Lines beyond {@link lineLimit}, which are left to a dropped file. */
  readonly leftOut: number;
  readonly rules: number;
  readonly decoders: number;
}

/** Lines of the editor that are answered while somebody types. */
export const lineLimit = 2000;

/** Of lines that name no host. */
const ownHostname = "host";
const controlLine = /^@time[ \t]+(\d{1,15})(?:\.\d*)?[ \t]*\r?$/;

const silence: Readonly<Record<SilencedBy, string>> = {
  "level-0": "level 0: no alert",
  ignore: "silent: ignore= has not run out",
  check_if_ignored: "silent: check_if_ignored",
  "repeated-line": "dropped: the same line came just before",
  "incomplete-firewall-event": "dropped: an incomplete firewall event",
};

function silenceOf({ silencedBy, rule, alert }: AnalysedEvent): string | null {
  if (silencedBy !== null) return silence[silencedBy];
  return rule === null || alert ? null : "no alert: no_log, or below log_alert_level";
}

function placeIn(range: SourceRange): Place | null {
  const editor = editorOf(range.source.file);
  return editor === null ? null : { editor, line: spanOf(range).line };
}

/** The reader's own are those in the editors. */
function ownOf({ decoders, rules, written }: LoadedOssec): OwnDefinitions {
  const isOwn = ({ source }: SourceRange): boolean => editorOf(source.file) !== null;
  return {
    decoders: decoders.all.filter((one) => isOwn(written.decoder(one).place)),
    rules: rules.filter((rule) => {
      const source = written.rule(rule);
      return isOwn((source.overwrites.at(-1) ?? source).place);
    }),
  };
}

type Attempt = LineExplanation["rules"][number];

function failedOf(failed: Attempt["failed"]): Failed | null {
  if (failed === null) return null;
  const { condition, wanted, found, note } = failed;
  return {
    condition,
    wanted: utf8(wanted),
    found: found === null ? null : utf8(found),
    note: note === undefined ? null : utf8(note),
  };
}

const shownRule = (rule: {
  readonly id: number;
  readonly level: number;
  readonly description: string | null;
}): ShownRule => ({ id: rule.id, level: rule.level, description: utf8(rule.description ?? "") });

/** One of the texts that the engine's own program writes. */
class Written {
  readonly output: EventOutput;
  readonly #pieces: OutputPieces;

  constructor(loaded: LoadedOssec, engine: Engine, alerts: boolean) {
    const options = { format: "text", alerts, verbose: false } as const;
    this.output =
      loaded.dialect.product === "Wazuh"
        ? new WazuhOutput({ ...options, ownHostname, unitTest: null }, engine.clock)
        : new OssecOutput(options, engine.clock);
    this.#pieces = new OutputPieces(this.output.encoding);
    this.#pieces.add(this.output.invitation);
  }

  write(event: EngineEvent): void {
    this.output.write(event, this.#pieces);
  }

  take(): string {
    const text = this.#pieces.takeText();
    return this.output.encoding === "latin1" ? utf8(text) : text;
  }
}

const noEvent = {
  program: null,
  decoder: null,
  fields: [],
  rule: null,
  alert: false,
  source: null,
  note: null,
  counted: [],
} as const;

/** Runs lines through an engine that has seen nothing yet. */
class LineRun {
  readonly #loaded: LoadedOssec;
  readonly #engine: Engine;
  readonly #originals = new Originals();
  readonly #dates: LineClock;
  readonly #written: readonly [text: Written, alerts: Written];
  /** `@time` sets it; else the lines' own dates do. */
  #isSet = false;
  #time: number;
  /** Editor lines by the serial numbers of their events. */
  readonly #bySerial = new Map<number, number>();
  #isDead = false;
  explained: Explained | null = null;

  /** @param start - epoch seconds of lines before the first date */
  constructor(loaded: LoadedOssec, engine: Engine, start: number, dates: LineClock) {
    this.#loaded = loaded;
    this.#engine = engine;
    this.#time = start;
    this.#dates = dates;
    this.#written = [new Written(loaded, engine, false), new Written(loaded, engine, true)];
  }

  takeTexts(): { readonly output: string; readonly alerts: string } {
    const [output, alerts] = this.#written;
    return { output: output.take(), alerts: alerts.take() };
  }

  line(text: string, number: number, isAsked: boolean): LineAnswer {
    const set = controlLine.exec(text)?.[1];
    if (set !== undefined) {
      this.#isSet = true;
      this.#time = Number(set);
      return { ...noEvent, number, kind: "control", time: this.#time };
    }
    const original = this.#originals.next(text);
    if (original === null || this.#isDead) return { ...noEvent, number, kind: "part", time: this.#time };
    if (!this.#isSet) this.#time = Math.max(0, Math.floor(this.#dates.timeOf(original.line) ?? this.#time));
    const location = locationOf(original, this.#loaded.dialect);
    if (!isAsked) return this.#answer(this.#engine.process(original.line, this.#time, location), number);
    const explanation = explainLine(
      this.#engine,
      this.#loaded,
      original.line,
      this.#time,
      location,
      ownOf(this.#loaded),
    );
    this.explained = explainedOf(explanation, this.#loaded, number);
    return this.#answer(explanation.event, number);
  }

  #answer(event: EngineEvent, number: number): LineAnswer {
    for (const one of this.#written) one.write(event);
    const { kind, time } = event;
    if (event.kind === "ignored") return { ...noEvent, number, kind, time };
    const { rule } = event;
    const common = {
      number,
      time,
      program: event.programName === null ? null : utf8(event.programName),
      decoder: event.decoder === null ? null : utf8(event.decoder),
      fields: event.fields.map(([name, value]) => [utf8(name), utf8(value)] as const),
    };
    if (event.kind === "crash") {
      this.#isDead = this.#written[0].output.endsWithEngine;
      return { ...noEvent, ...common, kind: "crash", note: event.reason };
    }
    this.#bySerial.set(event.serial, number);
    const { alert, srcip, counted } = event;
    return {
      ...common,
      kind: "event",
      rule: rule === null ? null : shownRule({ ...rule, description: event.description ?? rule.description }),
      alert,
      source: srcip === null ? null : utf8(srcip),
      note: silenceOf(event),
      counted: counted
        .flatMap((serial) => this.#bySerial.get(serial) ?? [])
        .filter((line) => line !== number),
    };
  }
}

/** Beyond so many they say no more. */
const mostUntried = 40;

function untriedOf({ ownDecoders, ownRules }: LineExplanation, { written }: LoadedOssec): readonly Untried[] {
  const decoders = ownDecoders.flatMap(({ decoder, fate }): readonly Untried[] =>
    fate.kind === "not-tried"
      ? [
          {
            kind: "decoder",
            name: utf8(decoder.name),
            reason: utf8(fate.reason),
            place: placeIn(written.decoder(decoder).place),
          },
        ]
      : [],
  );
  const rules = ownRules.flatMap(({ rule, verdict }): readonly Untried[] => {
    if (verdict.kind !== "taken" && verdict.kind !== "category" && verdict.kind !== "parent-failed")
      return [];
    const [reason = ""] = utf8(verdictText(verdict, rule.id)).split("\n");
    return [{ kind: "rule", name: `${rule.id}`, reason, place: placeIn(written.rule(rule).place) }];
  });
  return [...decoders, ...rules].slice(0, mostUntried);
}

function explainedOf(explanation: LineExplanation, loaded: LoadedOssec, number: number): Explained {
  const { event, header, type } = explanation;
  const { written } = loaded;
  const triedRule = ({ rule, depth, failed }: Attempt): TriedRule => ({
    rule: shownRule(rule),
    depth,
    failed: failedOf(failed),
    place: placeIn(written.rule(rule).place),
  });
  const isEvent = event.kind !== "ignored";
  return {
    number,
    header: utf8(header.header),
    date: utf8(header.date),
    hostname: isEvent ? utf8(event.hostname) : "",
    log: isEvent ? utf8(event.log) : "",
    type:
      type === null ? null : `${type.type}${type.by === null ? "" : `, from decoder ${utf8(type.by.name)}`}`,
    decoders: explanation.decoders.map(({ decoder, failed }) => ({
      name: utf8(decoder.name),
      parent: decoder.parent === null ? null : utf8(decoder.parent),
      failed: failedOf(failed),
      place: placeIn(written.decoder(decoder).place),
    })),
    rules: explanation.rules.map(triedRule),
    nearest: explanation.nearest === null ? null : triedRule(explanation.nearest),
    untried: untriedOf(explanation, loaded),
    json: JSON.stringify(explanationJson(explanation), null, 2),
  };
}

const problemOf = (problem: Span & { readonly message: string }): Problem => {
  const editor = editorOf(problem.file);
  return {
    place: editor === null ? null : { editor, line: problem.line },
    file: problem.file,
    message: problem.message,
  };
};

/** The engine that {@link answerOf} runs. */
export const engineOf = (loaded: LoadedOssec): Engine =>
  createEngine(loaded, { ownHostname, timeZone: "UTC", mode: "logtest" });

/**
 * Runs the lines through a fresh engine.
 *
 * @param fresh - makes one, of {@link engineOf}
 * @param text - the lines, as people write them
 * @param asked - the line (from 1) of which everything is told
 * @param now - epoch seconds of lines without a date
 */
export function answerOf(
  loaded: LoadedOssec,
  fresh: () => Engine,
  text: string,
  asked: number,
  now: number,
): Answer {
  const counts = { rules: loaded.rules.length, decoders: loaded.decoders.all.length };
  const refused = (problems: readonly Problem[]): Answer => ({
    problems,
    lines: [],
    explained: null,
    output: "",
    alerts: "",
    leftOut: 0,
    ...counts,
  });
  const refusals = loaded.problems.filter(
    ({ outcome, programs }) => stops(outcome) && programs.includes("logtest"),
  );
  if (refusals.length > 0) return refused(refusals.map(problemOf));
  const engine = fresh();
  if (engine.unrunnable.length > 0)
    return refused(patternProblems(engine.unrunnable, loaded.written).map(problemOf));
  const all = text.split("\n");
  const lines = all.slice(0, lineLimit).map(latin1);
  const clock = { year: null, newest: now + 86_400, utc: true };
  const first = lines.map((line) => new LineClock(clock).timeOf(line)).find((time) => time !== null);
  const run = new LineRun(loaded, engine, Math.floor(first ?? now), new LineClock(clock));
  const answers = lines.flatMap((line, at) =>
    line.trim() === "" ? [] : [run.line(line, at + 1, at + 1 === asked)],
  );
  return {
    problems: [],
    lines: answers,
    explained: run.explained,
    ...run.takeTexts(),
    leftOut: Math.max(0, all.length - lineLimit),
    ...counts,
  };
}
