import type { TableData } from "../report/html/table.js";
import { DataTable, type TableActions } from "./data-table.js";

/** Puts a table that sorts and filters in the place of each that is there without scripts; by their ids. */
export function enhanceTables(
  tables: readonly TableData[],
  actions: TableActions,
): ReadonlyMap<string, DataTable> {
  return new Map(
    tables.flatMap((table) => {
      const place = [...document.querySelectorAll("[data-table]")].find(
        (one) => one.getAttribute("data-table") === table.id,
      );
      // That it is cut is true of the table without scripts alone.
      place?.parentElement?.querySelector(":scope > .note.cut")?.remove();
      return place === undefined ? [] : [[table.id, new DataTable(place, table, actions)] as const];
    }),
  );
}
