import { printable } from "../report/diagnostics-text.js";
import { eventFacts, kindWords, type PageEvents } from "../report/html/replay-data.js";
import { shownSecond } from "../report/html/table.js";
import { button, element } from "./dom.js";

/** A drawer that shows an event, what led to it and what followed. */
export class Details {
  readonly #data: PageEvents;
  readonly #effects = new Map<number, number[]>();
  readonly #title = element("h2", { attributes: { tabindex: "-1", id: "details-title" } });
  readonly #steps = element("ol", { class: "chain" });
  readonly #drawer: HTMLElement;
  readonly #showSource: ((source: string) => void) | null;
  #from: Element | null = null;

  constructor(data: PageEvents, showSource: ((source: string) => void) | null) {
    this.#data = data;
    this.#showSource = showSource;
    for (const [index, { cause }] of data.events.entries())
      if (cause !== undefined) this.#effects.set(cause, [...(this.#effects.get(cause) ?? []), index]);
    this.#drawer = element(
      "aside",
      {
        class: "drawer",
        attributes: { "aria-labelledby": "details-title" },
        on: { keydown: ({ key }) => key === "Escape" && this.close() },
      },
      element(
        "div",
        { class: "drawer-head" },
        this.#title,
        button("Close", null, () => this.close()),
      ),
      this.#steps,
    );
    this.#drawer.hidden = true;
    document.querySelector("main")?.append(this.#drawer);
    addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
  }

  show(index: number): void {
    const picked = this.#data.events[index];
    if (picked === undefined) return;
    if (this.#drawer.hidden) this.#from = document.activeElement;
    const { source } = picked;
    this.#title.textContent = printable(source ?? "no source");
    const chain = this.#chainOf(index);
    this.#steps.replaceChildren(...chain.map((one) => this.#step(one, one === index)));
    const showSource = this.#showSource;
    if (source !== null && showSource !== null)
      this.#steps.append(
        element(
          "li",
          { class: "more" },
          button(`All of ${source}`, null, () => showSource(source)),
        ),
      );
    this.#drawer.hidden = false;
    this.#title.focus({ preventScroll: true });
    this.#drawer.scrollTop = 0;
  }

  close(): void {
    if (this.#drawer.hidden) return;
    this.#drawer.hidden = true;
    if (this.#from instanceof HTMLElement && this.#from.isConnected)
      this.#from.focus({ preventScroll: true });
  }

  /** From the first cause to the last effect. */
  #chainOf(index: number): readonly number[] {
    let root = index;
    for (
      let cause = this.#data.events[root]?.cause;
      cause !== undefined;
      cause = this.#data.events[root]?.cause
    )
      root = cause;
    const chain: number[] = [];
    const walk = (one: number): void => {
      chain.push(one);
      for (const effect of this.#effects.get(one) ?? []) walk(effect);
    };
    walk(root);
    return chain;
  }

  #step(index: number, isPicked: boolean): HTMLElement {
    const event = this.#data.events[index];
    if (event === undefined) return element("li");
    return element(
      "li",
      {
        class: `${event.kind}${isPicked ? " picked" : ""}`,
        ...(isPicked ? { attributes: { "aria-current": "true" } } : {}),
      },
      element("h3", {}, kindWords[event.kind], " ", element("time", {}, `${shownSecond(event.time)} UTC`)),
      element(
        "dl",
        {},
        ...eventFacts(event, this.#data).flatMap(({ label, text, isCode }) => [
          element("dt", {}, label),
          element("dd", isCode === true ? { class: "code" } : {}, text),
        ]),
      ),
    );
  }
}
