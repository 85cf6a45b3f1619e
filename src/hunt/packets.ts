import type { ReorderWindow } from "../zeek/connections/queue.js";
import { STEADY_FROM } from "../zeek/connections/removal-key.js";
import type { Numbers, Store, StoredLog } from "./store.js";
import { Ticks } from "./ticks.js";

/** The rows of a log as far as they tell of packets, as queries whose answers are in the order of writing. */
function packetSql(
  name: string,
  log: StoredLog,
  { double }: Store["dialect"],
  from: number,
): readonly string[] {
  const columns = [log.written];
  if (name === "conn") {
    const ts = log.columns("ts")?.sql ?? log.written;
    const or = (column: string): string => {
      const sql = log.columns(column)?.sql;
      return sql === undefined ? "0" : `coalesce(${sql}, 0)`;
    };
    const duration = or("duration");
    const packets = `CASE WHEN ${duration} >= ${STEADY_FROM} THEN ${or("orig_pkts")} + ${or("resp_pkts")} ELSE 0 END`;
    columns.push(ts, `${ts} + ${duration}`, packets);
  }
  const listed = columns.map((sql, i) => `coalesce(${double(sql)}, 0) AS c${i}`).join(", ");
  const since = Number.isFinite(from) ? ` AND ${log.written} >= ${from}` : "";
  const rows = (table: string): string => `SELECT ${listed} FROM ${table} WHERE ${log.within}${since}`;
  return log.pieces?.inOrder(from).map(rows) ?? [`${rows(log.from)} ORDER BY ${log.written}`];
}

/** The rows of one query, one at a time. */
class PacketReader {
  readonly isConn: boolean;
  readonly #source: AsyncIterator<Numbers>;
  #numbers: Numbers = { count: 0, columns: [] };
  #at = 0;

  constructor(isConn: boolean, source: AsyncIterable<Numbers>) {
    this.isConn = isConn;
    this.#source = source[Symbol.asyncIterator]();
  }

  /** True when a row is at hand. */
  async fill(): Promise<boolean> {
    while (this.#at >= this.#numbers.count) {
      const answer = await this.#source.next();
      if (answer.done === true) return false;
      this.#numbers = answer.value;
      this.#at = 0;
    }
    return true;
  }

  get written(): number {
    return this.#numbers.columns[0]?.[this.#at] ?? Number.NaN;
  }

  /** Takes all rows in memory that were written up to a time. */
  take(ticks: Ticks, until: number): void {
    const { count, columns } = this.#numbers;
    const [written, ts, last, packets] = columns;
    for (; this.#at < count; this.#at++) {
      const time = written?.[this.#at] ?? Number.NaN;
      if (time > until) return;
      if (this.isConn)
        ticks.connection(time, ts?.[this.#at] ?? time, last?.[this.#at] ?? time, packets?.[this.#at] ?? 0);
      else ticks.record(time);
    }
  }

  get isEmpty(): boolean {
    return this.#at >= this.#numbers.count;
  }
}

/** When tables tick, of all rows of the logs. What was worked out by an earlier hunt is not worked out again. */
export async function readPackets(
  store: Store,
  logs: ReadonlyMap<string, StoredLog>,
  window: ReorderWindow,
  end: number | null,
  onQuery: (sql: string) => void,
): Promise<Float64Array> {
  const names = [...logs.keys()];
  // At the end of a trace there is a tick that one with more rows would not have.
  const kept = end === null ? store.ticks : null;
  const known = kept?.read(names, window.seconds) ?? null;
  if (known?.isWhole === true) return known.ticks;
  const ticks = new Ticks(window, known?.ticks);
  const last = known?.ticks.at(-1);
  const from = known === null || last === undefined ? Number.NEGATIVE_INFINITY : last - known.ahead;
  const readers = [...logs].flatMap(([name, log]) =>
    packetSql(name, log, store.dialect, from).map((sql) => {
      onQuery(sql);
      return new PacketReader(name === "conn", store.numbers(sql));
    }),
  );
  await feed(ticks, readers);
  const all = ticks.finish(end);
  kept?.write(names, window.seconds, { ticks: all, ahead: Math.max(known?.ahead ?? 0, ticks.ahead) });
  return all;
}

/** Rows of several readers in the order of writing. */
async function feed(ticks: Ticks, all: readonly PacketReader[]): Promise<void> {
  let readers = all;
  for (;;) {
    const open: PacketReader[] = [];
    for (const reader of readers) if (!reader.isEmpty || (await reader.fill())) open.push(reader);
    readers = open;
    const [first, ...others] = [...readers].sort((a, b) => a.written - b.written);
    if (first === undefined) return;
    first.take(ticks, others[0]?.written ?? Number.POSITIVE_INFINITY);
  }
}
