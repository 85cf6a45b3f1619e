import type { DetectionSummary } from "../../detections/index.js";
import type { Model } from "../../model/model.js";
import type { ReplayOutcome } from "../../replay/replay.js";
import type { TimelineEvent } from "../../replay/timeline.js";
import type { Why } from "../../replay/why.js";
import { ReplaySummary } from "../replay-summary.js";
import { whyData } from "../why.js";
import { type EventBudget, EventKeeper } from "./event-keeper.js";
import { OccupancyCounter } from "./occupancy.js";
import type { PageDetection, PageStep, ReplayData } from "./replay-data.js";
import { counted } from "./table.js";

/** Sources with a lane of their own in the timeline, at most. */
const mostLanes = 10_000;
/** Sources whose times are known, at most: a bound on memory. */
const mostTimes = 200_000;

/** Gathers what a page about a replay shows, in bounded memory. */
export class ReplayCollector {
  readonly #model: Model;
  readonly #summary = new ReplaySummary();
  readonly #events: EventKeeper;
  readonly #occupancy = new OccupancyCounter();
  readonly #times = new Map<string, { readonly first: number; last: number }>();
  readonly #counts = new Map<string, { notices: number; alerts: number; blocks: number; refused: number }>();

  constructor(model: Model, budget?: EventBudget) {
    this.#model = model;
    this.#events = new EventKeeper(budget);
  }

  see(event: TimelineEvent): void {
    this.#summary.see(event);
    this.#events.see(event);
    this.#occupancy.see(event);
    this.#countDetection(event);
    const { source, time } = event;
    if (source === null) return;
    const times = this.#times.get(source);
    if (times !== undefined) times.last = time;
    else if (this.#times.size < mostTimes) this.#times.set(source, { first: time, last: time });
  }

  /** @param why - of all detections, or of the silent ones */
  data(
    {
      nearMisses,
      nearMissesLeftOut,
      summaries,
    }: Pick<ReplayOutcome, "nearMisses" | "nearMissesLeftOut" | "summaries">,
    why: readonly Why[],
  ): ReplayData {
    const sources = this.#summary.sources;
    return {
      kind: "replay",
      blocks: this.#model.responses.some(({ kind }) => kind === "block"),
      totals: this.#summary.totals,
      events: this.#events.events(),
      eventsLeftOut: this.#events.leftOut,
      rowColumns: [],
      rowsLeftOut: 0,
      sources: sources.slice(0, mostLanes).map(([source, counts]) => {
        const { first, last } = this.#times.get(source) ?? { first: 0, last: 0 };
        return { source, ...counts, first, last, leftOut: this.#events.leftOutOf(source) };
      }),
      moreSources: Math.max(0, sources.length - mostLanes),
      occupancy: this.#occupancy.result(this.#model),
      detections: this.#model.detections.map(({ name }) => this.#detection(name, why, summaries)),
      nearMisses: nearMisses.map(({ detection, source, count, threshold, time }) => ({
        detection,
        source,
        count,
        threshold,
        time,
      })),
      nearMissesLeftOut: nearMissesLeftOut.reduce((sum, { count }) => sum + count, 0),
    };
  }

  #countDetection({ kind, detection }: TimelineEvent): void {
    if (detection === null) return;
    const counts = this.#counts.get(detection) ?? { notices: 0, alerts: 0, blocks: 0, refused: 0 };
    this.#counts.set(detection, counts);
    if (kind === "notice") counts.notices += 1;
    else if (kind === "alert") counts.alerts += 1;
    else if (kind === "block") counts.blocks += 1;
    else if (kind === "refused") counts.refused += 1;
  }

  #detection(name: string, all: readonly Why[], summaries: readonly DetectionSummary[]): PageDetection {
    const counts = this.#counts.get(name) ?? { notices: 0, alerts: 0, blocks: 0, refused: 0 };
    const why = all.find(({ detection }) => detection === name);
    if (why === undefined) {
      const isSilent = counts.notices + counts.alerts === 0;
      const hits = summaries.find(({ detection }) => detection === name)?.hits ?? 0;
      return {
        detection: name,
        ...counts,
        cause: isSilent ? "silent" : "fired",
        message: isSilent ? "it was silent" : hits > 0 ? `it fired: ${counted(hits, "hit")}` : "it fired",
        help: null,
        isSilent,
        of: null,
        steps: [],
      };
    }
    const { cause, message, help, ...shown } = whyData(why);
    return {
      detection: name,
      ...counts,
      cause,
      message,
      help,
      isSilent: why.isSilent,
      ...(shown.rows !== undefined
        ? rowSteps(shown.rows, counts, why)
        : shown.lines !== undefined
          ? lineSteps(shown.lines)
          : { of: null, steps: [] }),
    };
  }
}

type WhyData = ReturnType<typeof whyData>;

/** Rows that are left behind each condition, and what became of those that met all. */
function rowSteps(
  { log, event, rows, events, conditions, counted: passed, hits, suppressed }: NonNullable<WhyData["rows"]>,
  { notices, alerts, blocks }: { readonly notices: number; readonly alerts: number; readonly blocks: number },
  { rows: funnel }: Why,
): Pick<PageDetection, "of" | "steps"> {
  let left = events;
  const steps: PageStep[] = conditions.flatMap(({ condition, fell, example }) => {
    left -= fell;
    if (fell === 0 && conditions.length > 6) return [];
    const place = example === undefined ? null : `${example.file}:${example.line}`;
    return [{ label: condition, count: fell, left, example: place }];
  });
  const part = funnel?.isPart === true ? ` (of the first ${rows})` : "";
  return {
    of: { what: `rows of ${log}.log${events === rows ? "" : `, ${event}`}${part}`, count: events },
    steps: [
      ...steps,
      { label: "counted", count: 0, left: passed, example: null },
      { label: "reached the threshold", count: 0, left: hits, example: null },
      { label: "notices (others are suppressed)", count: suppressed, left: notices, example: null },
      { label: "alerts", count: 0, left: alerts, example: null },
      { label: "blocks", count: 0, left: blocks, example: null },
    ],
  };
}

/** Where lines stopped. */
function lineSteps({ lines, stops }: NonNullable<WhyData["lines"]>): Pick<PageDetection, "of" | "steps"> {
  return {
    of: { what: "lines", count: lines },
    steps: stops.slice(0, 12).map(({ text, lines: some, example }) => ({
      label: text,
      count: some,
      left: some,
      example: example === undefined ? null : `${example.file}:${example.line}`,
    })),
  };
}
