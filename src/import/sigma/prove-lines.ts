/** The part of the proof that is about lines. */
import type { LoadedOssec, RuleDefinition } from "../../ossec/definitions.js";
import { createEngine, type Engine } from "../../ossec/engine/index.js";
import { syslogLines } from "../../replay/syslog-source.js";
import { loadGenerated } from "../../targets/generated.js";
import type { ProveOptions } from "../proof/prove-import.js";
import type { Emitted } from "../proof/surroundings.js";
import type { Translated } from "./draft.js";
import { evaluate } from "./evaluate.js";
import { lineEvent } from "./line-events.js";
import { isOfSyslog } from "./line-formats.js";
import { linesFor } from "./line-samples.js";
import { apart, firstTime, together } from "./sample-times.js";
import type { Verdict } from "./verdict.js";

/** Rules about lines: of those that hold for one, one speaks. */
export class LineProof {
  /** By what they are called in the bundle: a rule may have become several detections. */
  readonly #speakers: ReadonlyMap<string, Translated>;
  readonly #rules: readonly Translated[];
  readonly #emitted: Emitted;
  readonly #verdict: Verdict;
  /** Detections of the bundle by the id of their rule; those that only take lines for others are not among them. */
  readonly #names: ReadonlyMap<number, string>;
  /** What is emitted beside a home's own files; null: alone. */
  readonly #home: LoadedOssec | null;

  /** @param translated - of one form of lines */
  constructor(
    translated: readonly Translated[],
    emitted: Emitted,
    verdict: Verdict,
    home: LoadedOssec | null,
  ) {
    this.#home = home;
    this.#speakers = new Map(translated.map((one) => [one.name, one]));
    this.#rules = [...new Map(translated.map((one) => [one.rule, one])).values()];
    this.#emitted = emitted;
    this.#verdict = verdict;
    this.#names = new Map(
      emitted.model.detections.flatMap(({ kind, name, rule }) => (kind === "log" ? [] : [[rule.id, name]])),
    );
  }

  /** What is made for each rule; a rule is held against the samples of those near it. */
  async samples(): Promise<void> {
    const engine = this.#engine();
    let time = firstTime;
    for (const [at, one] of this.#rules.entries()) {
      if (!(await this.#verdict.next())) return;
      const from = at - (at % together);
      const near = this.#rules.slice(from, from + together);
      const program = one.programs[0] ?? "app";
      for (const message of linesFor(one.rule.test, one.format)) {
        time += apart;
        // Other logs have no date and no program in front.
        const line = isOfSyslog(one.format) ? `Jan  1 00:00:00 host ${program}[1]: ${message}` : message;
        this.#compare(engine, Buffer.from(line).toString("latin1"), time, near, one);
      }
    }
  }

  /** Lines of the user's own, against all rules; each so long after the one before that nothing counts them together. */
  async log(file: string, { timeZone, show }: ProveOptions): Promise<void> {
    const engine = this.#engine();
    const utc = timeZone === "UTC0" || timeZone === "UTC";
    let time = firstTime;
    let count = 0;
    for await (const { text } of syslogLines({ file, year: null, utc, assumeDate: firstTime }, (one) =>
      this.#verdict.report(one),
    )) {
      if (++count % 1000 === 0 && !(await this.#verdict.line(count, show(file)))) return;
      time += apart;
      this.#compare(engine, text, time, this.#rules, null);
    }
  }

  #engine(): Engine {
    const { model, files } = this.#emitted;
    return createEngine(this.#home ?? loadGenerated(model, files), {
      ownHostname: "sensor",
      timeZone: "UTC",
      mode: "logtest",
      transient: true,
    });
  }

  /** @param made - whom the line was made for */
  #compare(
    engine: Engine,
    line: string,
    time: number,
    rules: readonly Translated[],
    made: Translated | null,
  ): void {
    const event = engine.process(line, time);
    if (event.kind !== "event") return;
    // What the host's decoders do not take is no line of such a log to it, and of what its own rules keep nobody is asked.
    if (this.#home !== null && (event.decoder === null || this.#isKept(event.rule))) return;
    const message = Buffer.from(event.log, "latin1").toString("utf8");
    const by = event.rule === null ? undefined : this.#names.get(event.rule.id);
    const program = event.programName;
    const holds = ({ rule, format, programs }: Translated): boolean => {
      if (programs.length > 0 && (program === null || !programs.includes(program))) return false;
      const fields = lineEvent(message, format);
      return fields !== null && evaluate(rule.test, fields);
    };
    const fitting = rules.filter(holds);
    const speaker = this.#speakers.get(by ?? "") ?? fitting[0] ?? made;
    if (speaker === null) return;
    const isExpected = by === undefined ? fitting.length > 0 : holds(speaker);
    this.#verdict.add(speaker, isExpected, by !== undefined, JSON.stringify(message));
  }

  /** A rule of the host's that imported ones do not stand below. */
  #isKept(rule: RuleDefinition | null): boolean {
    return rule !== null && !this.#names.has(rule.id) && !rule.group.split(",").includes("accesslog");
  }
}
