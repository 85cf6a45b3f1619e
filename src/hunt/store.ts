import type { Minute } from "../archive/minutes.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SqlTable } from "../targets/sql/candidates.js";
import type { SqlDialect } from "../targets/sql/dialect.js";
import type { FoundLog } from "../zeek/logs/find.js";
import type { LogType } from "../zeek/logs/types.js";
import type { TickStore } from "./kept-ticks.js";

/** A log as a store has it. */
export interface StoredLog extends SqlTable {
  /** What tells rows apart that were written at the same time: their order in their log. */
  readonly order: readonly string[];
  /** The file that a row was read from, and its line there; null: it is not known. */
  readonly place: { readonly file: string; readonly line: string } | null;
  /** What is known of the order of its rows; null: nothing. */
  readonly pieces: WrittenOrder | null;
  readonly types: ReadonlyMap<string, LogType>;
  /** Bytes as stored; null: not known. */
  readonly bytes: number | null;
  /** Of lines that `zopf archive` has written, what gives them back byte for byte; null: it is a table of something else. */
  readonly exact: ExactLines | null;
}

/** SQL of a line in an archive (src/archive/line-columns.ts). */
export interface ExactLines {
  /** The whole line. */
  readonly text: string;
  /** Its bytes where it is no text, else NULL. */
  readonly raw: string;
  /** `LineForm` of src/archive/syslog-line.ts */
  readonly form: string;
  readonly program: string;
  readonly message: string;
}

/** A log whose rows stand in the order of writing, piece by piece. What stands behind FROM: */
export interface WrittenOrder {
  /** For the rows written within spans that are in order and do not meet, and perhaps others. */
  within(spans: readonly Span[]): string;
  /** For those written from a time on, as several answers, each in the order of writing without an ORDER BY. */
  inOrder(from: number): readonly string[];
}

/** A range of log time in seconds, with both ends. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A value as an engine's driver hands it over: numbers, big integers, texts, truth values, null, arrays of them. */
export type StoredValue = number | bigint | string | boolean | null | readonly StoredValue[];
export type StoredRow = readonly StoredValue[];

/** Some rows of numbers, a column an array. They last until the next ones are asked for. */
export interface Numbers {
  readonly count: number;
  readonly columns: readonly Float64Array[];
}

/** Logs in an engine that answers SQL. What goes wrong in it is a `StoreError`. */
export interface Store {
  readonly dialect: SqlDialect;
  /** As people call it: in diagnostics. */
  readonly name: string;
  /** The files, or the tables, that it was made of. */
  readonly found: readonly FoundLog[];
  /** Whether a log may lack a column: an archive of Zeek's logs does, where no log has it. */
  readonly mayLack: boolean;
  /** Whether it keeps answers of any length; else only those that are short enough to be sent. */
  readonly keepsAll: boolean;
  /** Where ticks are kept for the next hunt; null: nowhere. */
  readonly ticks: TickStore | null;
  log(name: string): StoredLog | undefined;
  /**
   * The rows of each minute of a log by when they were written, all of them whatever the range of time; null: not
   * known without a query.
   */
  minutes(log: string): readonly Minute[] | null;
  rows(sql: string): Promise<readonly StoredRow[]>;
  /** Works a query out and keeps the answer; what it returns stands for it in other queries. */
  keep(name: string, sql: string): Promise<string>;
  /** The rows of a long answer, some at a time. */
  stream(sql: string): AsyncIterable<readonly StoredRow[]>;
  /** The same of an answer that is doubles alone, none of them null, for millions of rows. */
  numbers(sql: string): AsyncIterable<Numbers>;
  /** Stops what runs, on the server too. */
  interrupt(): void;
  close(): Promise<void>;
}

/** What an engine says is wrong, in one line. */
export class StoreError extends Error {
  /** The store, as people call it. */
  readonly place: string;
  readonly isStopped: boolean;
  /** What to do about it; undefined: zopf does not know. */
  readonly help: string | undefined;

  constructor(place: string, message: string, isStopped = false, help?: string) {
    super(message);
    this.place = place;
    this.isStopped = isStopped;
    this.help = help;
  }
}

/** A store that was opened, with what is to be said of it; or why it was not. Whoever gets a store closes it. */
export type OpenedStore =
  | { readonly ok: true; readonly store: Store; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
