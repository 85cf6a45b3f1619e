import { jsonOf } from "../diagnostics/schema-version.js";
import { shownMinute } from "../model/shown-time.js";
import type { TimelineEvent } from "../replay/timeline.js";
import { type Paint, printable } from "./diagnostics-text.js";

/** How often each kind of thing happened. */
export interface Counts {
  notices: number;
  alerts: number;
  blocks: number;
  unblocks: number;
  refused: number;
}

const countOf: Readonly<Record<TimelineEvent["kind"], keyof Counts | null>> = {
  notice: "notices",
  alert: "alerts",
  block: "blocks",
  unblock: "unblocks",
  refused: "refused",
  response: null,
};

/** Sources that are counted each for itself, at most: a bound on memory. */
const mostSources = 200_000;
const mostListed = 10;
/** Hours whose bars are shown, at most. */
const mostHours = 48;
const hour = 3600;
const chartWidth = 40;

/** Counts what happens in a replay: in all, by detection, by source, by hour. */
export class ReplaySummary {
  readonly #all = zero();
  readonly #detections = new Map<string, Counts>();
  readonly #sources = new Map<string, Counts>();
  readonly #hours = new Map<number, Counts>();
  readonly #blocked = new Set<string>();
  #moreSources = 0;

  see(event: TimelineEvent): void {
    const name = countOf[event.kind];
    if (name === null) return;
    const { time, detection, source } = event;
    this.#all[name] += 1;
    countsAt(this.#detections, detection ?? ruleName(event))[name] += 1;
    const start = Math.floor(time / hour) * hour;
    countsAt(this.#hours, start)[name] += 1;
    if (source === null) return;
    if (event.kind === "block") this.#blocked.add(source);
    if (this.#sources.size < mostSources || this.#sources.has(source))
      countsAt(this.#sources, source)[name] += 1;
    else this.#moreSources += 1;
  }

  get totals(): Readonly<Counts> & { readonly blockedSources: number } {
    return { ...this.#all, blockedSources: this.#blocked.size };
  }

  /** Those that were blocked most first, then the busiest. */
  get sources(): readonly (readonly [string, Readonly<Counts>])[] {
    return this.#sortedSources();
  }

  /** How often something happened of sources that are not counted each for itself. */
  get uncounted(): number {
    return this.#moreSources;
  }

  /** One line of what there was in all. */
  line(): string {
    const { notices, alerts, blocks, refused } = this.#all;
    return `${plural(notices, "notice")}, ${plural(alerts, "alert")}, ${plural(blocks, "block")} of ${plural(this.#blocked.size, "source")}${refused > 0 ? `, ${refused} refused` : ""}\n`;
  }

  /**
   * Tables by detection, source and hour, and the line of all.
   *
   * @param whole also where one detection and one source are all that there was
   */
  text(paint: Paint, whole: boolean): string {
    if (this.#detections.size === 0) return this.line();
    if (!whole && this.#detections.size === 1 && this.#sources.size < 2) return this.line();
    const sources = this.#sortedSources();
    const hours = [...this.#hours].sort(([a], [b]) => a - b);
    const shownHours = hours.slice(0, mostHours);
    const most = Math.max(1, ...hours.map(([, counts]) => busy(counts)));
    const more = sources.length - mostListed + this.#moreSources;
    return [
      table(paint, "by detection", [...this.#detections]),
      table(paint, "by source", sources.slice(0, mostListed)),
      ...(more > 0 ? [`  and ${plural(more, "source")} more\n`] : []),
      ...(hours.length < 2
        ? []
        : [
            `${paint.bold("by hour (UTC)")}\n`,
            ...shownHours.map(([time, counts]) => {
              const bar = "#".repeat(Math.ceil((busy(counts) / most) * chartWidth));
              return `  ${shownMinute(time)}  ${String(busy(counts)).padStart(7)}  ${paint.info(bar)}\n`;
            }),
            ...(hours.length > mostHours ? [`  and ${plural(hours.length - mostHours, "hour")} more\n`] : []),
          ]),
      this.line(),
    ].join("");
  }

  /** One line of JSON behind those of the timeline (schemas/replay.schema.json). */
  json(): string {
    const named = (key: string, counts: ReadonlyMap<string | number, Counts>) =>
      [...counts].map(([name, one]) => ({ [key]: name, ...one }));
    const data = {
      time: null,
      kind: "summary",
      detection: null,
      source: null,
      ...this.#all,
      blockedSources: this.#blocked.size,
      detections: named("detection", this.#detections),
      sources: named("source", new Map(this.#sortedSources())),
      hours: named("from", new Map([...this.#hours].sort(([a], [b]) => a - b))),
    };
    return jsonOf("replay", data);
  }

  #sortedSources(): readonly (readonly [string, Counts])[] {
    return [...this.#sources].sort(
      ([a, one], [b, other]) => other.blocks - one.blocks || busy(other) - busy(one) || (a < b ? -1 : 1),
    );
  }
}

const zero = (): Counts => ({ notices: 0, alerts: 0, blocks: 0, unblocks: 0, refused: 0 });

/** What a bar of the hours shows: what leads to a block, once. */
const busy = ({ notices, alerts, refused, blocks }: Counts): number => notices + alerts + refused + blocks;

function countsAt<K>(all: Map<K, Counts>, key: K): Counts {
  let counts = all.get(key);
  if (counts === undefined) {
    counts = zero();
    all.set(key, counts);
  }
  return counts;
}

const ruleName = (event: TimelineEvent): string => ("rule" in event ? `rule ${event.rule}` : "others");

function table(paint: Paint, title: string, rows: readonly (readonly [string, Counts])[]): string {
  const columns = ["notices", "alerts", "blocks", "refused"] as const;
  const width = Math.max(title.length, ...rows.map(([name]) => printable(name).length + 2));
  const heading = columns.map((name) => name.padStart(9)).join("");
  const lines = rows.map(
    ([name, counts]) =>
      `  ${printable(name).padEnd(width - 2)}${columns.map((column) => String(counts[column]).padStart(9)).join("")}\n`,
  );
  return `${paint.bold(title.padEnd(width))}${paint.dim(heading)}\n${lines.join("")}`;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
