import { ruleVerdict, type WatchedLine, watchLine } from "../explain/explain.js";
import type { DetectionModel } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import type { Engine, EngineEvent, FailedCondition, SilencedBy } from "../ossec/engine/index.js";
import type { ChainLine } from "./chain-line.js";

/** Where lines stop on their way to a rule, or that they reach it. */
export type LineStop =
  /** The rule is reported, as an alert. */
  | { readonly kind: "alert" }
  | { readonly kind: "silenced"; readonly by: SilencedBy | "below log_alert_level" }
  /** It matched, and a rule below it was reported. */
  | { readonly kind: "child"; readonly by: number }
  /** Another rule took the line before it was reached. */
  | { readonly kind: "taken"; readonly by: number }
  /** A condition of it, or of a rule above it, is not met. */
  | { readonly kind: "condition"; readonly rule: number; readonly failed: FailedCondition }
  /** Another decoder took the line, or none. */
  | { readonly kind: "decoder"; readonly decoder: string | null }
  | { readonly kind: "noalert" }
  | { readonly kind: "no-event" };

export interface ExampleLine {
  readonly file: string | null;
  readonly lineNumber: number | null;
  /** Latin1. */
  readonly text: string;
}

/** Lines that stopped at the same place. */
export interface LineStep {
  readonly stop: LineStop;
  readonly lines: number;
  /** The first of them. */
  readonly example: ExampleLine;
}

/** The closest that a composite came. */
export interface BestCount {
  /** Events within the timeframe, this one among them. */
  readonly count: number;
  /** More of them that only a `same_*` or `different_*` keeps from counting. */
  readonly others: number;
  /** Epoch seconds. */
  readonly time: number;
  readonly source: string | null;
}

/** What became of the lines on their way to a detection's rule. */
export interface LineFunnel {
  readonly detection: string;
  readonly lines: number;
  /** The nearest to an alert first. */
  readonly steps: readonly LineStep[];
  /** Of a burst: how often what it counts fired. */
  readonly counted: number | null;
  readonly best: BestCount | null;
}

/** Places where lines stop that are told apart, of one detection. */
const mostSteps = 200;

const nearness: Readonly<Record<LineStop["kind"], number>> = {
  alert: 0,
  child: 1,
  silenced: 2,
  noalert: 3,
  taken: 4,
  condition: 5,
  decoder: 6,
  "no-event": 7,
};

class Counter {
  readonly detection: DetectionModel;
  readonly #steps = new Map<
    string,
    { readonly stop: LineStop; lines: number; readonly example: ExampleLine }
  >();
  #lines = 0;
  #counted = 0;
  #best: BestCount | null = null;

  constructor(detection: DetectionModel) {
    this.detection = detection;
  }

  see(line: ChainLine, watched: WatchedLine, loaded: LoadedOssec): void {
    this.#lines += 1;
    const stop = stopOf(watched, loaded, this.detection.rule.id);
    const name = nameOf(stop);
    const known = this.#steps.get(name);
    if (known !== undefined) known.lines += 1;
    else if (this.#steps.size < mostSteps) {
      const { file, lineNumber, text } = line;
      this.#steps.set(name, { stop, lines: 1, example: { file, lineNumber, text } });
    }
    if (this.detection.kind !== "burst") return;
    const { event, rules } = watched;
    if (event.kind !== "event") return;
    const { base, events } = this.detection;
    const { rule } = event;
    const isBase =
      rule !== null && (base.kind === "rule" ? rule.id === base.id : rule.group.includes(base.group));
    if (isBase || rule?.id === this.detection.rule.id) this.#counted += 1;
    const tried = rules.find((attempt) => attempt.rule.id === this.detection.rule.id);
    if (tried === undefined) return;
    const { failed } = tried;
    if (failed !== null && failed.condition !== "frequency") return;
    const count = failed === null ? events : Number(failed.found) + 1;
    const others = failed?.others ?? 0;
    const best = this.#best;
    if (best === null || count > best.count || (count === best.count && others > best.others))
      this.#best = { count, others, time: line.time, source: event.srcip };
  }

  result(): LineFunnel {
    return {
      detection: this.detection.name,
      lines: this.#lines,
      steps: [...this.#steps.values()].sort(
        (a, b) => nearness[a.stop.kind] - nearness[b.stop.kind] || b.lines - a.lines,
      ),
      counted: this.detection.kind === "burst" ? this.#counted : null,
      best: this.#best,
    };
  }
}

/** A line on its way. */
export interface FollowedLine {
  readonly line: ChainLine;
  /** Epoch seconds. */
  readonly time: number;
  /** Where OSSEC has it from. */
  readonly location: string;
  /** The detection whose notice it is; null: a line of another log. */
  readonly from: string | null;
}

/** Follows the lines that OSSEC reads to the rules of detections. */
export class LineFunnels {
  readonly #counters: readonly Counter[];
  readonly #loaded: LoadedOssec;

  constructor(detections: readonly DetectionModel[], loaded: LoadedOssec) {
    this.#counters = detections.map((detection) => new Counter(detection));
    this.#loaded = loaded;
  }

  /** Analyses a line as the engine does, and follows it. */
  analyse(engine: Engine, { line, time, location, from }: FollowedLine): EngineEvent {
    const watched = watchLine(engine, this.#loaded.dialect, line.text, time, location);
    for (const counter of this.#counters) {
      const { kind, name } = counter.detection;
      // A burst may count notices; others look at lines of their own.
      const isOfInterest = kind === "zeek" ? name === from : kind === "burst" || from === null;
      if (isOfInterest) counter.see(line, watched, this.#loaded);
    }
    return watched.event;
  }

  results(): ReadonlyMap<string, LineFunnel> {
    return new Map(this.#counters.map((counter) => [counter.detection.name, counter.result()]));
  }
}

function stopOf(watched: WatchedLine, loaded: LoadedOssec, id: number): LineStop {
  const { event } = watched;
  if (event.kind !== "event") return { kind: "no-event" };
  const { rule, silencedBy } = event;
  if (rule?.id === id)
    return event.alert ? { kind: "alert" } : { kind: "silenced", by: silencedBy ?? "below log_alert_level" };
  if (rule === null && silencedBy !== null) return { kind: "silenced", by: silencedBy };
  const verdict = ruleVerdict(watched, loaded, id);
  switch (verdict.kind) {
    case "fired":
      return { kind: "alert" };
    case "child":
    case "taken":
      return { kind: verdict.kind, by: verdict.by.id };
    case "silent":
      return { kind: "noalert" };
    case "failed":
    case "parent-failed": {
      const { rule: stopped, failed } = verdict.attempt;
      if (failed === null || failed.condition === "decoded_as")
        return { kind: "decoder", decoder: event.decoder };
      return { kind: "condition", rule: stopped.id, failed };
    }
    case "category":
      return { kind: "decoder", decoder: event.decoder };
    case "no-event":
      return { kind: "no-event" };
  }
}

function nameOf(stop: LineStop): string {
  switch (stop.kind) {
    case "silenced":
    case "child":
    case "taken":
      return `${stop.kind} ${stop.by}`;
    case "condition":
      return `condition ${stop.rule} ${stop.failed.condition}`;
    case "decoder":
      return `decoder ${stop.decoder ?? ""}`;
    default:
      return stop.kind;
  }
}
