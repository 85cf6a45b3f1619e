import uPlot from "uplot";
import { showDuration } from "../model/duration.js";
import { grouped } from "../report/html/table.js";
import { changeText, isOwn, numberOf, type TuneData, tuneTables } from "../report/html/tune-data.js";
import type { TunedDetection, TunedSetting } from "../tune/tune.js";
import { colour, element, onColours } from "./dom.js";
import { enhanceTables } from "./tables.js";
import { axisLook, wholeSteps } from "./timeline.js";

/** Brings the page of a tuning to life. */
export function tunePage(data: TuneData): void {
  enhanceTables(tuneTables(data), { pickEvent: () => undefined });
  for (const place of document.querySelectorAll<HTMLElement>('[data-chart="tune"]')) {
    const detection = data.detections[Number(place.dataset.detection)];
    if (detection !== undefined && detection.settings.length > 1) new TuneChart(place, detection);
  }
}

const height = 320;
const lineColours = ["notice", "refused", "alert", "dim", "link", "text"] as const;

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly dash?: readonly number[];
  /** At each place of the axis. */
  readonly values: readonly (number | null)[];
}

/** Sources by threshold, a line for each window; where only windows were tried, by window. */
class TuneChart {
  readonly #detection: TunedDetection;
  readonly #xs: readonly number[];
  readonly #windows: readonly number[];
  readonly #byThreshold: boolean;
  readonly #plot: uPlot;
  readonly #facts = element("div", { class: "facts", attributes: { role: "status" } });
  #at = 0;
  #window = 0;

  constructor(place: HTMLElement, detection: TunedDetection) {
    this.#detection = detection;
    const thresholds = sorted(detection.settings.map(({ threshold }) => threshold));
    const windows = sorted(detection.settings.map(({ window }) => window));
    this.#byThreshold = thresholds.length > 1;
    this.#xs = this.#byThreshold ? thresholds : windows;
    this.#windows = this.#byThreshold ? windows : [];
    this.#window = Math.max(0, this.#windows.indexOf(detection.own.window));
    const lines = this.#lines();
    const canvas = element("div", {
      attributes: {
        tabindex: "0",
        role: "application",
        "aria-label": `Sources by ${this.#byThreshold ? "threshold" : "window"}. Left and right move, up and down change the window; what a setting would do is said below. The table says the same.`,
      },
      on: { keydown: (event) => this.#key(event) },
    });
    place.replaceChildren(legend(lines), canvas, this.#facts);
    place.hidden = false;
    this.#plot = new uPlot(
      {
        width: Math.max(280, place.clientWidth),
        height,
        legend: { show: false },
        padding: [14, 16, 0, 0],
        scales: {
          x: { time: false, range: (_, min, max) => widened(min, max) },
          y: { range: (_, __, max) => [0, Math.max(1, max) * 1.08] },
        },
        axes: [
          {
            ...axisLook(),
            label: this.#byThreshold ? "threshold" : "window",
            labelFont: "12px system-ui, sans-serif",
            labelSize: 18,
            // There is no half a threshold.
            ...(this.#byThreshold ? { incrs: wholeSteps } : { splits: () => [...this.#xs] }),
            values: (_, all) =>
              all.map((value) => (this.#byThreshold ? grouped(value) : showDuration(value))),
          },
          {
            ...axisLook(),
            size: 64,
            label: detection.blocks ? "sources blocked" : "sources noticed",
            labelFont: "12px system-ui, sans-serif",
            labelSize: 18,
            incrs: wholeSteps,
            values: (_, all) => all.map((value) => grouped(value)),
          },
        ],
        series: [
          {},
          ...lines.map(
            ({ colour: name, dash }): uPlot.Series => ({
              stroke: () => colour(name),
              width: 2,
              ...(dash === undefined ? {} : { dash: [...dash] }),
              points: { size: 5, fill: () => colour(name), stroke: () => colour(name) },
            }),
          ),
        ],
        cursor: { drag: { x: false, y: false }, y: false },
        hooks: {
          draw: [() => this.#drawOwn()],
          setCursor: [
            ({ cursor: { idx, top } }) => {
              if (idx == null) return;
              this.#at = idx;
              this.#window = this.#nearestLine(idx, top ?? 0);
              this.#say();
            },
          ],
        },
      },
      [[...this.#xs], ...lines.map(({ values }) => [...values])],
      canvas,
    );
    this.#at = Math.max(
      0,
      this.#xs.indexOf(this.#byThreshold ? detection.own.threshold : detection.own.window),
    );
    this.#say();
    new ResizeObserver(() => this.#plot.setSize({ width: Math.max(280, place.clientWidth), height })).observe(
      place,
    );
    onColours(() => this.#plot.redraw());
  }

  #setting(index: number, window: number): TunedSetting | undefined {
    const x = this.#xs[index];
    return this.#detection.settings.find((one) =>
      this.#byThreshold ? one.threshold === x && one.window === this.#windows[window] : one.window === x,
    );
  }

  #lines(): readonly Line[] {
    const { blocks } = this.#detection;
    const over = (
      window: number,
      value: (setting: TunedSetting) => number | null,
    ): readonly (number | null)[] =>
      this.#xs.map((_, index) => {
        const setting = this.#setting(index, window);
        return setting === undefined ? null : value(setting);
      });
    const done = blocks ? "blocked" : "noticed";
    const windows = this.#byThreshold ? this.#windows : [0];
    const all = windows.map(
      (seconds, index): Line => ({
        name: this.#byThreshold ? `${done} in ${showDuration(seconds)}` : done,
        colour: lineColours[index % lineColours.length] ?? "text",
        values: over(index, (setting) => numberOf(this.#detection, setting)),
      }),
    );
    const known = (
      name: string,
      tone: string,
      of: (setting: TunedSetting) => readonly string[] | null,
    ): readonly Line[] =>
      this.#detection.settings.every((setting) => of(setting) === null)
        ? []
        : [
            {
              name: `${name}${this.#byThreshold && this.#windows.length > 1 ? ` in ${showDuration(this.#windows[this.#window] ?? 0)}` : ""}`,
              colour: tone,
              dash: [6, 4],
              values: over(this.#window, (setting) => of(setting)?.length ?? null),
            },
          ];
    return [
      ...all,
      ...known("known good among them", "good", ({ knownGood }) => knownGood),
      ...known("known bad among them", "blocked", ({ knownBad }) => knownBad),
    ];
  }

  /** A ring around the bundle's own setting. */
  #drawOwn(): void {
    const { ctx } = this.#plot;
    const own = this.#detection.settings.find((one) => isOwn(this.#detection, one));
    if (own === undefined) return;
    const x = this.#plot.valToPos(this.#byThreshold ? own.threshold : own.window, "x", true);
    const y = this.#plot.valToPos(numberOf(this.#detection, own), "y", true);
    ctx.save();
    ctx.strokeStyle = colour("text");
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.beginPath();
    ctx.arc(x, y, 8 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.restore();
  }

  #nearestLine(index: number, top: number): number {
    let best = this.#window;
    let distance = Number.POSITIVE_INFINITY;
    for (const [line] of this.#windows.entries()) {
      const setting = this.#setting(index, line);
      if (setting === undefined) continue;
      const away = Math.abs(this.#plot.valToPos(numberOf(this.#detection, setting), "y") - top);
      if (away < distance) {
        best = line;
        distance = away;
      }
    }
    return best;
  }

  #key(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#at = Math.min(this.#xs.length - 1, Math.max(0, this.#at + step[0]));
    this.#window = Math.min(Math.max(0, this.#windows.length - 1), Math.max(0, this.#window + step[1]));
    this.#say();
  }

  #say(): void {
    const setting = this.#setting(this.#at, this.#window);
    this.#facts.replaceChildren(
      ...(setting === undefined
        ? []
        : changeText(this.#detection, setting).map((text, index) =>
            element("p", {}, index === 0 ? element("b", {}, text) : text),
          )),
    );
  }
}

function sorted(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function widened(min: number, max: number): [number, number] {
  const margin = Math.max(0.5, (max - min) * 0.03);
  return [min - margin, max + margin];
}

function legend(lines: readonly Line[]): HTMLElement {
  return element(
    "ul",
    { class: "legend" },
    ...lines.map(({ name, colour: tone, dash }) =>
      element(
        "li",
        {},
        element("span", {
          class: `stroke ${dash === undefined ? "" : "dashed"} of-${tone}`,
          attributes: { "aria-hidden": "true" },
        }),
        name,
      ),
    ),
    element(
      "li",
      {},
      element("span", { class: "ring", attributes: { "aria-hidden": "true" } }),
      "the bundle's setting",
    ),
  );
}
