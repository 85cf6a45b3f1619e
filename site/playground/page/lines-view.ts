/** What became of each line, as a table; a row is chosen with the mouse, or with the arrow keys. */
import type { LineAnswer } from "../core/answer.js";
import { clockTime, el, show } from "./dom.js";

/** What a mark beside a line says. */
export function stateOf(line: LineAnswer): "alert" | "rule" | "none" | "crash" {
  if (line.kind === "crash") return "crash";
  if (line.alert) return "alert";
  return line.rule === null ? "none" : "rule";
}

const stateWords = { alert: "alert", rule: "no alert", none: "no rule", crash: "engine dies" } as const;

/** How much of a level is bad, for its colour. */
const levelClass = (level: number): string =>
  level >= 10 ? "level high" : level >= 5 ? "level middle" : "level low";

function ruleCell(line: LineAnswer): HTMLElement {
  const { rule, note, kind } = line;
  const cell = el("td", { class: "rule" });
  if (kind === "crash") cell.append(el("span", { class: "bad" }, `the engine dies: ${note ?? ""}`));
  else if (rule === null)
    cell.append(el("span", { class: "faint" }, kind === "ignored" ? "skipped: no event" : "no rule"));
  else {
    cell.append(
      el("span", { class: levelClass(rule.level), title: `level ${rule.level}` }, `${rule.level}`),
      el("b", {}, `${rule.id}`),
      ` ${rule.description}`,
    );
    if (line.counted.length > 0)
      cell.append(
        el(
          "span",
          { class: "faint" },
          ` counted lines ${[...line.counted].sort((one, other) => one - other).join(", ")}`,
        ),
      );
    if (note !== null) cell.append(el("span", { class: "faint" }, ` (${note})`));
  }
  return cell;
}

export class LinesView {
  readonly #parent: HTMLElement;
  readonly #choose: (number: number) => void;
  #rows: readonly { readonly number: number; readonly row: HTMLElement }[] = [];

  constructor(parent: HTMLElement, choose: (number: number) => void) {
    this.#parent = parent;
    this.#choose = choose;
  }

  show(lines: readonly LineAnswer[], chosen: number): void {
    const shown = lines.filter(({ kind }) => kind !== "control" && kind !== "part");
    if (shown.length === 0) {
      show(this.#parent, el("p", { class: "empty" }, "No line yet. Paste some into “Log lines”."));
      this.#rows = [];
      return;
    }
    const hadFocus = this.#parent.contains(document.activeElement);
    this.#rows = shown.map((line) => ({ number: line.number, row: this.#row(line, line.number === chosen) }));
    show(
      this.#parent,
      el(
        "table",
        { class: "lines" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            ...["Line", "Time", "Decoder and fields", "Rule"].map((name) => el("th", { scope: "col" }, name)),
          ),
        ),
        el("tbody", {}, ...this.#rows.map(({ row }) => row)),
      ),
    );
    if (hadFocus) this.#rows.find(({ number }) => number === chosen)?.row.focus();
  }

  #row(line: LineAnswer, isChosen: boolean): HTMLElement {
    const state = stateOf(line);
    const fields = line.fields.map(([name, value]) =>
      el("span", { class: "field" }, el("i", {}, name), ` ${value}`),
    );
    return el(
      "tr",
      {
        tabindex: isChosen ? "0" : "-1",
        "aria-selected": `${isChosen}`,
        class: isChosen ? "chosen" : "",
        onclick: () => this.#choose(line.number),
        onkeydown: (event) => this.#key(event, line.number),
      },
      el(
        "td",
        { class: "number" },
        el("span", { class: `dotmark dotmark-${state}`, title: stateWords[state] }),
        `${line.number}`,
      ),
      el("td", { class: "time" }, clockTime(line.time)),
      el("td", { class: "decoded" }, el("b", {}, line.decoder ?? "–"), " ", ...fields),
      ruleCell(line),
    );
  }

  #key(event: Event, number: number): void {
    if (!(event instanceof KeyboardEvent)) return;
    const at = this.#rows.findIndex((row) => row.number === number);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: this.#rows.length - 1,
    };
    const next = this.#rows[steps[event.key] ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    next.row.focus();
    this.#choose(next.number);
  }
}
