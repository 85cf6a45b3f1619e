import uPlot from "uplot";
import { grouped, shownLength, shownSecond } from "../report/html/table.js";
import { button, colour, element, onColours } from "./dom.js";

/** Something on a lane: a moment, or a stretch that ends. */
export interface Mark {
  readonly time: number;
  readonly kind: "notice" | "alert" | "block" | "unblock" | "refused" | "response" | "expected";
  /** Of what lasts: when it ends; null: not within what is shown. */
  readonly end?: number | null;
  /** What is said of it. */
  readonly text: string;
  readonly event: number;
}

export interface Lane {
  readonly name: string;
  readonly note: string;
  readonly marks: readonly Mark[];
  /** A source, and not several together. */
  readonly isOne: boolean;
}

export interface TimelineOptions {
  readonly lanes: readonly Lane[];
  readonly range: readonly [number, number];
  readonly pick: (event: number) => void;
  /** Where an event comes from: its rule, its line. */
  readonly originOf?: (event: number) => readonly string[];
  readonly pickLane: (lane: Lane) => void;
  /** The part of time that is shown; null: all of it. */
  readonly zoomed: (range: readonly [number, number] | null) => void;
}

const laneHeight = 22;
const mostVisible = 22;
export const axisHeight = 46;
const nameWidth = 168;
const reach = 9;

const inUtc = (seconds: number): Date => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC");

/** Ticks as `03:00`, with the date where it changes. */
export const tickTexts: uPlot.Axis.Values = [
  [86_400 * 365, "{YYYY}", null, null, null, null, null, null, 1],
  [86_400 * 28, "{YYYY}-{MM}", null, null, null, null, null, null, 1],
  [86_400, "{YYYY}-{MM}-{DD}", null, null, null, null, null, null, 1],
  ...([3600, 60] as const).map((unit): (string | number | null)[] => dated(unit, "{HH}:{mm}")),
  dated(1, "{HH}:{mm}:{ss}"),
  dated(0.001, "{HH}:{mm}:{ss}.{fff}"),
];

/** Steps of an axis of what is counted. */
export const wholeSteps = [1, 2, 5]
  .flatMap((one) => [0, 1, 2, 3, 4, 5, 6].map((zeros) => one * 10 ** zeros))
  .sort((one, other) => one - other);

function dated(unit: number, text: string): (string | number | null)[] {
  const withDate = "\n{YYYY}-{MM}-{DD}";
  return [unit, text, withDate, null, withDate, null, null, null, 1];
}

/** What all plots over time have in common. */
export function timePlot(
  width: number,
  height: number,
): Pick<uPlot.Options, "width" | "height" | "tzDate" | "legend"> {
  return { width, height, tzDate: inUtc, legend: { show: false } };
}

export function axisLook(): Pick<uPlot.Axis, "stroke" | "grid" | "ticks" | "font"> {
  return {
    stroke: () => colour("dim"),
    grid: { stroke: () => colour("grid"), width: 1 },
    ticks: { stroke: () => colour("grid"), width: 1 },
    font: "12px system-ui, sans-serif",
  };
}

/** A lane for each source over one axis of time; thousands of lanes scroll, only those in sight are drawn. */
export class Timeline {
  readonly #options: TimelineOptions;
  readonly #plot: uPlot;
  readonly #names = element("div", { class: "lane-names" });
  readonly #scroller: HTMLElement;
  readonly #tip = element("div", { class: "tip", attributes: { role: "status" } });
  readonly #visible: number;
  /** All marks by time, for the keys that step through them. */
  readonly #steps: readonly { readonly lane: number; readonly mark: Mark }[];
  #at = -1;

  constructor(place: HTMLElement, options: TimelineOptions) {
    this.#options = options;
    const { lanes } = options;
    this.#steps = lanes
      .flatMap(({ marks }, lane) => marks.map((mark) => ({ lane, mark })))
      .sort((a, b) => a.mark.time - b.mark.time || a.mark.event - b.mark.event);
    this.#visible = Math.min(lanes.length, mostVisible) * laneHeight;
    const stage = element("div", { class: "stage" });
    const plotPlace = element("div", { class: "lane-plot" });
    const spacer = element("div", { class: "spacer" });
    this.#scroller = element(
      "div",
      {
        class: "lanes",
        attributes: {
          tabindex: "0",
          role: "application",
          "aria-label":
            "Timeline. Left and right move in time, plus and minus zoom, 0 shows all, n and p step through the events, Enter opens one. The table of all events says the same.",
        },
        on: { scroll: () => this.#scrolled(), keydown: (event) => this.#key(event) },
      },
      stage,
      spacer,
    );
    stage.append(this.#names, plotPlace);
    this.#tip.hidden = true;
    // The tip may be higher than the few lanes of a short timeline.
    const frame = element("div", { class: "lane-frame" }, this.#scroller, this.#tip);
    place.replaceChildren(legend(lanes), this.#toolbar(), frame);
    const height = this.#visible + axisHeight;
    this.#scroller.style.height = `${height}px`;
    stage.style.height = `${height}px`;
    spacer.style.height = `${Math.max(0, lanes.length * laneHeight - this.#visible)}px`;
    place.hidden = false;

    const [from, to] = options.range;
    this.#plot = new uPlot(
      {
        ...timePlot(this.#width(), height),
        padding: [0, 40, 0, nameWidth],
        scales: { x: { time: true, range: (_, min, max) => [min ?? from, max ?? to] }, y: { range: [0, 1] } },
        axes: [{ ...axisLook(), values: tickTexts, size: axisHeight }, { show: false }],
        series: [{}, { paths: () => null, points: { show: false } }],
        cursor: { y: false, points: { show: false }, drag: { x: true, y: false }, sync: { key: "time" } },
        hooks: { draw: [() => this.#draw()], setScale: [() => this.#scaled()] },
      },
      [
        [from, to],
        [null, null],
      ],
      plotPlace,
    );
    this.#plot.over.addEventListener("mousemove", ({ offsetX, offsetY }) => this.#hover(offsetX, offsetY));
    this.#plot.over.addEventListener("mouseleave", () => this.#untip());
    let downAt = 0;
    this.#plot.over.addEventListener("mousedown", ({ offsetX }) => {
      downAt = offsetX;
    });
    this.#plot.over.addEventListener("click", ({ offsetX, offsetY }) => {
      if (Math.abs(offsetX - downAt) > 4) return;
      const found = this.#markAt(offsetX, offsetY);
      if (found !== null) options.pick(found.mark.event);
    });
    this.#plot.over.addEventListener("dblclick", () => this.reset());
    new ResizeObserver(() => this.#plot.setSize({ width: this.#width(), height })).observe(place);
    onColours(() => this.#plot.redraw());
    this.#scrolled();
  }

  zoom(from: number, to: number): void {
    this.#plot.setScale("x", { min: from, max: to });
  }

  reset(): void {
    const [from, to] = this.#options.range;
    this.zoom(from, to);
  }

  /** Brings a source into sight. */
  reveal(name: string): void {
    const lane = this.#options.lanes.findIndex((one) => one.name === name);
    if (lane >= 0) this.#into(lane);
  }

  #into(lane: number): void {
    const top = lane * laneHeight;
    const { scrollTop } = this.#scroller;
    if (top < scrollTop || top + laneHeight > scrollTop + this.#visible)
      this.#scroller.scrollTop = Math.max(0, top - this.#visible / 2);
  }

  #width(): number {
    return Math.max(nameWidth + 200, this.#scroller.clientWidth);
  }

  #toolbar(): HTMLElement {
    return element(
      "div",
      { class: "controls", attributes: { role: "group", "aria-label": "Zoom of the timeline" } },
      button("+", "Zoom in", () => this.#scale(0.5)),
      button("−", "Zoom out", () => this.#scale(2)),
      button("←", "Earlier", () => this.#pan(-0.25)),
      button("→", "Later", () => this.#pan(0.25)),
      button("Show all", null, () => this.reset()),
      element(
        "span",
        { class: "hint" },
        "Drag over a stretch of time to zoom, click a mark to see what led to it.",
      ),
    );
  }

  #shown(): readonly [number, number] {
    const [from, to] = this.#options.range;
    const { min, max } = this.#plot.scales.x ?? {};
    return [min ?? from, max ?? to];
  }

  #scale(factor: number): void {
    const [min, max] = this.#shown();
    const middle = (min + max) / 2;
    const half = Math.max(0.5, ((max - min) * factor) / 2);
    this.#within(middle - half, middle + half);
  }

  #pan(share: number): void {
    const [min, max] = this.#shown();
    const by = (max - min) * share;
    const [from, to] = this.#options.range;
    const allowed = Math.min(Math.max(by, from - min), to - max);
    this.#within(min + allowed, max + allowed);
  }

  #within(min: number, max: number): void {
    const [from, to] = this.#options.range;
    this.zoom(Math.max(from, min), Math.min(to, max));
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.#pan(-0.1),
      ArrowRight: () => this.#pan(0.1),
      "+": () => this.#scale(0.5),
      "=": () => this.#scale(0.5),
      "-": () => this.#scale(2),
      "0": () => this.reset(),
      n: () => this.#step(1),
      p: () => this.#step(-1),
      Enter: () => {
        const step = this.#steps[this.#at];
        if (step !== undefined) this.#options.pick(step.mark.event);
      },
    };
    const action = actions[event.key];
    // A lane's name is a button of its own.
    if (action === undefined || (event.key === "Enter" && event.target !== this.#scroller)) return;
    event.preventDefault();
    action();
  }

  #step(by: number): void {
    const next = this.#steps[this.#at + by];
    if (next === undefined) return;
    this.#at += by;
    this.#into(next.lane);
    const [min, max] = this.#shown();
    const { time } = next.mark;
    if (time < min || time > max) this.#within(time - (max - min) / 2, time + (max - min) / 2);
    this.#showTip(next.lane, next.mark);
  }

  #scaled(): void {
    const [from, to] = this.#options.range;
    const [min, max] = this.#shown();
    this.#options.zoomed(min <= from && max >= to ? null : [min, max]);
  }

  #scrolled(): void {
    const { scrollTop } = this.#scroller;
    const first = Math.floor(scrollTop / laneHeight);
    const shift = scrollTop - first * laneHeight;
    const some = this.#options.lanes.slice(first, first + mostVisible + 1);
    this.#names.replaceChildren(
      ...some.flatMap((lane, index) => {
        const top = index * laneHeight - shift;
        if (top > this.#visible - laneHeight / 2) return [];
        const name = lane.isOne
          ? button(lane.name, null, () => this.#options.pickLane(lane), "lane-name")
          : element("span", { class: "lane-name" }, lane.name);
        name.title = lane.note;
        name.style.top = `${top}px`;
        return [name];
      }),
    );
    this.#untip();
    this.#plot.redraw(false);
  }

  #draw(): void {
    const { ctx, bbox } = this.#plot;
    const { scrollTop } = this.#scroller;
    const dpr = devicePixelRatio;
    const first = Math.floor(scrollTop / laneHeight);
    const bottom = this.#visible * dpr;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, 0, bbox.width, bottom);
    ctx.clip();
    const marks = new MarkPainter(ctx, dpr);
    for (const [index, { marks: some }] of this.#options.lanes
      .slice(first, first + mostVisible + 1)
      .entries()) {
      const top = (index * laneHeight - (scrollTop - first * laneHeight)) * dpr;
      if ((first + index) % 2 === 1) marks.stripe(bbox.left, top, bbox.width, laneHeight * dpr);
      this.#drawLane(some, top, marks);
    }
    ctx.restore();
  }

  #drawLane(some: readonly Mark[], top: number, marks: MarkPainter): void {
    const [min, max] = this.#shown();
    const at = (time: number): number => this.#plot.valToPos(time, "x", true);
    const y = top + (laneHeight * devicePixelRatio) / 2;
    for (const { kind, time, end } of some) {
      if (!lasts(kind) || time > max || (end ?? max) < min) continue;
      if (kind === "expected")
        marks.frame(
          at(Math.max(time, min)),
          at(Math.min(end ?? max, max)),
          top,
          laneHeight * devicePixelRatio,
        );
      else
        marks.bar(
          at(Math.max(time, min)),
          at(Math.min(end ?? max, max)),
          top,
          laneHeight * devicePixelRatio,
          time >= min,
        );
    }
    // What would be drawn over itself is drawn once.
    const drawn = new Set<string>();
    for (const { kind, time } of some) {
      if (lasts(kind) || time < min || time > max) continue;
      const x = at(time);
      const key = `${kind} ${Math.round(x / 2)}`;
      if (drawn.has(key)) continue;
      drawn.add(key);
      marks.mark(kind, x, y);
    }
  }

  /** The nearest mark of the lane below the pointer; a block all along its bar. */
  #markAt(x: number, y: number): { readonly lane: number; readonly mark: Mark } | null {
    if (y > this.#visible) return null;
    const lane = Math.floor((y + this.#scroller.scrollTop) / laneHeight);
    const marks = this.#options.lanes[lane]?.marks ?? [];
    let best: Mark | null = null;
    let distance = reach;
    for (const mark of marks) {
      const away = Math.abs(this.#plot.valToPos(mark.time, "x") - x);
      if (away < distance) {
        best = mark;
        distance = away;
      }
    }
    const time = this.#plot.posToVal(x, "x");
    best ??=
      marks.find(
        (mark) => lasts(mark.kind) && mark.time <= time && time <= (mark.end ?? Number.POSITIVE_INFINITY),
      ) ?? null;
    return best === null ? null : { lane, mark: best };
  }

  #hover(x: number, y: number): void {
    const found = this.#markAt(x, y);
    this.#plot.over.style.cursor = found === null ? "crosshair" : "pointer";
    if (found === null) this.#untip();
    else this.#showTip(found.lane, found.mark);
  }

  #showTip(lane: number, mark: Mark): void {
    const length = !lasts(mark.kind) || mark.end == null ? "" : ` (${shownLength(mark.end - mark.time)})`;
    this.#tip.replaceChildren(
      element("b", {}, `${this.#options.lanes[lane]?.name ?? ""} `),
      element("time", {}, `${shownSecond(mark.time)} UTC${length}`),
      element("p", {}, mark.text),
      ...(this.#options.originOf?.(mark.event) ?? []).map((text) => element("p", { class: "origin" }, text)),
    );
    this.#tip.hidden = false;
    const x = nameWidth + this.#plot.valToPos(mark.time, "x");
    const y = lane * laneHeight - this.#scroller.scrollTop;
    const width = this.#tip.offsetWidth;
    const right = this.#width();
    this.#tip.style.left = `${Math.max(4, Math.min(x + 12, right - width - 4))}px`;
    const below = y + laneHeight + 4;
    const above = y - this.#tip.offsetHeight - 4;
    const isRoom = below + this.#tip.offsetHeight < this.#visible + axisHeight;
    this.#tip.style.top = `${isRoom || above < 0 ? below : above}px`;
  }

  #untip(): void {
    this.#tip.hidden = true;
  }
}

type Lasting = "block" | "expected";

function lasts(kind: Mark["kind"]): kind is Lasting {
  return kind === "block" || kind === "expected";
}

/** Draws marks; each kind has a shape of its own, so that no colour is needed to tell them. */
class MarkPainter {
  readonly #ctx: CanvasRenderingContext2D;
  readonly #dpr: number;
  readonly #colours = {
    notice: colour("notice"),
    alert: colour("alert"),
    block: colour("blocked"),
    bar: colour("blocked-bar"),
    unblock: colour("dim"),
    refused: colour("refused"),
    response: colour("dim"),
    expected: colour("good"),
    stripe: colour("stripe"),
  };

  constructor(ctx: CanvasRenderingContext2D, dpr: number) {
    this.#ctx = ctx;
    this.#dpr = dpr;
  }

  stripe(x: number, y: number, width: number, height: number): void {
    this.#ctx.fillStyle = this.#colours.stripe;
    this.#ctx.fillRect(x, y, width, height);
  }

  bar(from: number, to: number, top: number, height: number, hasStart: boolean): void {
    const ctx = this.#ctx;
    const pad = 4 * this.#dpr;
    ctx.fillStyle = this.#colours.bar;
    ctx.fillRect(from, top + pad, Math.max(to - from, 2 * this.#dpr), height - 2 * pad);
    if (!hasStart) return;
    ctx.fillStyle = this.#colours.block;
    ctx.fillRect(from, top + pad / 2, 3 * this.#dpr, height - pad);
  }

  frame(from: number, to: number, top: number, height: number): void {
    const ctx = this.#ctx;
    const pad = 2.5 * this.#dpr;
    ctx.strokeStyle = this.#colours.expected;
    ctx.lineWidth = 1.5 * this.#dpr;
    ctx.setLineDash([5 * this.#dpr, 3 * this.#dpr]);
    ctx.strokeRect(from, top + pad, Math.max(to - from, 6 * this.#dpr), height - 2 * pad);
    ctx.setLineDash([]);
  }

  mark(kind: Exclude<Mark["kind"], Lasting>, x: number, y: number): void {
    const ctx = this.#ctx;
    const r = 4 * this.#dpr;
    ctx.fillStyle = this.#colours[kind];
    ctx.strokeStyle = this.#colours[kind];
    ctx.lineWidth = 1.5 * this.#dpr;
    ctx.beginPath();
    switch (kind) {
      case "notice":
        ctx.arc(x, y - r, r * 0.8, 0, 2 * Math.PI);
        ctx.fill();
        return;
      case "alert":
        // Below the notice that it comes from.
        ctx.moveTo(x, y);
        ctx.lineTo(x + r, y + r);
        ctx.lineTo(x, y + r * 2);
        ctx.lineTo(x - r, y + r);
        ctx.fill();
        return;
      case "unblock":
        ctx.moveTo(x, y - r * 1.6);
        ctx.lineTo(x, y + r * 1.6);
        ctx.stroke();
        return;
      case "refused":
        ctx.moveTo(x - r, y - r);
        ctx.lineTo(x + r, y + r);
        ctx.moveTo(x + r, y - r);
        ctx.lineTo(x - r, y + r);
        ctx.stroke();
        return;
      case "response":
        ctx.rect(x - r * 0.7, y - r * 0.7, r * 1.4, r * 1.4);
        ctx.stroke();
    }
  }
}

function legend(lanes: readonly Lane[]): HTMLElement {
  const there = new Set(lanes.flatMap(({ marks }) => marks.map(({ kind }) => kind)));
  const words = [
    ["expected", "expected and not seen so"],
    ["block", "blocked, from start to end"],
    ["notice", "notice"],
    ["alert", "alert"],
    ["refused", "refused"],
    ["response", "other script"],
  ] as const;
  const kinds = words.filter(([kind]) => there.has(kind));
  return element(
    "ul",
    { class: "legend" },
    ...kinds.map(([kind, word]) =>
      element(
        "li",
        {},
        element("span", { class: `mark ${kind}`, attributes: { "aria-hidden": "true" } }),
        word,
      ),
    ),
  );
}

export const laneNote = (events: number, leftOut: number): string =>
  `${grouped(events)} events${leftOut === 0 ? "" : `, and ${grouped(leftOut)} more that are not drawn`}`;
