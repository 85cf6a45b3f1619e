/** All that was tried on one line: header, decoders, and the way through the tree of rules. */
import type { Explained, Failed, LineAnswer, Place, TriedDecoder, TriedRule } from "../core/answer.js";
import { type Child, clockTime, el, several, show } from "./dom.js";

export interface ExplanationHost {
  /** Shows a place in its editor. */
  readonly goTo: (place: Place) => void;
}

function failedPart(failed: Failed): HTMLElement {
  return el(
    "dl",
    { class: "failed" },
    el("dt", {}, "asks for"),
    el("dd", {}, el("code", {}, `<${failed.condition}> ${failed.wanted}`)),
    el("dt", {}, "the event has"),
    el(
      "dd",
      {},
      failed.found === null
        ? el("span", { class: "faint" }, "nothing: the field is not set")
        : el("code", {}, failed.found),
    ),
    ...(failed.note === null ? [] : [el("dt", {}, "note"), el("dd", {}, failed.note)]),
  );
}

function placed(host: ExplanationHost, place: Place | null, name: string): HTMLElement {
  return place === null
    ? el("b", {}, name)
    : el(
        "button",
        {
          type: "button",
          class: "link",
          title: `line ${place.line} of your ${place.editor}`,
          onclick: () => host.goTo(place),
        },
        name,
      );
}

/** An attempt with those that were made below it. */
interface RuleBranch {
  readonly tried: TriedRule;
  readonly below: RuleBranch[];
}

function treeOf(rules: readonly TriedRule[]): readonly RuleBranch[] {
  const roots: RuleBranch[] = [];
  const open: RuleBranch[] = [];
  for (const tried of rules) {
    const branch: RuleBranch = { tried, below: [] };
    open.length = Math.min(open.length, tried.depth);
    const parent = open.at(-1);
    (parent === undefined ? roots : parent.below).push(branch);
    open.push(branch);
  }
  return roots;
}

/** Rules worth a line of their own: those that matched, the reader's own, and the one that nearly did. */
const isInteresting = ({ tried, below }: RuleBranch, nearest: TriedRule | null): boolean =>
  tried.failed === null ||
  tried.place !== null ||
  tried.rule.id === nearest?.rule.id ||
  below.some((one) => isInteresting(one, nearest));

export class ExplanationView {
  readonly #parent: HTMLElement;
  readonly #host: ExplanationHost;
  #isWhole = false;
  #last: { readonly explained: Explained | null; readonly line: LineAnswer | null } | null = null;

  constructor(parent: HTMLElement, host: ExplanationHost) {
    this.#parent = parent;
    this.#host = host;
  }

  show(explained: Explained | null, line: LineAnswer | null): void {
    this.#last = { explained, line };
    if (explained === null || line === null) {
      show(this.#parent, el("p", { class: "empty" }, "Choose a line to see all that was tried on it."));
      return;
    }
    show(
      this.#parent,
      ...this.#header(explained, line),
      ...this.#decoders(explained, line),
      ...this.#rules(explained, line),
      ...this.#untried(explained),
      this.#wholeSwitch(explained),
      el(
        "details",
        { class: "json" },
        el("summary", {}, "As JSON (zopf explain --format json)"),
        el("pre", { tabindex: "0" }, explained.json),
      ),
    );
  }

  #wholeSwitch(explained: Explained): HTMLElement | null {
    if (explained.decoders.length + explained.rules.length < 8) return null;
    const box = el("input", {
      type: "checkbox",
      onchange: (event) => {
        this.#isWhole = event.target instanceof HTMLInputElement && event.target.checked;
        if (this.#last !== null) this.show(this.#last.explained, this.#last.line);
      },
    });
    box.checked = this.#isWhole;
    return el("label", { class: "switch" }, box, " Also what plainly did not match");
  }

  #untried({ untried }: Explained): readonly Child[] {
    if (untried.length === 0) return [];
    return [
      el("h3", {}, "Yours that were not tried"),
      el(
        "ul",
        { class: "tried" },
        ...untried.map(({ name, reason, place }) =>
          el("li", { class: "missed" }, placed(this.#host, place, name), ` ${reason}`),
        ),
      ),
    ];
  }

  #header({ header, date, hostname, log, type }: Explained, line: LineAnswer): readonly Child[] {
    const row = (name: string, value: string): readonly Child[] => [
      el("dt", {}, name),
      el("dd", {}, el("code", {}, value)),
    ];
    return [
      el("h3", {}, `Line ${line.number}: pre-decoding`),
      el(
        "dl",
        { class: "facts" },
        ...row("header", header === "" ? "(none)" : header),
        ...row("date", date === "" ? "(none that the engine knows)" : date),
        ...row("host", hostname),
        ...row("program", line.program ?? "(none)"),
        ...row("message", log),
        ...(type === null ? [] : row("type", type)),
        ...row("shown at", clockTime(line.time)),
      ),
    ];
  }

  #decoders({ decoders }: Explained, line: LineAnswer): readonly Child[] {
    const shown = decoders.filter(
      (one) => this.#isWhole || one.failed === null || one.place !== null || one.parent !== null,
    );
    const left = decoders.length - shown.length;
    return [
      el("h3", {}, "Decoders"),
      el(
        "ul",
        { class: "tried" },
        ...shown.map((one) => this.#decoder(one)),
        left === 0 ? null : el("li", { class: "faint" }, `${several(left, "other")} did not match`),
      ),
      line.fields.length === 0
        ? null
        : el(
            "dl",
            { class: "facts" },
            ...line.fields.flatMap(([name, value]) => [
              el("dt", {}, name),
              el("dd", {}, el("code", {}, value)),
            ]),
          ),
    ];
  }

  #decoder({ name, parent, failed, place }: TriedDecoder): HTMLElement {
    return el(
      "li",
      { class: failed === null ? "met" : "missed" },
      placed(this.#host, place, name),
      parent === null ? null : el("span", { class: "faint" }, ` below ${parent}`),
      failed === null ? " matched" : failedPart(failed),
    );
  }

  #rules({ rules, nearest }: Explained, line: LineAnswer): readonly Child[] {
    const roots = treeOf(rules);
    const fired = line.rule;
    return [
      el("h3", {}, "Rules"),
      rules.length === 0
        ? el("p", { class: "empty" }, "No rule was tried.")
        : this.#branches(roots, nearest, fired?.id ?? null),
      nearest === null || nearest.failed === null
        ? null
        : el(
            "div",
            { class: "nearest" },
            el("h3", {}, "Nearest miss"),
            placed(this.#host, nearest.place, `${nearest.rule.id}`),
            ` (level ${nearest.rule.level}) ${nearest.rule.description}`,
            failedPart(nearest.failed),
          ),
    ];
  }

  #branches(branches: readonly RuleBranch[], nearest: TriedRule | null, fired: number | null): HTMLElement {
    const shown = this.#isWhole ? branches : branches.filter((one) => isInteresting(one, nearest));
    const left = branches.length - shown.length;
    return el(
      "ul",
      { class: "tried" },
      ...shown.map((one) => this.#rule(one, nearest, fired)),
      left === 0 ? null : el("li", { class: "faint" }, `${several(left, "other")} did not match`),
    );
  }

  #rule({ tried, below }: RuleBranch, nearest: TriedRule | null, fired: number | null): HTMLElement {
    const { rule, failed, place } = tried;
    const isFired = failed === null && rule.id === fired;
    return el(
      "li",
      { class: failed === null ? (isFired ? "met fired" : "met") : "missed" },
      placed(this.#host, place, `${rule.id}`),
      ` (level ${rule.level}) ${rule.description}`,
      failed !== null ? failedPart(failed) : isFired ? el("b", { class: "fires" }, " fires") : " matched",
      below.length === 0 ? null : this.#branches(below, nearest, fired),
    );
  }
}
