import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { LogCursor, ReadOptions } from "../zeek/logs/cursor.js";
import { unescapeTsv } from "../zeek/logs/escape.js";
import { type LogRow, noMarks, nothingLeft } from "../zeek/logs/rows.js";
import type { LogColumn, LogType, LogValue, ScalarType } from "../zeek/logs/types.js";
import type { Store, StoredLog, StoredRow, StoredValue } from "./store.js";

/** The column by which the replay is told when a row was written. */
export const writtenColumn = "_written";

/** Reads rows of a store as if they were a log's, in the order of writing. */
export class StoreCursor implements LogCursor {
  readonly row: LogRow;
  readonly #columns: readonly LogColumn[];
  readonly #numbers: number;
  readonly #source: AsyncIterator<readonly StoredRow[]>;
  #rows: readonly StoredRow[] = [];
  #at = 0;
  #records = 0;

  /** @param condition which of the log's rows; null: none */
  constructor(store: Store, name: string, log: StoredLog, condition: string | null, options: ReadOptions) {
    const { columns = [], numbers = [] } = options;
    this.#columns = columns.map((column) => ({
      name: column,
      type: log.types.get(column) ?? { kind: "any" },
    }));
    this.#numbers = numbers.length;
    const sqlOf = (column: string): string =>
      column === writtenColumn ? log.written : (log.columns(column)?.sql ?? "NULL");
    const place = log.place ?? { file: store.dialect.text(store.name), line: "0" };
    const wanted = ["ts", ...numbers, ...columns].map((column, i) => `${sqlOf(column)} AS c${i}`);
    wanted.push(`${place.file} AS f`, `${place.line} AS l`);
    const order = [log.written, ...log.order].join(", ");
    const sql = `SELECT ${wanted.join(", ")} FROM ${log.from} WHERE ${condition} ORDER BY ${order}`;
    this.#source = (condition === null ? none() : store.stream(sql))[Symbol.asyncIterator]();
    this.row = {
      values: [],
      numbers: new Float64Array(numbers.length),
      marks: noMarks,
      ts: Number.NaN,
      file: store.name,
      line: 0,
      path: name,
      rest: nothingLeft,
    };
  }

  /** Of the row at hand. */
  get file(): string {
    return this.row.file;
  }

  columns(): readonly LogColumn[] {
    return this.#columns;
  }

  next(): boolean {
    const read = this.#rows[this.#at];
    if (read === undefined) return false;
    this.#at++;
    this.#records++;
    const { row } = this;
    row.ts = numeric(read[0]);
    for (let i = 0; i < this.#numbers; i++) row.numbers[i] = numeric(read[1 + i]);
    const first = 1 + this.#numbers;
    for (const [i, { type }] of this.#columns.entries())
      row.values[i] = logValue(read[first + i] ?? null, type);
    const place = first + this.#columns.length;
    row.file = String(read[place] ?? "");
    row.line = numeric(read[place + 1]);
    return true;
  }

  async fill(): Promise<boolean> {
    const answer = await this.#source.next();
    if (answer.done === true) return false;
    this.#rows = answer.value;
    this.#at = 0;
    return true;
  }

  async close(): Promise<void> {
    await this.#source.return?.(undefined);
  }

  records(): number {
    return this.#records;
  }

  skipped(): number {
    return 0;
  }

  rawBytes(): number {
    return 0;
  }

  lacking(): readonly string[] {
    return [];
  }

  diagnostics(): readonly Diagnostic[] {
    return [];
  }
}

async function* none(): AsyncGenerator<readonly StoredRow[]> {}

const numeric = (value: StoredValue | undefined): number =>
  value === null || value === undefined ? Number.NaN : Number(value);

/** A stored value as the reader of logs has it. */
export function logValue(value: StoredValue, type: LogType): LogValue {
  if (value === null) return undefined;
  if (type.kind === "set" || type.kind === "vector")
    return Array.isArray(value) ? value.map((item: StoredValue) => scalarOf(item, type.of)) : undefined;
  return scalarOf(value, type.kind);
}

function scalarOf(value: StoredValue, kind: ScalarType): LogValue {
  if (value === null || typeof value === "object") return undefined;
  if (kind === "bool") return typeof value === "boolean" ? value : Number(value) !== 0;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value !== "string") return value;
  // A server's JSON holds large numbers as text.
  if (kind === "count" || kind === "int" || kind === "port") return scalarOf(BigInt(value), kind);
  if (kind === "addr" || kind === "subnet") return value;
  return /^[ -[\]-~]*$/.test(value) ? value : unescapeTsv(Buffer.from(value).toString("latin1"));
}
