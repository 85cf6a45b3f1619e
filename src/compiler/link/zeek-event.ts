import type { LogRowsModel } from "../../model/model.js";
import type { FieldEntry } from "../../zeek-records/records.js";
import { recordOfLog, zeekEvent, zeekEvents, zeekField, zeekLogs } from "../../zeek-records/records.js";
import type { ParameterType } from "../expressions/index.js";
import { codes } from "./codes.js";
import {
  child,
  type Field,
  isObject,
  type LinkContext,
  readObject,
  readOneOf,
  readString,
  wrongShape,
} from "./field.js";
import { isReserved } from "./names.js";

/** What a detection looks at. */
export interface EventChoice {
  readonly event: string;
  readonly rows: LogRowsModel | null;
  /** The parameter of its functions. */
  readonly parameter: ParameterType;
}

/** `event`: a name of an event, `"ssh.log"`, `{ log: "ssh" }` or a declared log. */
export function readEvent(context: LinkContext, field: Field): EventChoice | null {
  const { value } = field;
  if (isObject(value) && !Array.isArray(value))
    return "columns" in value ? readDeclared(context, field) : readKnown(context, field);
  const logs = zeekLogs();
  const asked = logs.find((log) => value === `${log}.log`);
  if (asked !== undefined) return knownLog(asked);
  const event = readOneOf(context, field, [
    ...zeekEvents().map(({ name }) => name),
    ...logs.map((log) => `${log}.log`),
  ]);
  const record = event === null ? undefined : zeekEvent(event)?.record;
  return event === null || record === undefined
    ? null
    : { event, rows: null, parameter: { kind: "record", name: "c", record } };
}

function readKnown(context: LinkContext, field: Field): EventChoice | null {
  const log = readOneOf(context, child(context, field, "log"), zeekLogs());
  return log === null ? null : knownLog(log);
}

/** A log of Zeek's own, by its name. */
export function knownLog(log: string): EventChoice | null {
  const entry = recordOfLog(log);
  if (entry?.stream === undefined) return null;
  const { event, load, ports, node, after } = entry.stream;
  const uid = zeekField(entry.name, "uid");
  const id = zeekField(entry.name, "id");
  const connection =
    zeekField(entry.name, "history") !== undefined
      ? "history"
      : connectionOf(uid, id?.type === "conn_id" ? id : undefined);
  return {
    event,
    rows: {
      log,
      record: entry.name,
      parameter: "rec",
      load,
      writtenBy: node ?? "worker",
      ports,
      after: after ?? null,
      connection,
    },
    parameter: { kind: "record", name: "c", record: entry.name },
  };
}

function connectionOf(uid: FieldEntry | undefined, id: FieldEntry | undefined): LogRowsModel["connection"] {
  if (uid === undefined || id === undefined) return "never";
  return uid.optional === true || id.optional === true ? "maybe" : "always";
}

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;
const scalars = "bool|count|int|double|string|addr|subnet|port|interval|time|transport_proto";
const columnType = new RegExp(
  `^(?:(?:${scalars})|conn_id|set\\[(?:${scalars})\\]|vector of (?:${scalars}))\\??$`,
);
const mostColumns = 200;

function readDeclared(context: LinkContext, field: Field): EventChoice | null {
  const path = readPattern(context, child(context, field, "path"), /^[a-z][a-z0-9_]{0,60}$/, "modbus");
  const event = readName(context, child(context, field, "event"), "Modbus::log_modbus");
  const record = readName(context, child(context, field, "record"), "Modbus::Info");
  const parameterField = child(context, field, "parameter");
  const parameter =
    parameterField.value === undefined ? "rec" : readName(context, parameterField, "rec", false);
  const loadField = child(context, field, "load");
  const load =
    loadField.value === undefined
      ? null
      : readPattern(
          context,
          loadField,
          /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,200}$/,
          "policy/protocols/modbus",
        );
  const writtenBy = readOneOf(context, child(context, field, "writtenBy"), ["worker", "any"], "worker");
  const fields = readColumns(context, child(context, field, "columns"));
  if (path === null || event === null || record === null || parameter === null || writtenBy === null)
    return null;
  if (fields === null || (loadField.value !== undefined && load === null)) return null;
  const id = fields.get("id");
  return {
    event,
    rows: {
      log: path,
      record,
      parameter,
      load,
      writtenBy,
      ports: fields.get("proto")?.type === "transport_proto" ? "proto" : "unknown",
      after: null,
      connection: connectionOf(fields.get("uid"), id?.type === "conn_id" ? id : undefined),
    },
    parameter: { kind: "record", name: "c", record, fields },
  };
}

function readColumns(context: LinkContext, field: Field): ReadonlyMap<string, FieldEntry> | null {
  if (readObject(context, field) === null || !isObject(field.value)) return null;
  const names = Object.keys(field.value);
  if (names.length === 0 || names.length > mostColumns)
    return wrongShape(context, field, `an object with 1 to ${mostColumns} columns`);
  const fields = new Map<string, FieldEntry>();
  for (const name of names) {
    const column = child(context, field, name);
    const type = readString(context, column);
    if (type === null) continue;
    if (!identifier.test(name) || isReserved(name) || name.length > 60)
      context.diagnostics.push(
        codes.name(
          column.span(),
          `${JSON.stringify(name.slice(0, 60))} cannot be a field of a record in Zeek`,
        ),
      );
    else if (!columnType.test(type)) {
      wrongShape(context, column, 'a type of Zeek, such as "string", "count?" or "set[string]"');
    } else {
      const optional = type.endsWith("?");
      fields.set(name, { name, type: optional ? type.slice(0, -1) : type, optional, doc: "" });
    }
  }
  return fields.size === names.length ? fields : null;
}

function readName(context: LinkContext, field: Field, example: string, scoped = true): string | null {
  const name = readString(context, field);
  if (name === null) return null;
  const parts = name.split("::");
  const fits = parts.length <= (scoped ? 2 : 1) && name.length <= 120;
  if (fits && parts.every((part) => identifier.test(part) && !isReserved(part))) return name;
  return unfit(context, field, name, example);
}

function readPattern(context: LinkContext, field: Field, pattern: RegExp, example: string): string | null {
  const text = readString(context, field);
  return text === null || pattern.test(text) ? text : unfit(context, field, text, example);
}

function unfit(context: LinkContext, field: Field, text: string, example: string): null {
  context.diagnostics.push(
    codes.name(
      field.span(),
      `${field.label} cannot be ${JSON.stringify(text.slice(0, 60))}`,
      `as Zeek's script spells it: ${example}`,
    ),
  );
  return null;
}
