/** The lines in log time: one dot each, and for a composite the events that it counted. */
import type { LineAnswer } from "../core/answer.js";
import { clockTime, drawn, el, moment, show } from "./dom.js";
import { stateOf } from "./lines-view.js";

/** Where nothing says how wide the page is. */
const usualWidth = 600;
const height = 84;
const margin = 16;
const base = 56;

/** Steps of an axis, in seconds. */
const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800, 2_592_000,
];

export class Axis {
  readonly #parent: HTMLElement;
  readonly #choose: (number: number) => void;

  #last: { readonly lines: readonly LineAnswer[]; readonly chosen: number } = { lines: [], chosen: 0 };
  #width = 0;

  constructor(parent: HTMLElement, choose: (number: number) => void) {
    this.#parent = parent;
    this.#choose = choose;
    new ResizeObserver(() => {
      if (this.#parent.clientWidth !== this.#width) this.show(this.#last.lines, this.#last.chosen);
    }).observe(parent);
  }

  show(lines: readonly LineAnswer[], chosen: number): void {
    this.#last = { lines, chosen };
    const events = lines.filter(({ kind }) => kind === "event" || kind === "crash");
    this.#parent.hidden = events.length < 2;
    if (events.length < 2) {
      show(this.#parent);
      return;
    }
    this.#width = this.#parent.clientWidth;
    const width = Math.max(260, (this.#width === 0 ? usualWidth : this.#width) - 24);
    const times = events.map(({ time }) => time);
    const first = Math.min(...times);
    const last = Math.max(...times);
    const spread = Math.max(1, last - first);
    /** Lines of the same second stand beside each other. */
    const seen = new Map<number, number>();
    const places = new Map<number, number>();
    for (const { number, time } of events) {
      const before = seen.get(time) ?? 0;
      seen.set(time, before + 1);
      places.set(number, margin + ((time - first) / spread) * (width - 2 * margin) + Math.min(before, 8) * 5);
    }
    const at = (number: number): number => places.get(number) ?? 0;
    const bows = events
      .filter(({ counted }) => counted.length > 0)
      .flatMap(({ number, counted }) =>
        counted.map((one) =>
          drawn("path", {
            class: number === chosen ? "bow chosen" : "bow",
            d: `M ${at(one)} ${base} Q ${(at(one) + at(number)) / 2} ${Math.max(4, base - 12 - Math.abs(at(number) - at(one)) / 5)} ${at(number)} ${base}`,
          }),
        ),
      );
    const dots = events.map((line) => {
      const dot = drawn(
        "circle",
        {
          class: `dot ${stateOf(line)}${line.number === chosen ? " chosen" : ""}`,
          cx: at(line.number),
          cy: base,
          r: line.number === chosen ? 7 : 4.5,
        },
        drawn(
          "title",
          {},
          `line ${line.number}, ${moment(line.time)}${line.rule === null ? "" : `: rule ${line.rule.id} (level ${line.rule.level}) ${line.rule.description}`}`,
        ),
      );
      dot.addEventListener("click", () => this.#choose(line.number));
      return dot;
    });
    show(
      this.#parent,
      el(
        "figcaption",
        {},
        `Log time, ${moment(first)} to ${moment(last)}. Bows lead from the events that a composite counted.`,
      ),
    );
    this.#parent.prepend(
      drawn(
        "svg",
        { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
        drawn("line", { class: "rail", x1: margin, x2: width - margin, y1: base, y2: base }),
        ...ticks(first, last, width),
        ...bows,
        ...dots,
      ),
    );
  }
}

function ticks(first: number, last: number, width: number): readonly SVGElement[] {
  const spread = Math.max(1, last - first);
  const step = steps.find((one) => spread / one <= width / 90) ?? spread;
  const found: SVGElement[] = [];
  for (let time = Math.ceil(first / step) * step; time <= last; time += step) {
    const x = margin + ((time - first) / spread) * (width - 2 * margin);
    found.push(
      drawn("line", { class: "tick", x1: x, x2: x, y1: base + 8, y2: base + 13 }),
      drawn("text", { class: "tick", x, y: height - 3, "text-anchor": "middle" }, clockTime(time)),
    );
  }
  return found;
}
