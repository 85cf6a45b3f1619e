/** A compiled bundle against logs from the reader's disk. */
import type { ReplayReply, ReplayRequest, ShownBundle } from "../core/messages.js";
import {
  mostEvents,
  type ReplayOutcome,
  type ReplayProgress,
  type ShownEvent,
} from "../core/replay-shown.js";
import { byId, counted, el, moment, several, show } from "./dom.js";

/** More rows make a page slow; the filter finds the others. */
const shownRows = 400;
const kinds = ["notice", "alert", "block", "unblock", "refused", "response"] as const;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Zeek's logs say so in their first bytes. */
async function isZeek(file: File): Promise<boolean> {
  if (/\.(?:gz|zst)$/i.test(file.name))
    return /^(?:conn|dns|http|ssh|ssl|notice|ftp|smtp|weird)\b/i.test(file.name);
  const start = await file.slice(0, 2048).text();
  return /^#separator|^#fields/m.test(start) || /^\s*\{.*"(?:ts|_path)"\s*:/.test(start);
}

export class BundleView {
  readonly #worker = new Worker(new URL("./replay-worker.js", import.meta.url), {
    type: "module",
    name: "replay",
  });
  readonly #fault: (message: string) => void;
  readonly #say: (text: string) => void;
  #number = 0;
  #bundle: ShownBundle | null = null;
  #host = 0;
  #events: ShownEvent[] = [];
  #filter = "";
  #kind = "";
  /** The part of time that the timeline shows; null: all. */
  #range: readonly [number, number] | null = null;
  #start = 0;

  constructor(parent: HTMLElement, say: (text: string) => void, fault: (message: string) => void) {
    this.#say = say;
    this.#fault = fault;
    show(parent, ...this.#frame());
    this.#worker.addEventListener("message", ({ data }: MessageEvent<ReplayReply>) => this.#take(data));
    this.#worker.addEventListener("error", ({ message }) => fault(message));
    this.#load("example-bundle.json").catch((error: unknown) => fault(String(error)));
  }

  #frame(): readonly HTMLElement[] {
    return [
      el(
        "section",
        { class: "panel" },
        el("h2", {}, "Bundle ", el("span", { class: "file", id: "bundle-name" })),
        el(
          "p",
          { class: "help" },
          "The example is examples/zeek-ossec-pf. A bundle of your own comes compiled: ",
          el("code", {}, "zopf build --compiled bundle.json"),
          ". It stays on this machine.",
        ),
        el(
          "p",
          { class: "buttons inset" },
          this.#chooser("bundle-file", "Choose a compiled bundle", ".json", false, (files) =>
            this.#own(files),
          ),
          el(
            "button",
            { type: "button", onclick: () => this.#work(this.#load("example-bundle.json")) },
            "The example",
          ),
          el("select", {
            id: "bundle-host",
            "aria-label": "Host",
            hidden: true,
            onchange: (event) => this.#chooseHost(event),
          }),
        ),
        el("h2", {}, "Logs"),
        el(
          "p",
          { class: "help" },
          "Zeek’s conn.log (or others), TSV or JSON, also .gz and .zst, or lines that OSSEC reads. Drop them anywhere on this page. They are read piece by piece, here.",
        ),
        el(
          "p",
          { class: "buttons inset" },
          this.#chooser("play-files", "Choose logs", "", true, (files) => this.play(files)),
          el(
            "button",
            { type: "button", id: "play-sample", onclick: () => this.#work(this.#sample()) },
            "The example’s conn.log",
          ),
        ),
      ),
      el(
        "section",
        { class: "panel", id: "replay", hidden: true },
        el("div", { id: "replay-progress" }),
        el("div", { id: "replay-timeline", hidden: true }),
        el("div", { id: "replay-outcome" }),
        this.#filters(),
        el("div", { id: "replay-events", class: "scroll tall" }),
      ),
      el("section", { class: "panel" }, el("h2", {}, "Emitted files"), el("div", { id: "emitted" })),
    ];
  }

  #filters(): HTMLElement {
    return el(
      "p",
      { class: "row inset" },
      el(
        "label",
        {},
        "Kind ",
        el(
          "select",
          {
            onchange: (event) => {
              this.#kind = event.target instanceof HTMLSelectElement ? event.target.value : "";
              this.#showEvents();
            },
          },
          el("option", { value: "" }, "all"),
          ...kinds.map((kind) => el("option", { value: kind }, kind)),
        ),
      ),
      el(
        "label",
        {},
        "Containing ",
        el("input", {
          type: "text",
          id: "replay-filter",
          oninput: (event) => {
            this.#filter = event.target instanceof HTMLInputElement ? event.target.value : "";
            this.#showEvents();
          },
        }),
      ),
    );
  }

  #chooser(
    id: string,
    label: string,
    accept: string,
    multiple: boolean,
    chosen: (files: readonly File[]) => Promise<void>,
  ): HTMLElement {
    const input = el("input", { id, type: "file", accept: accept === "" ? false : accept, multiple });
    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])];
      input.value = "";
      if (files.length > 0) this.#work(chosen(files));
    });
    return el("label", { class: "button" }, label, input);
  }

  #work(work: Promise<void>): void {
    work.catch((error: unknown) => this.#fault(error instanceof Error ? error.message : String(error)));
  }

  #ask(request: ReplayRequest): void {
    this.#worker.postMessage(request);
  }

  async #load(path: string): Promise<void> {
    const answer = await fetch(new URL(path, location.href));
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    this.#ask({ kind: "bundle", id: this.#number, text: await answer.text() });
  }

  async #own([file]: readonly File[]): Promise<void> {
    if (file !== undefined) this.#ask({ kind: "bundle", id: this.#number, text: await file.text() });
  }

  async #sample(): Promise<void> {
    const answer = await fetch(new URL("example-conn.log", location.href));
    await this.play([new File([await answer.blob()], "conn.log")]);
  }

  /** Plays logs; those of Zeek are told by what stands in them. */
  async play(files: readonly File[]): Promise<void> {
    const [compiled] = files;
    if (
      files.length === 1 &&
      compiled !== undefined &&
      /\.json$/i.test(compiled.name) &&
      !(await isZeek(compiled))
    ) {
      await this.#own(files);
      return;
    }
    const zeek: File[] = [];
    const syslog: File[] = [];
    for (const file of files) ((await isZeek(file)) ? zeek : syslog).push(file);
    this.#number += 1;
    this.#events = [];
    this.#range = null;
    byId("replay-timeline").hidden = true;
    this.#start = performance.now();
    byId("replay").hidden = false;
    show(byId("replay-outcome"));
    this.#ask({ kind: "replay", id: this.#number, host: this.#host, zeek, syslog });
  }

  #chooseHost(event: Event): void {
    if (event.target instanceof HTMLSelectElement) this.#host = Number(event.target.value);
    this.#showFiles();
  }

  #take(reply: ReplayReply): void {
    switch (reply.kind) {
      case "bundle":
        this.#showBundle(reply.bundle);
        return;
      case "refused":
        this.#say(reply.reason);
        return;
      case "fault":
        this.#fault(reply.message);
        return;
      case "replay":
        if (reply.id === this.#number) this.#showProgress(reply.progress);
    }
  }

  #showBundle(bundle: ShownBundle): void {
    this.#bundle = bundle;
    this.#host = 0;
    const select = byId("bundle-host");
    select.hidden = bundle.hosts.length < 2;
    show(select, ...bundle.hosts.map(({ name }, at) => el("option", { value: `${at}` }, name)));
    this.#showFiles();
  }

  #showFiles(): void {
    const host = this.#bundle?.hosts[this.#host];
    if (host === undefined) return;
    byId("bundle-name").textContent = `${host.name}: ${host.detections.map(({ name }) => name).join(", ")}`;
    show(
      byId("emitted"),
      ...host.files.map(({ path, target, content }) =>
        el(
          "details",
          { class: "emitted" },
          el("summary", {}, el("code", {}, path), el("span", { class: "file" }, ` ${target}`)),
          el("pre", { tabindex: "0" }, content),
        ),
      ),
    );
  }

  #showProgress(progress: ReplayProgress): void {
    this.#events.push(...progress.events);
    const { read, size, done, counts, outcome } = progress;
    const seconds = (performance.now() - this.#start) / 1000;
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    show(
      byId("replay-progress"),
      el(
        "p",
        { class: "progress" },
        el("progress", {
          max: `${Math.max(1, size)}`,
          value: `${done ? size : Math.min(read, size)}`,
          "aria-label": "Reading",
        }),
        ` ${done ? "Read" : "Reading"} ${megabytes(done ? size : Math.min(read, size))} of ${megabytes(size)} in ${seconds.toFixed(1)} s. `,
        done
          ? null
          : el(
              "button",
              {
                type: "button",
                class: "small",
                onclick: () => this.#ask({ kind: "stop", id: this.#number }),
              },
              "Stop",
            ),
      ),
      el(
        "p",
        { id: "replay-counts" },
        all === 0
          ? done
            ? "Nothing happened."
            : ""
          : kinds
              .flatMap((kind) =>
                counts[kind] === undefined
                  ? []
                  : [several(counts[kind], kind, kind === "refused" ? kind : `${kind}s`)],
              )
              .join(", "),
        all > mostEvents ? `; the first ${counted(mostEvents)} are shown` : "",
      ),
    );
    this.#showEvents();
    if (outcome === null) return;
    show(byId("replay-outcome"), ...outcomeParts(outcome));
    this.#work(this.#showTimeline());
  }

  /** The report's own, with its plots, is loaded when there is something to draw. */
  async #showTimeline(): Promise<void> {
    const place = byId("replay-timeline");
    place.hidden = this.#events.length === 0;
    if (place.hidden) return;
    const { showTimeline } = await import("./replay-timeline.js");
    showTimeline(place, this.#events, {
      chooseSource: (source) => this.#only(source),
      chooseEvent: ({ source }) => this.#only(source ?? ""),
      zoomed: (range) => {
        this.#range = range;
        this.#showEvents();
      },
    });
  }

  #only(text: string): void {
    const filter = byId("replay-filter");
    if (filter instanceof HTMLInputElement) filter.value = text;
    this.#filter = text;
    this.#showEvents();
  }

  #showEvents(): void {
    const wanted = this.#events.filter(
      ({ kind, source, detection, text, time }) =>
        (this.#range === null || (time >= this.#range[0] && time <= this.#range[1])) &&
        (this.#kind === "" || kind === this.#kind) &&
        (this.#filter === "" || `${source ?? ""} ${detection ?? ""} ${text}`.includes(this.#filter)),
    );
    show(
      byId("replay-events"),
      wanted.length === 0
        ? el("p", { class: "empty inset" }, "No event.")
        : el(
            "table",
            { class: "events" },
            el(
              "thead",
              {},
              el(
                "tr",
                {},
                ...["Time", "Kind", "Source", "What"].map((name) => el("th", { scope: "col" }, name)),
              ),
            ),
            el("tbody", {}, ...wanted.slice(0, shownRows).map(eventRow)),
          ),
      wanted.length > shownRows
        ? el("p", { class: "faint inset" }, `${counted(wanted.length - shownRows)} more: filter them.`)
        : null,
    );
  }
}

function eventRow({ time, kind, source, text, line, detection }: ShownEvent): HTMLElement {
  return el(
    "tr",
    {},
    el("td", { class: "time" }, moment(time)),
    el("td", {}, el("span", { class: `kind ${kind}` }, kind)),
    el("td", { class: "source" }, source ?? "–"),
    el(
      "td",
      {},
      detection === null ? null : el("b", {}, `${detection}: `),
      text,
      line === null ? null : el("details", {}, el("summary", {}, "line"), el("pre", {}, line)),
    ),
  );
}

function outcomeParts({ why, nearMisses, diagnostics }: ReplayOutcome): readonly HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (diagnostics.length > 0)
    parts.push(
      el(
        "ul",
        { class: "findings" },
        ...diagnostics
          .slice(0, 50)
          .map(({ severity, code, message }) =>
            el(
              "li",
              {},
              el("span", { class: "effect" }, severity),
              ` ${message} `,
              el("span", { class: "faint" }, code),
            ),
          ),
      ),
    );
  if (why.length > 0)
    parts.push(
      el("h3", {}, "Why these were silent"),
      el(
        "dl",
        { class: "facts" },
        ...why.flatMap(({ detection, message, help }) => [
          el("dt", {}, detection),
          el("dd", {}, message, help === null ? null : el("span", { class: "faint" }, ` ${help}`)),
        ]),
      ),
    );
  if (nearMisses.length > 0)
    parts.push(
      el(
        "details",
        {},
        el("summary", {}, `${several(nearMisses.length, "near miss", "near misses")}`),
        el(
          "dl",
          { class: "facts" },
          ...nearMisses
            .slice(0, 100)
            .flatMap(({ detection, key, text }) => [el("dt", {}, `${detection} ${key}`), el("dd", {}, text)]),
        ),
      ),
    );
  return parts;
}
