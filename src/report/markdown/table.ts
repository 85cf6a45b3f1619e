import { cellText, grouped, type TableData } from "../html/table.js";
import { lineCode, lineText } from "./text.js";

/** A table of the report, its first rows. */
export function tableMarkdown({ columns, rows, empty, note }: TableData, most: number): string {
  if (rows.length === 0) return `${empty}\n`;
  const align = columns.map(({ kind }) => (kind === "number" || kind === "length" ? "--:" : "---"));
  const lines = rows.slice(0, most).map(({ cells }) =>
    row(
      columns.map(({ kind }, index) => {
        const cell = cells[index] ?? null;
        if (cell === null) return "";
        const text = cellText(kind, cell);
        return kind === "code" || kind === "path" ? lineCode(text) : lineText(text);
      }),
    ),
  );
  const more = rows.length > most ? [`\n…and ${grouped(rows.length - most)} more.\n`] : [];
  return [
    row(columns.map(({ title }) => title)),
    row(align),
    ...lines,
    ...more,
    ...(note === undefined ? [] : [`\n${note}\n`]),
  ].join("");
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
