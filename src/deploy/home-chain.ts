import { engineText } from "../compiler/decode/pattern.js";
import { armedDetections } from "../compiler/link/responses.js";
import { apart, type SampledModel } from "../compiler/verify/log-samples.js";
import { momentOf } from "../compiler/verify/moments.js";
import { missedRawSamples } from "../compiler/verify/raw.js";
import { unboundCommand } from "../compiler/verify/responses.js";
import { burstLines, locationOf, sampleLines } from "../compiler/verify/samples.js";
import { checkSequence } from "../compiler/verify/sequence.js";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.js";
import { analyses } from "../model/hosts.js";
import type {
  BurstDetectionModel,
  DetectionModel,
  Model,
  ResponseModel,
  SequenceDetectionModel,
} from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { createEngine, type Engine, type EngineEvent } from "../ossec/engine/index.js";
import { commandOf, runningResponses } from "../targets/ossec/responses.js";
import { codes } from "./codes.js";
import { responsesOff, shownBytes, Taker } from "./taken-by.js";

/** A line or an alert of the bundle that does not get where it has to, beside what else the home holds. */
export interface ChainProblem {
  readonly what: "rule" | "decoder" | "active-response";
  /** Name of the detection, or of the response's command. */
  readonly id: string;
  readonly diagnostic: Diagnostic;
}

export interface HomeChainInput {
  readonly model: Model;
  /** The home with the bundle merged in. */
  readonly loaded: LoadedOssec;
  /** Text (latin1) of the merged ossec.conf. */
  readonly conf: string;
  /** Its name in messages, as that of the other files. */
  readonly confName: string;
}

/** Any moment will do; the same input gives the same result. */
const someTime = 1_781_175_852;

/**
 * Sends every sample line of every detection through a home with the bundle merged in: each has to reach its
 * rule, and the rule has to start its responses. `verify` asks the same of the bundle alone; here other decoders
 * stand before the bundle's, other rules take its events, and somebody may have switched active response off.
 */
export function homeChainProblems(input: HomeChainInput): readonly ChainProblem[] {
  if (!analyses(input.model)) return [];
  return new HomeChain(input).problems();
}

interface TriedLine {
  /** Latin1. */
  readonly line: string;
  readonly span: Span;
  readonly source: string | null;
  readonly fields: readonly (readonly [string, string])[];
}

class HomeChain {
  readonly #model: Model;
  readonly #loaded: LoadedOssec;
  readonly #input: HomeChainInput;
  readonly #engine: Engine;
  readonly #taker: Taker;
  #time = someTime;

  constructor(input: HomeChainInput) {
    this.#input = input;
    this.#model = input.model;
    this.#loaded = input.loaded;
    this.#engine = createEngine(input.loaded, { ownHostname: "sensor", timeZone: "UTC", mode: "logtest" });
    this.#taker = new Taker(input.model, input.loaded, input.confName);
  }

  problems(): readonly ChainProblem[] {
    // A pattern that cannot be run is reported by lint and by the loader; nothing can be said of lines then.
    if (this.#engine.unrunnable.length > 0) return [];
    const found: ChainProblem[] = [];
    const broken = new Set<string>();
    for (const detection of this.#model.detections) {
      const some = this.#tried(detection, broken);
      if (some.length > 0) broken.add(detection.name);
      found.push(...some, ...this.#unbound(detection));
    }
    return [...found, ...this.#raw(), ...this.#outside(), ...this.#off()];
  }

  #tried(detection: DetectionModel, broken: ReadonlySet<string>): readonly ChainProblem[] {
    switch (detection.kind) {
      case "burst":
        return this.#burst(detection, broken);
      case "sequence":
        return this.#sequence(detection);
      default:
        return this.#lines(detection);
    }
  }

  #sequence(detection: SequenceDetectionModel): readonly ChainProblem[] {
    const clock = { time: this.#later() };
    const missed = checkSequence(this.#model, detection, this.#engine, clock);
    this.#time = clock.time;
    return missed.map(({ message, ...rest }) => ({
      what: "rule",
      id: detection.name,
      diagnostic: codes.chain(rest, `beside the rules of the host ${message}`),
    }));
  }

  /** Lines that a detection leads to; each that another decoder or rule takes is shown once. */
  #lines(
    detection: Exclude<DetectionModel, BurstDetectionModel | SequenceDetectionModel>,
  ): readonly ChainProblem[] {
    const found = new Map<string, { readonly problem: ChainProblem; more: number }>();
    for (const tried of triedLines(this.#model, detection)) {
      const event = this.#process(tried.line, detection);
      const why = this.#missed(detection, event, tried);
      if (why === null) continue;
      const taken = this.#taker.of(this.#engine, tried.line, this.#later(detection), detection, event);
      const key = JSON.stringify(taken);
      const known = found.get(key);
      if (known !== undefined) {
        known.more += 1;
        continue;
      }
      const problem = {
        what: taken.what,
        id: detection.name,
        diagnostic: codes.chain(
          tried.span,
          `beside the rules of the host ${shownBytes(tried.line)} ${why} of "${detection.name}": ${taken.reason}`,
          taken.help,
        ),
      };
      found.set(key, { problem, more: 0 });
    }
    const problems = [...found.values()].map(({ problem, more }) =>
      more === 0 ? problem : andMore(problem, more),
    );
    return [...problems, ...(isSampled(detection) ? this.#notSamples(detection) : [])];
  }

  #missed({ rule }: DetectionModel, event: EngineEvent, { source, fields }: TriedLine): string | null {
    if (event.kind !== "event" || event.rule?.id !== rule.id) return `does not reach rule ${rule.id}`;
    if (source !== null && event.srcip !== source)
      return `reaches rule ${rule.id} with ${event.srcip === null ? "no source address" : `the source ${event.srcip}`}, not ${source}: it is rule ${rule.id}`;
    for (const [name, value] of fields) {
      const read = event.fields.find(([key]) => key === name)?.[1];
      if (read !== engineText(value))
        return `reaches rule ${rule.id} with ${name} = ${read === undefined ? "nothing" : shownBytes(read)}, not ${JSON.stringify(value)}: it is rule ${rule.id}`;
    }
    return null;
  }

  /** Lines that a detection must not take: another decoder may hand them to its rule. */
  #notSamples(detection: SampledModel): readonly ChainProblem[] {
    return detection.notSamples.flatMap(({ line, span }) => {
      const event = this.#process(engineText(line), detection);
      if (event.kind !== "event" || event.rule?.id !== detection.rule.id) return [];
      return [
        {
          what: "rule" as const,
          id: detection.name,
          diagnostic: codes.chain(
            span,
            `beside the rules of the host this line reaches rule ${detection.rule.id} of "${detection.name}", although it must not`,
          ),
        },
      ];
    });
  }

  #burst(burst: BurstDetectionModel, broken: ReadonlySet<string>): readonly ChainProblem[] {
    const { base, rule } = burst;
    const problem = (reason: string, help?: string): readonly ChainProblem[] => [
      {
        what: "rule",
        id: burst.name,
        diagnostic: codes.chain(
          burst.span,
          `beside the rules of the host rule ${rule.id} of "${burst.name}" never fires: ${reason}`,
          help,
        ),
      },
    ];
    if (base.kind === "rule" && base.detection === null) {
      const counted = this.#loaded.ruleById.get(base.id);
      // One that is not loaded is refused by OSSEC, and reported as that.
      if (counted !== undefined && (counted.level === 0 || counted.noalert))
        return problem(
          `the events of rule ${base.id} (${this.#taker.placeOfRule(counted)}) are not kept, since its ${counted.level === 0 ? "level is 0" : "alerts are switched off (noalert)"}`,
          "count a rule below it that alerts",
        );
    }
    if (base.kind === "group" && !this.#loaded.rules.some((one) => one.feedsGroupListsOf.includes(rule.id)))
      return problem(
        `no rule of the group ${base.group} is loaded before it`,
        "name a group that rules of the host have",
      );
    // What it counts does not come: that was reported where it is.
    if (base.kind === "rule" && base.detection !== null && broken.has(base.detection)) return [];
    const lines = burstLines(this.#model, burst);
    let last: EngineEvent | null = null;
    this.#later(burst);
    for (const line of lines) last = this.#engine.process(line, this.#time, locationOf(this.#model, burst));
    const line = lines.at(-1);
    if (last === null || line === undefined || (last.kind === "event" && last.rule?.id === rule.id))
      return [];
    const taken = this.#taker.ofBurst(burst, last);
    return [
      {
        what: "rule",
        id: burst.name,
        diagnostic: codes.chain(
          burst.span,
          `beside the rules of the host the last of ${lines.length} lines like ${shownBytes(line)} does not reach rule ${rule.id} of "${burst.name}": ${taken.reason}`,
          taken.help,
        ),
      },
    ];
  }

  /** The rule is there, and a response that it is to start is not bound to it. */
  #unbound(detection: DetectionModel): readonly ChainProblem[] {
    const rule = this.#loaded.ruleById.get(detection.rule.id);
    // Not loaded at all: its lines said so.
    if (rule === undefined) return [];
    const bound = rule.activeResponses.flatMap((index) => this.#loaded.conf.activeResponses[index] ?? []);
    const command = unboundCommand(this.#model, detection, bound);
    if (command === null) return [];
    return [
      {
        what: "active-response",
        id: command,
        diagnostic: codes.response(
          detection.span,
          `beside the configuration of the host rule ${rule.id} of "${detection.name}" (${this.#taker.placeOfRule(rule)}) does not start ${command}`,
          `look for what overwrites rule ${rule.id}, and for an <active-response> of ${command} that is switched off`,
        ),
      },
    ];
  }

  /** Lines that raw XML promises to take. */
  #raw(): readonly ChainProblem[] {
    const clock = { time: this.#later() };
    const missed = missedRawSamples(this.#model, this.#engine, clock);
    this.#time = clock.time;
    return missed.map(({ message, ...rest }) => ({
      what: "rule",
      id: this.#model.name,
      diagnostic: codes.chain(rest, `beside the rules of the host ${message}`),
    }));
  }

  /** Responses to rules of others: the rules have to be there, and to start them. */
  #outside(): readonly ChainProblem[] {
    return runningResponses(this.#model).flatMap((response) => {
      const { command } = commandOf(this.#model, response);
      return this.#missingCauses(response, command).map((reason) => ({
        what: "active-response" as const,
        id: command,
        diagnostic: codes.response(
          response.span,
          `beside the rules of the host ${command} is never started by ${reason}`,
          "name rules, groups or a level that the host has",
        ),
      }));
    });
  }

  #missingCauses(response: ResponseModel, command: string): readonly string[] {
    const { when } = response;
    const starts = (id: number): boolean =>
      (this.#loaded.ruleById.get(id)?.activeResponses ?? []).some(
        (index) => this.#loaded.conf.activeResponses[index]?.command.name === command,
      );
    switch (when.kind) {
      case "rules": {
        const own = new Set(armedDetections(response, this.#model.detections).map(({ rule }) => rule.id));
        return when.ruleIds
          .filter((id) => !own.has(id) && !starts(id))
          .map((id) =>
            this.#loaded.ruleById.has(id)
              ? `rule ${id} (${this.#taker.placeOfRuleId(id)}), which takes no response (no_ar, accuracy="0")`
              : `rule ${id}, which is not loaded there`,
          );
      }
      case "group":
        return this.#loaded.rules.some(({ id }) => starts(id))
          ? []
          : [`the group ${when.group}, which no rule there has`];
      case "level":
        return this.#loaded.rules.some(({ id }) => starts(id))
          ? []
          : [`level ${when.level}, which no rule there has`];
    }
  }

  #off(): readonly ChainProblem[] {
    const [response] = runningResponses(this.#model);
    const { conf } = this.#loaded;
    if (response === undefined || (conf.activeResponseOn && conf.execdOn)) return [];
    const line = responsesOff(this.#input.conf, this.#loaded.dialect);
    return [
      {
        what: "active-response",
        id: commandOf(this.#model, response).command,
        diagnostic: codes.response(
          { file: this.#input.confName, line: line ?? 1, column: 1 },
          `active response is switched off here: nothing of "${this.#model.name}" blocks or notifies`,
          "take <disabled>yes</disabled> out of the <active-response> that has it",
        ),
      },
    ];
  }

  #process(line: string, detection: DetectionModel): EngineEvent {
    return this.#engine.process(line, this.#later(detection), locationOf(this.#model, detection));
  }

  /** So much later that nothing is counted together with what was tried before, and when the rule looks at all. */
  #later(detection: DetectionModel | null = null): number {
    this.#time += apart;
    if (detection !== null) this.#time = momentOf(this.#model, detection, this.#time);
    return this.#time;
  }
}

function isSampled(detection: DetectionModel): detection is SampledModel {
  return detection.kind === "log" || detection.kind === "rule";
}

function triedLines(model: Model, detection: DetectionModel): readonly TriedLine[] {
  if (isSampled(detection))
    return detection.samples.map(({ line, fields, span }) => ({
      line: engineText(line),
      span,
      source: null,
      fields,
    }));
  return sampleLines(model, detection).map(({ line, source }) => ({
    line,
    span: detection.span,
    source,
    fields: [],
  }));
}

function andMore(problem: ChainProblem, more: number): ChainProblem {
  const { diagnostic } = problem;
  const message = `${diagnostic.message} (and ${more} more of its lines)`;
  return { ...problem, diagnostic: { ...diagnostic, message } };
}
