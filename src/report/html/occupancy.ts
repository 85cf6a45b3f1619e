import { capacityOf } from "../../firewall/limits.js";
import type { Model } from "../../model/model.js";
import type { TimelineEvent } from "../../replay/timeline.js";
import type { PageOccupancy } from "./replay-data.js";

/** Points of a curve, at most; of a longer one neighbours are put together, and the greater number stays. */
const mostPoints = 2000;

interface Table {
  readonly host: string | null;
  readonly table: string;
  readonly entries: Set<string>;
  most: number;
  mostAt: number;
  times: number[];
  counts: number[];
}

/** Counts what the packet filters' tables hold, as blocks come and go. */
export class OccupancyCounter {
  readonly #tables = new Map<string, Table>();

  see(event: TimelineEvent): void {
    if (event.kind !== "block" && event.kind !== "unblock") return;
    const entry = event.entry ?? event.source;
    if (entry === null) return;
    const table = this.#tableOf(event.target ?? null, event.table);
    if (event.kind === "block") table.entries.add(entry);
    else if ((event.heldBy ?? 0) === 0) table.entries.delete(entry);
    note(table, event.time);
  }

  result(model: Model): readonly PageOccupancy[] {
    return [...this.#tables.values()].map(({ host, table, most, mostAt, times, counts }) => ({
      host,
      table,
      capacity: smallestTable(model, host, table),
      most,
      mostAt,
      times,
      entries: counts,
    }));
  }

  #tableOf(host: string | null, name: string): Table {
    const key = JSON.stringify([host, name]);
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = { host, table: name, entries: new Set(), most: 0, mostAt: 0, times: [], counts: [] };
      this.#tables.set(key, table);
    }
    return table;
  }
}

function note(table: Table, time: number): void {
  const count = table.entries.size;
  if (count > table.most) {
    table.most = count;
    table.mostAt = time;
  }
  if (table.times.at(-1) === time) table.counts[table.counts.length - 1] = count;
  else {
    table.times.push(time);
    table.counts.push(count);
  }
  if (table.times.length <= mostPoints) return;
  // The last one stays as it is: the curve goes on from there.
  const pairs = table.times.flatMap((at, index) => (index % 2 === 0 ? [{ at, index }] : []));
  table.counts = pairs.map(({ index }) =>
    Math.max(table.counts[index] ?? 0, index + 2 < table.counts.length ? (table.counts[index + 1] ?? 0) : 0),
  );
  table.times = pairs.map(({ at }) => at);
}

/** How many entries fit into the smallest of the tables; null: not known. */
function smallestTable(model: Model, host: string | null, names: string): number | null {
  const { firewalls } = model.hosts.find(({ name }) => name === host) ?? model;
  const tables = new Set(names.split(","));
  const least = Math.min(
    ...firewalls.map(({ kind, table }) => (tables.has(table) ? capacityOf(kind) : Infinity)),
  );
  return Number.isFinite(least) ? least : null;
}
