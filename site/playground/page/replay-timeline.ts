/** Notices, alerts and blocks in log time, a lane a source: those with most to show. */
import type { ShownEvent } from "../core/replay-shown.js";
import { counted, drawn, el, moment, show } from "./dom.js";

const lanes = 24;
const laneHeight = 18;
const left = 150;
const right = 12;
const top = 8;

interface Block {
  readonly from: number;
  readonly to: number;
}

interface Lane {
  readonly source: string;
  readonly events: ShownEvent[];
  readonly blocks: Block[];
}

/** Blocks from their beginning to the unblock, or to the end of what was played. */
function lanesOf(events: readonly ShownEvent[], end: number): readonly Lane[] {
  const bySource = new Map<string, Lane>();
  const open = new Map<string, number>();
  for (const event of events) {
    const source = event.source ?? "(no address)";
    let lane = bySource.get(source);
    if (lane === undefined) {
      lane = { source, events: [], blocks: [] };
      bySource.set(source, lane);
    }
    lane.events.push(event);
    if (event.kind === "block" && !open.has(source)) open.set(source, event.time);
    const since = open.get(source);
    if (event.kind === "unblock" && since !== undefined) {
      lane.blocks.push({ from: since, to: event.time });
      open.delete(source);
    }
  }
  for (const [source, from] of open) bySource.get(source)?.blocks.push({ from, to: end });
  return [...bySource.values()];
}

const rank = ({ blocks, events }: Lane): number => blocks.length * 1000 + events.length;

export class ReplayTimeline {
  readonly #parent: HTMLElement;
  readonly #choose: (source: string) => void;
  #events: readonly ShownEvent[] = [];
  #width = 0;

  constructor(parent: HTMLElement, choose: (source: string) => void) {
    this.#parent = parent;
    this.#choose = choose;
    new ResizeObserver(() => {
      if (parent.clientWidth !== this.#width) this.show(this.#events);
    }).observe(parent);
  }

  show(events: readonly ShownEvent[]): void {
    this.#events = events;
    this.#width = this.#parent.clientWidth;
    this.#parent.hidden = events.length === 0;
    if (events.length === 0) {
      show(this.#parent);
      return;
    }
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const { time } of events) {
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
    const all = lanesOf(events, last);
    const shown = [...all].sort((one, other) => rank(other) - rank(one)).slice(0, lanes);
    const width = Math.max(320, this.#width - 24);
    const at = (time: number): number =>
      left + ((time - first) / Math.max(1, last - first)) * (width - left - right);
    const height = top + shown.length * laneHeight + 24;
    show(
      this.#parent,
      el(
        "figcaption",
        {},
        `${moment(first)} to ${moment(last)}. Bars are blocks, dots notices and alerts; the table below has them in words.${
          all.length > shown.length
            ? ` ${counted(all.length - shown.length)} sources with less are not drawn.`
            : ""
        }`,
      ),
    );
    this.#parent.prepend(
      drawn(
        "svg",
        { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
        ...shown.flatMap((lane, index) => this.#lane(lane, top + index * laneHeight, width, at)),
        drawn("text", { class: "tick", x: left, y: height - 6 }, moment(first)),
        drawn("text", { class: "tick", x: width - right, y: height - 6, "text-anchor": "end" }, moment(last)),
      ),
    );
  }

  #lane(lane: Lane, y: number, width: number, at: (time: number) => number): readonly SVGElement[] {
    const middle = y + laneHeight / 2;
    const label = drawn("text", { class: "lane", x: 0, y: middle + 4 }, lane.source);
    label.addEventListener("click", () => this.#choose(lane.source));
    return [
      label,
      drawn("line", { class: "rail", x1: left, x2: width - right, y1: middle, y2: middle }),
      ...lane.blocks.slice(0, 200).map(({ from, to }) =>
        drawn(
          "rect",
          {
            class: "block",
            x: at(from),
            width: Math.max(3, at(to) - at(from)),
            y: y + 4,
            height: laneHeight - 8,
            rx: 3,
          },
          drawn("title", {}, `blocked from ${moment(from)} to ${moment(to)}`),
        ),
      ),
      ...lane.events
        .filter(({ kind }) => kind === "notice" || kind === "alert" || kind === "refused")
        .slice(0, 200)
        .map((event) =>
          drawn(
            "circle",
            { class: `dot ${event.kind}`, cx: at(event.time), cy: middle, r: 4 },
            drawn("title", {}, `${moment(event.time)} ${event.kind} ${event.text}`),
          ),
        ),
    ];
  }
}
