import { decoderReport, decodersOf } from "../explain/decoders.js";
import { rulesAbove, ruleVerdict, type WatchedLine, watchLine } from "../explain/explain.js";
import type { BurstDetectionModel, DetectionModel, SequenceDetectionModel } from "../model/model.js";
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
  /** Another rule took the line, which it would not have matched. */
  | { readonly kind: "elsewhere"; readonly by: number }
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
  /** What kept the rule's own decoder from that line (latin1); null: another place, or nothing to tell. */
  readonly decoder: string | null;
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
  /** Of a burst or a sequence: how often what it counts, or what comes first, fired. */
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
  elsewhere: 6,
  decoder: 7,
  "no-event": 8,
};

class Counter {
  readonly detection: DetectionModel;
  readonly #steps = new Map<
    string,
    {
      readonly stop: LineStop;
      lines: number;
      readonly example: ExampleLine;
      readonly decoder: string | null;
    }
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
      const decoder = stop.kind === "decoder" ? ownDecoder(watched, loaded, this.detection.rule.id) : null;
      this.#steps.set(name, { stop, lines: 1, example: { file, lineNumber, text }, decoder });
    }
    if (!isComposite(this.detection)) return;
    const { event, rules } = watched;
    if (event.kind !== "event") return;
    const { base, events } = this.detection;
    const { rule } = event;
    const isBase =
      rule !== null && (base.kind === "rule" ? rule.id === base.id : rule.group.includes(base.group));
    // A burst's own rule takes an event that it counts; a sequence's takes the one that completes it.
    const isOwn = rule?.id === this.detection.rule.id && this.detection.kind === "burst";
    if (isBase || isOwn) this.#counted += 1;
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
      counted: isComposite(this.detection) ? this.#counted : null,
      best: this.#best,
    };
  }
}

type Composite = BurstDetectionModel | SequenceDetectionModel;

/** Whether a detection's rule looks back at earlier events. */
export function isComposite(detection: DetectionModel): detection is Composite {
  return detection.kind === "burst" || detection.kind === "sequence";
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
  /** The rules of the detections, and those above them. */
  readonly #wanted: ReadonlySet<number>;

  constructor(detections: readonly DetectionModel[], loaded: LoadedOssec) {
    this.#counters = detections.map((detection) => new Counter(detection));
    this.#loaded = loaded;
    this.#wanted = new Set(
      detections.flatMap(({ rule: { id } }) => [id, ...rulesAbove(loaded, id).map((rule) => rule.id)]),
    );
  }

  /** Analyses a line as the engine does, and follows it. */
  analyse(engine: Engine, { line, time, location, from }: FollowedLine): EngineEvent {
    const watched = watchLine(engine, this.#loaded.dialect, line.text, time, location, this.#wanted);
    for (const counter of this.#counters) {
      const { kind, name } = counter.detection;
      // Composites may count notices; others look at lines of their own.
      const isOfInterest = kind === "zeek" ? name === from : isComposite(counter.detection) || from === null;
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
      return { kind: "child", by: verdict.by.id };
    case "taken":
      return takenStop(watched, loaded, id, verdict.by.id);
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

/** What became of the decoder that a rule asks for, or of the first of several that did not take the line. */
function ownDecoder({ event, decoders }: WatchedLine, loaded: LoadedOssec, id: number): string | null {
  if (event.kind !== "event") return null;
  const rule = loaded.ruleById.get(id);
  const way = [...(rule === undefined ? [] : [rule]), ...rulesAbove(loaded, id)];
  for (const decoder of decodersOf(loaded, way)) {
    const { fate } = decoderReport(decoder, loaded, decoders, event);
    if (decoder.parent !== null && fate.kind === "not-tried") continue;
    if (fate.kind === "not-tried") return `${decoder.name} was not tried: ${fate.reason}`;
    if (fate.kind === "matched") continue;
    const { condition, wanted, found, note } = fate.failed;
    return `${decoder.name} did not meet ${condition}: wanted ${wanted}, found ${found === null ? "nothing" : `'${found}'`}${note === undefined ? "" : ` (${note})`}`;
  }
  return null;
}

/** Another rule has the line: whether this one would have had it otherwise. */
function takenStop({ event, lost }: WatchedLine, loaded: LoadedOssec, id: number, by: number): LineStop {
  const rule = loaded.ruleById.get(id);
  const way = [...(rule === undefined ? [] : [rule]), ...rulesAbove(loaded, id)];
  if (way.some((one) => lost.has(one.id))) return { kind: "taken", by };
  const decoder = event.kind === "event" ? event.decoder : null;
  if (way.some(({ decodedAs }) => decodedAs !== null && decodedAs !== decoder))
    return { kind: "decoder", decoder };
  // Of composites, and of roots, the engine does not say what would have been.
  const isUnknown = rule === undefined || rule.search !== null || way.length === 1;
  return { kind: isUnknown ? "taken" : "elsewhere", by };
}

function nameOf(stop: LineStop): string {
  switch (stop.kind) {
    case "silenced":
    case "child":
    case "taken":
    case "elsewhere":
      return `${stop.kind} ${stop.by}`;
    case "condition":
      return `condition ${stop.rule} ${stop.failed.condition}`;
    case "decoder":
      return `decoder ${stop.decoder ?? ""}`;
    default:
      return stop.kind;
  }
}
