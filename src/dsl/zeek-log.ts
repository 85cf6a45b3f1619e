import type { Counting } from "./detection.js";
import type { ConnId, TransportProto, ZeekLogs } from "./zeek-types.js";
import type { Addr, Interval, Port, Subnet, Time } from "./zeek-values.js";

/** Zeek types that one value of a column can have. */
interface Scalars {
  readonly bool: boolean;
  readonly count: number;
  readonly int: number;
  readonly double: number;
  readonly string: string;
  readonly addr: Addr;
  readonly subnet: Subnet;
  readonly port: Port;
  readonly interval: Interval;
  readonly time: Time;
  readonly transport_proto: TransportProto;
}

type Scalar = keyof Scalars;
type Required = Scalar | "conn_id" | `set[${Scalar}]` | `vector of ${Scalar}`;

/** Type of a column as Zeek's script declares the field; with `?` where it is `&optional`: `"string?"`. */
export type ColumnType = Required | `${Required}?`;

type ValueOf<T> = T extends Scalar
  ? Scalars[T]
  : T extends "conn_id"
    ? ConnId
    : T extends `set[${infer U extends Scalar}]`
      ? ReadonlySet<Scalars[U]>
      : T extends `vector of ${infer U extends Scalar}`
        ? readonly Scalars[U][]
        : never;

/** The row of a log with these columns. */
export type RowOf<C> = {
  readonly [K in keyof C as C[K] extends `${string}?` ? never : K]: ValueOf<C[K]>;
} & {
  readonly [K in keyof C as C[K] extends `${string}?` ? K : never]?: C[K] extends `${infer T}?`
    ? ValueOf<T>
    : never;
};

/** A log of a Zeek script that is not one of zopf's own. */
export interface DeclaredLog<
  C extends Readonly<Record<string, ColumnType>> = Readonly<Record<string, ColumnType>>,
> {
  /** Name of its file without `.log`: `modbus`. */
  readonly path: string;
  /** The event of its stream (`$ev`), whose one parameter is the record: `Modbus::log_modbus`. */
  readonly event: string;
  /** Name of that record's type: `Modbus::Info`. */
  readonly record: string;
  /** The record's `&log` fields that detections read, as the script declares them. */
  readonly columns: C;
  /** The script that has it, for `@load`; without it, it must be loaded already. */
  readonly load?: string;
  /** Name of the event's parameter (default `rec`, as in Zeek's own scripts). */
  readonly parameter?: string;
  /** Which node writes it: `"worker"` (default) where packets are seen, `"any"` proxies and the manager, too. */
  readonly writtenBy?: "worker" | "any";
}

/** One of the logs that zopf knows, by name. */
export interface KnownLog {
  /** Name of its file without `.log`: `ssh`. */
  readonly log: keyof ZeekLogs;
}

/**
 * A detection on the rows of a log, as `onLog` makes it. Its functions were checked there, against the log's
 * own record.
 */
export interface LogDetection<N extends string = string> extends Counting<never> {
  /** Set by `onLog`: written out, a detection on rows is `{ kind: "zeek", event: "ssh.log", ... }`. */
  readonly kind: "rows";
  /** Name of the notice: `[A-Z][A-Za-z0-9_]*`. */
  readonly name: N;
  /** The log whose rows are looked at. */
  readonly event: KnownLog | DeclaredLog;
}

/**
 * Declares a log that zopf does not know, so that detections on it are typed:
 * `const modbus = zeekLog({ path: "modbus", event: "Modbus::log_modbus", record: "Modbus::Info", columns: { ts: "time", id: "conn_id", func: "string?" } })`.
 */
export function zeekLog<const C extends Readonly<Record<string, ColumnType>>>(
  log: DeclaredLog<C>,
): DeclaredLog<C> {
  return log;
}

type RowOfLog<L> = L extends keyof ZeekLogs ? ZeekLogs[L] : L extends DeclaredLog<infer C> ? RowOf<C> : never;

/**
 * A detection on the rows of a log, one of zopf's by name or a declared one:
 * `onLog(modbus, { name: "Modbus_Errors", where: (c) => c.exception !== undefined, ... })`. For a known log it is
 * the same as `{ kind: "zeek", event: "ssh.log", ... }`.
 */
export function onLog<const N extends string, L extends keyof ZeekLogs | DeclaredLog>(
  log: L,
  detection: Counting<RowOfLog<L>> & Pick<LogDetection<N>, "name">,
): LogDetection<N>;
export function onLog(
  log: keyof ZeekLogs | DeclaredLog,
  detection: Counting<never> & Pick<LogDetection, "name">,
): LogDetection {
  return { kind: "rows", event: typeof log === "string" ? { log } : log, ...detection };
}
