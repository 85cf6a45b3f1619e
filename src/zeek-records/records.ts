import type { ZeekType } from "../model/expression.js";
import { table } from "./table.js";

export interface FieldEntry {
  readonly name: string;
  /** As Zeek spells it: `addr`, `set[string]`, `vector of interval`, `Conn::Info`. */
  readonly type: string;
  /** Name of the closed set of texts that are its only values. */
  readonly set?: string;
  readonly optional?: boolean;
  /** Text that is ASCII always. */
  readonly ascii?: boolean;
  /** Known from the first packet on; it does not change any more. */
  readonly start?: boolean;
  /** Column of conn.log, for fields of `connection`; `""` for the row itself. */
  readonly column?: string;
  /** What the field is in Zeek where the column is unset. */
  readonly unset?: string | number;
  readonly doc: string;
}

/** Which ports a log's columns name: all of TCP, those of the column `proto`, or none that is known. */
export type PortColumns = "tcp" | "proto" | "unknown";

/** How Zeek writes a log. */
export interface StreamEntry {
  /** The event that comes with each row, with the record as its parameter `rec`. */
  readonly event: string;
  /** The script that has it, for `@load`. */
  readonly load: string;
  readonly ports: PortColumns;
  /** `any`: rows are written by proxies and the manager, too, not only where packets are seen. */
  readonly node?: "any";
  /** Rows that come with the event, but that Zeek's own policy keeps out of the log: those whose set has this value. */
  readonly unless?: { readonly field: string; readonly has: string };
  /** Column that holds how long after `ts` the row was written, at the least. */
  readonly after?: string;
}

export interface RecordEntry {
  readonly name: string;
  readonly typescript: string;
  /** The log whose rows it is. */
  readonly log?: string;
  readonly stream?: StreamEntry;
  readonly doc: string;
  readonly fields: readonly FieldEntry[];
}

/**
 * When an event comes: at the first packet, somewhere in between, at the end before conn.log's fields are
 * set, or at the removal, when they are (docs/reference/zeek.md#order-of-events).
 */
export type Moment = "start" | "middle" | "end" | "removal";

export interface EventEntry {
  readonly name: string;
  readonly record: string;
  readonly moment: Moment;
  readonly doc: string;
}

export interface EnumEntry {
  readonly name: string;
  readonly typescript: string;
  /** Its values, global names in Zeek; empty: open. */
  readonly values: readonly string[];
  readonly doc: string;
}

/** All values that Zeek writes into a field that is a string to its scripts. */
export interface SetEntry {
  readonly typescript: string;
  readonly values: readonly string[];
  readonly doc: string;
}

export interface RecordTable {
  readonly enums: readonly EnumEntry[];
  readonly sets: readonly SetEntry[];
  readonly records: readonly RecordEntry[];
  /** Columns of conn.log for the two endpoints of a connection. */
  readonly endpointColumns: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly events: readonly EventEntry[];
}

const records = new Map(table.records.map((entry) => [entry.name, entry]));
const enums = new Map(table.enums.map((entry) => [entry.name, entry]));
const events = new Map(table.events.map((entry) => [entry.name, entry]));
const fieldsOfRecord = new Map(
  table.records.map((entry) => [entry.name, new Map(entry.fields.map((field) => [field.name, field]))]),
);

/** One of Zeek's records: `connection`, `Conn::Info`. */
export function zeekRecord(name: string): RecordEntry | undefined {
  return records.get(name);
}

/** Every log whose rows a detection may look at. */
export function zeekLogs(): readonly string[] {
  return table.records.flatMap(({ log }) => log ?? []);
}

/** The record of a log's rows: `conn`, `ssh`. */
export function recordOfLog(log: string): RecordEntry | undefined {
  return table.records.find((entry) => entry.log === log);
}

export function zeekField(record: string, field: string): FieldEntry | undefined {
  return fieldsOfRecord.get(record)?.get(field);
}

export function zeekEvent(name: string): EventEntry | undefined {
  return events.get(name);
}

export function zeekEnum(name: string): EnumEntry | undefined {
  return enums.get(name);
}

/** Every event that a detection may name. */
export function zeekEvents(): readonly EventEntry[] {
  return table.events;
}

/** A type from its spelling in the table. */
export function parseZeekType(text: string): ZeekType {
  const set = /^set\[(.+)\]$/.exec(text)?.[1];
  if (set !== undefined) return { kind: "set", of: set.split(",").map((part) => parseZeekType(part.trim())) };
  const vector = /^vector of (.+)$/.exec(text)?.[1];
  if (vector !== undefined) return { kind: "vector", of: parseZeekType(vector) };
  switch (text) {
    case "bool":
    case "count":
    case "int":
    case "double":
    case "string":
    case "addr":
    case "subnet":
    case "port":
    case "interval":
    case "time":
    case "pattern":
      return { kind: text };
    default:
      return enums.has(text) ? { kind: "enum", name: text } : { kind: "record", name: text };
  }
}
