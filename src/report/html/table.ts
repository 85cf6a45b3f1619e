import { shownTime } from "../../model/shown-time.js";
import { type Content, html, type Markup } from "./markup.js";

/** What a column holds: how it is shown, sorted and filtered. */
export type ColumnKind =
  | "text"
  /** In a fixed-width face: addresses, names. */
  | "code"
  /** The same, and broken where it does not fit: files and places in them, lines. */
  | "path"
  | "number"
  /** Epoch seconds. */
  | "time"
  /** Seconds. */
  | "length"
  /** One of a few words, which can be chosen. */
  | "choice";

export interface Column {
  readonly title: string;
  readonly kind: ColumnKind;
}

/** null: there is none. Text in a column of numbers is shown as it is. */
export type Cell = string | number | null;

/** Colours a row's mark; the words of the row say the same. */
export type Tone = "blocked" | "alert" | "notice" | "refused" | "ended" | "good" | "bad" | "plain";

export interface Row {
  readonly cells: readonly Cell[];
  readonly tone?: Tone;
  /** What a click shows: the number of an event in the page's data. */
  readonly event?: number;
  /** The part of the page that tells more: its id. */
  readonly part?: string;
  /** Whose lane of the timeline a click on the source shows. */
  readonly source?: string;
}

/** A table of the page: written for readers without scripts, and made anew by the page's script to sort and filter. */
export interface TableData {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Rows that are shown at a time (default 25). */
  readonly rowsAPage?: number;
  /** What is said where there are no rows. */
  readonly empty: string;
  /** What is said below it: rows that are not in the page. */
  readonly note?: string;
}

/** Rows of a table that are written for readers without scripts. */
const mostStatic = 500;

export function tableMarkup(table: TableData): Markup {
  const { id, caption, columns, rows, empty, note } = table;
  if (rows.length === 0) return html`<p class="empty">${empty}</p>\n`;
  const shown = rows.slice(0, mostStatic);
  const notes = [
    ...(shown.length < rows.length
      ? [
          html`<p class="note cut">The first ${grouped(shown.length)} of ${grouped(rows.length)}; with scripts the page shows all of them.</p>\n`,
        ]
      : []),
    ...(note === undefined ? [] : [html`<p class="note">${note}</p>\n`]),
  ];
  return html`<div class="table" data-table="${id}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ title, kind }) => html`<th scope="col" class="${kind}">${title}</th>`)}</tr></thead>
<tbody>
${shown.map((row) => rowMarkup(columns, row))}</tbody>
</table></div>
${notes}`;
}

function rowMarkup(columns: readonly Column[], { cells, tone = "plain", part }: Row): Content {
  const content = (kind: ColumnKind, index: number): Content => {
    const text = cellText(kind, cells[index] ?? null);
    return part === undefined || index > 0 ? text : html`<a href="#${part}">${text}</a>`;
  };
  return html`<tr class="${tone}">${columns.map(({ kind }, index) => html`<td class="${kind}">${content(kind, index)}</td>`)}</tr>\n`;
}

/** A cell for people. */
export function cellText(kind: ColumnKind, cell: Cell): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  switch (kind) {
    case "time":
      return shownSecond(cell);
    case "length":
      return shownLength(cell);
    default:
      return grouped(cell);
  }
}

/** `2026-06-11 03:12:23`; pages say that times are UTC. */
export function shownSecond(seconds: number): string {
  return shownTime(Math.floor(seconds))
    .replace("T", " ")
    .replace(/\.000Z$/, "");
}

/** `12,345`; `0.25` as it is. */
export function grouped(value: number): string {
  if (!Number.isInteger(value)) return String(value);
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

const units = [
  { name: "d", seconds: 86_400 },
  { name: "h", seconds: 3600 },
  { name: "min", seconds: 60 },
  { name: "s", seconds: 1 },
];

/** `10 min`, `1 h 30 min`, `2 d`: the two largest units. */
export function shownLength(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const first = units.findIndex((unit) => whole >= unit.seconds);
  if (first < 0) return "0 s";
  const parts: string[] = [];
  let left = whole;
  for (const { name, seconds: size } of units.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(" ");
}

/** `1 block`, `12,345 blocks` */
export function counted(count: number, word: string): string {
  return `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;
}
