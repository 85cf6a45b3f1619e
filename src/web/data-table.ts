import {
  type Cell,
  type ColumnKind,
  cellText,
  grouped,
  type Row,
  type TableData,
} from "../report/html/table.js";
import { button, element } from "./dom.js";

/** A table with fewer rows is read, not searched. */
const fewRows = 8;
/** Rows that are put on paper, at most. */
const mostPrinted = 2000;
/** A column of at most so many words can be filtered by them. */
const mostChoices = 40;

const collator = new Intl.Collator("en", { numeric: true });

/** What a table shows of its rows, beside what is typed above it. */
export interface RowFilter {
  /** Said above the table. */
  readonly label: string;
  readonly holds: (row: Row) => boolean;
}

export interface TableActions {
  readonly pickEvent: (event: number) => void;
  readonly pickSource?: (source: string) => void;
}

/** A table that sorts, filters and pages. It takes the place of the one that is there without scripts. */
export class DataTable {
  readonly #table: TableData;
  readonly #actions: TableActions;
  readonly #body = element("tbody");
  readonly #count = element("span", { class: "count", attributes: { role: "status" } });
  readonly #chips = element("span", { class: "chips" });
  readonly #pager = element("div", { class: "pager" });
  readonly #heads: readonly HTMLTableCellElement[];
  readonly #choices = new Map<number, string>();
  readonly #filters = new Map<string, RowFilter>();
  #words: readonly string[] = [];
  #sort: { readonly column: number; readonly down: boolean } | null = null;
  #page = 0;
  #rows: readonly Row[];
  #isPrinted = false;
  readonly #texts = new Map<Row, string>();

  constructor(place: Element, table: TableData, actions: TableActions) {
    this.#table = table;
    this.#actions = actions;
    this.#rows = table.rows;
    this.#heads = table.columns.map(({ title, kind }, index) =>
      element(
        "th",
        { class: kind, attributes: { scope: "col" } },
        button(title, null, () => this.#sortBy(index), "sort"),
      ),
    );
    const scroller = element(
      "div",
      { class: "scroller", attributes: { tabindex: "0", role: "region", "aria-label": table.caption } },
      element(
        "table",
        {},
        element("caption", {}, table.caption),
        element("thead", {}, element("tr", {}, ...this.#heads)),
        this.#body,
      ),
    );
    place.replaceChildren(...(table.rows.length < fewRows ? [] : [this.#controls()]), scroller, this.#pager);
    addEventListener("beforeprint", () => this.#print(true));
    addEventListener("afterprint", () => this.#print(false));
    this.#show();
  }

  /** Shows only some rows; null: no longer. */
  only(name: string, filter: RowFilter | null): void {
    if (filter === null) this.#filters.delete(name);
    else this.#filters.set(name, filter);
    this.#chips.replaceChildren(
      ...[...this.#filters].map(([key, { label }]) =>
        button(`${label} ✕`, `${label}: show all again`, () => this.only(key, null), "chip"),
      ),
    );
    this.#select();
  }

  #controls(): HTMLElement {
    const { id, columns, rows } = this.#table;
    const search = element("input", {
      attributes: { type: "search", "aria-label": `Filter: ${this.#table.caption}`, placeholder: "Filter" },
      on: {
        input: () => {
          this.#words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
          this.#select();
        },
      },
    });
    const selects = columns.flatMap(({ kind, title }, index) => {
      if (kind !== "choice") return [];
      const words = [...new Set(rows.map(({ cells }) => shown(kind, cells[index])))].sort(collator.compare);
      if (words.length < 2 || words.length > mostChoices) return [];
      const select = element(
        "select",
        {
          attributes: { "aria-label": `${title}: only`, id: `${id}-${index}` },
          on: {
            change: () => {
              const word = words[select.selectedIndex - 1];
              if (word === undefined) this.#choices.delete(index);
              else this.#choices.set(index, word);
              this.#select();
            },
          },
        },
        element("option", {}, `${title}: all`),
        ...words.map((word) => element("option", {}, short(word))),
      );
      return [select];
    });
    return element("div", { class: "controls" }, search, ...selects, this.#chips, this.#count);
  }

  #sortBy(column: number): void {
    const before = this.#sort;
    this.#sort =
      before?.column !== column
        ? { column, down: this.#table.columns[column]?.kind === "number" }
        : { column, down: !before.down };
    for (const [index, head] of this.#heads.entries())
      if (index === column) head.setAttribute("aria-sort", this.#sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    this.#select();
  }

  #select(): void {
    const { columns, rows } = this.#table;
    const filters = [...this.#filters.values()];
    const found = rows.filter(
      (row) =>
        filters.every(({ holds }) => holds(row)) &&
        [...this.#choices].every(([index, word]) => shown("choice", row.cells[index]) === word) &&
        (this.#words.length === 0 || this.#words.every((word) => this.#textOf(row).includes(word))),
    );
    const sort = this.#sort;
    this.#rows =
      sort === null
        ? found
        : found.sort((a, b) => {
            const kind = columns[sort.column]?.kind ?? "text";
            return compare(kind, a.cells[sort.column], b.cells[sort.column], sort.down);
          });
    this.#page = 0;
    this.#show();
  }

  #textOf(row: Row): string {
    let text = this.#texts.get(row);
    if (text === undefined) {
      text = this.#table.columns
        .map(({ kind }, index) => shown(kind, row.cells[index]))
        .join(" ")
        .toLowerCase();
      this.#texts.set(row, text);
    }
    return text;
  }

  #print(isPrinted: boolean): void {
    this.#isPrinted = isPrinted;
    this.#show();
  }

  #show(): void {
    const all = this.#table.rows.length;
    const { rowsAPage: perPage = 25 } = this.#table;
    const size = this.#isPrinted ? mostPrinted : perPage;
    const first = this.#isPrinted ? 0 : this.#page * perPage;
    const rows = this.#rows.slice(first, first + size);
    this.#body.replaceChildren(...rows.map((row) => this.#row(row)));
    const found = this.#rows.length;
    this.#count.textContent =
      found === all ? `${grouped(all)} rows` : `${grouped(found)} of ${grouped(all)} rows`;
    const pages = Math.ceil(found / perPage);
    this.#pager.hidden = pages < 2;
    const turn = (text: string, by: number): HTMLButtonElement => {
      const made = button(text, null, () => {
        this.#page += by;
        this.#show();
        this.#pager.querySelectorAll("button")[by > 0 ? 1 : 0]?.focus();
      });
      made.disabled = this.#page + by < 0 || this.#page + by >= pages;
      return made;
    };
    this.#pager.replaceChildren(
      turn("Back", -1),
      turn("Next", 1),
      element("span", {}, `${grouped(first + 1)} to ${grouped(first + rows.length)} of ${grouped(found)}`),
    );
  }

  #row(row: Row): HTMLTableRowElement {
    const { event, source, part, tone = "plain", cells } = row;
    const { pickEvent, pickSource } = this.#actions;
    const press =
      event !== undefined
        ? () => pickEvent(event)
        : source !== undefined && pickSource !== undefined
          ? () => pickSource(source)
          : null;
    return element(
      "tr",
      {
        class: press === null ? tone : `${tone} pick`,
        ...(press === null ? {} : { on: { click: press } }),
      },
      ...this.#table.columns.map(({ kind }, index) => {
        const text = shown(kind, cells[index]);
        if (index > 0) return element("td", { class: kind }, text);
        const first =
          part !== undefined
            ? element("a", { attributes: { href: `#${part}` } }, text)
            : press !== null
              ? element("button", { class: "link" }, text)
              : text;
        return element("td", { class: kind }, first);
      }),
    );
  }
}

function shown(kind: ColumnKind, cell: Cell | undefined): string {
  return cellText(kind, cell ?? null);
}

const short = (word: string): string => (word.length <= 60 ? word : `${word.slice(0, 59)}…`);

/** What there is not comes last, whichever way is sorted; text in a column of numbers behind them. */
function compare(kind: ColumnKind, a: Cell | undefined, b: Cell | undefined, down: boolean): number {
  if (a == null || b == null) return a == null ? (b == null ? 0 : 1) : -1;
  const way = down ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return way * (a - b);
  if (typeof a === "number" || typeof b === "number") return way * (typeof a === "number" ? -1 : 1);
  return way * collator.compare(shown(kind, a), shown(kind, b));
}
