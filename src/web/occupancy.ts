import uPlot from "uplot";
import type { PageOccupancy } from "../report/html/replay-data.js";
import { grouped } from "../report/html/table.js";
import { colour, element, onColours } from "./dom.js";
import { axisHeight, axisLook, tickTexts, timePlot, wholeSteps } from "./timeline.js";

const height = 180;
const strokes = ["blocked", "notice", "alert", "refused"] as const;

/** How many addresses each table holds over time, and where it is in sight how many fit. */
export class Occupancy {
  readonly #plot: uPlot;

  constructor(place: HTMLElement, tables: readonly PageOccupancy[], range: readonly [number, number]) {
    place.hidden = false;
    const [from, to] = range;
    const times = [...new Set([from, ...tables.flatMap((one) => one.times), to])].sort((a, b) => a - b);
    const most = Math.max(1, ...tables.map((one) => one.most));
    const capacity = Math.min(...tables.map((one) => one.capacity ?? Number.POSITIVE_INFINITY));
    const isNear = most > capacity / 20;
    const values = element("p", { class: "note" });
    const shown = tables.slice(0, 8);
    const name = ({ host, table }: PageOccupancy): string => (host === null ? table : `${host}: ${table}`);
    const text = (index: number | null): string =>
      shown.map((one) => `${name(one)} ${grouped(entriesAt(one, times[index ?? -1] ?? to))}`).join(" · ");
    const canvas = element("div", {
      attributes: {
        role: "img",
        "aria-label": `Addresses blocked at a time: at most ${grouped(most)}. The table below says when.`,
      },
    });
    place.replaceChildren(canvas, values);
    values.textContent = "";
    this.#plot = new uPlot(
      {
        ...timePlot(Math.max(240, place.clientWidth), height),
        padding: [8, 40, 0, 1],
        scales: {
          x: { time: true, range: (_, min, max) => [min ?? from, max ?? to] },
          y: { range: () => [0, isNear ? Math.max(capacity, most) * 1.05 : most * 1.1] },
        },
        axes: [
          { ...axisLook(), values: tickTexts, size: axisHeight },
          {
            ...axisLook(),
            size: 168,
            incrs: wholeSteps,
            values: (_, all) => all.map((value) => grouped(value)),
          },
        ],
        series: [
          {},
          ...shown.map((_, index): uPlot.Series => {
            const stroke = strokes[index % strokes.length] ?? "blocked";
            const { stepped } = uPlot.paths;
            return {
              stroke: () => colour(stroke),
              fill: () => (index === 0 ? colour("blocked-fill") : "transparent"),
              width: 1.5,
              points: { show: false },
              ...(stepped === undefined ? {} : { paths: stepped({ align: 1 }) }),
            };
          }),
          ...(isNear
            ? [
                {
                  stroke: () => colour("text"),
                  dash: [6, 4],
                  width: 1,
                  points: { show: false },
                } satisfies uPlot.Series,
              ]
            : []),
        ],
        cursor: { drag: { x: false, y: false }, sync: { key: "time" }, y: false },
        hooks: {
          setCursor: [
            ({ cursor }) => {
              values.textContent = cursor.idx == null ? "" : text(cursor.idx);
            },
          ],
        },
      },
      [
        times,
        ...shown.map((one) => times.map((time) => entriesAt(one, time))),
        ...(isNear ? [times.map(() => capacity)] : []),
      ],
      canvas,
    );
    new ResizeObserver(() => this.#plot.setSize({ width: Math.max(240, place.clientWidth), height })).observe(
      place,
    );
    onColours(() => this.#plot.redraw());
  }

  zoom(min: number, max: number): void {
    this.#plot.setScale("x", { min, max });
  }
}

/** What a table holds at a time: the last point before it. */
function entriesAt({ times, entries }: PageOccupancy, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1] ?? 0;
}
