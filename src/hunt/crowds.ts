import type { Minute } from "../archive/minutes.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { ZeekDetectionModel } from "../model/model.js";
import type { CandidateQuery } from "../targets/sql/candidates.js";
import { codes } from "./codes.js";
import type { Store, StoredLog, StoredRow } from "./store.js";

/** Entries of a table that Zeek looks at in one step of a tick. */
const stepEntries = 5000;

/**
 * Says where the number of keys that a table holds could have mattered: there the answer depends on rows that are not
 * fetched. What is dearer to ask is asked only where what is cheaper does not settle it.
 */
export class Crowds {
  readonly #store: Store;
  readonly #end: number | null;
  readonly #ask: (purpose: string, sql: string) => Promise<readonly StoredRow[]>;
  readonly #minutes = new Map<StoredLog, readonly Minute[]>();

  /** @param end the last packet of a finished trace; null: the log of a running Zeek */
  constructor(
    store: Store,
    end: number | null,
    ask: (purpose: string, sql: string) => Promise<readonly StoredRow[]>,
  ) {
    this.#store = store;
    this.#end = end;
    this.#ask = ask;
  }

  /** @param found keys that its condition lets through (null: not counted), and how many can fire */
  async check(
    { caps, window, name, span, rows }: ZeekDetectionModel,
    log: StoredLog,
    query: CandidateQuery,
    { keys, candidates }: { readonly keys: number | null; readonly candidates: number },
  ): Promise<readonly Diagnostic[]> {
    const isSliding = window.kind === "sliding";
    // A full table makes counts smaller, and steps make entries that expire live longer.
    if (isSliding && candidates === 0) return [];
    const limit = isSliding ? caps.keys : Math.min(caps.keys, stepEntries);
    if (keys !== null && (keys === 0 || keys < limit)) return [];
    if ((await this.#mostRows(rows?.log ?? "conn", log, query)) < limit) return [];
    if (keys === null) {
      const [[bound = 0] = []] = await this.#ask(`${name}: rows at the same time`, query.crowdBound);
      if (Number(bound) < limit) return [];
    }
    const [[most = 0] = []] = await this.#ask(`${name}: keys at the same time`, query.crowd);
    if (Number(most) < limit) return [];
    const what =
      Number(most) >= caps.keys
        ? `its table holds ${caps.keys.toLocaleString("en-US")} at most, and forgets some`
        : `beyond ${stepEntries.toLocaleString("en-US")} Zeek looks for expired ones in steps`;
    return [
      codes.caps(
        span,
        `up to ${Number(most).toLocaleString("en-US")} keys of "${name}" may have been followed at the same time: ${what}, which depends on all of them`,
        "with --exact-caps every row is read, as replay does",
      ),
    ];
  }

  /** Rows of a log within the time for which a detection follows a key, at the most: it follows no more keys. */
  async #mostRows(name: string, log: StoredLog, { late, followed }: CandidateQuery): Promise<number> {
    const minutes = this.#minutes.get(log) ?? (await this.#minutesOf(name, log));
    this.#minutes.set(log, minutes);
    // What is written behind a trace's end takes place at it.
    const last = this.#end === null ? null : Math.floor(this.#end / 60);
    return mostWithin(minutes, Math.ceil((followed + late) / 60) + 1, last);
  }

  async #minutesOf(name: string, log: StoredLog): Promise<readonly Minute[]> {
    const known = this.#store.minutes(name);
    if (known !== null) return known;
    const minute = this.#store.dialect.quotient(log.written, 60);
    const sql = `SELECT ${minute} AS m, count(*) FROM ${log.from} WHERE ${log.within} GROUP BY m ORDER BY m`;
    return (await this.#ask("rows of each minute", sql)).map(([of = 0, rows = 0]) => ({
      minute: Number(of),
      rows: Number(rows),
    }));
  }
}

/** The most rows of so many minutes that follow one another; those behind the last minute count as of it. */
function mostWithin(minutes: readonly Minute[], length: number, lastMinute: number | null): number {
  let [most, sum, from] = [0, 0, 0];
  const at = (minute: number): number => (lastMinute === null ? minute : Math.min(minute, lastMinute));
  for (const { minute, rows } of minutes) {
    sum += rows;
    for (
      let first = minutes[from];
      first !== undefined && at(first.minute) <= at(minute) - length;
      first = minutes[from]
    ) {
      sum -= first.rows;
      from++;
    }
    if (sum > most) most = sum;
  }
  return most;
}
