import type { LogRowsModel } from "../../model/model.js";
import type { FieldEntry } from "../../zeek-records/records.js";
import { recordOfLog, zeekEvent, zeekField } from "../../zeek-records/records.js";
import type { DeclaredLogDeclaration, EventDeclaration } from "../decode/zeek-event.js";
import type { ParameterType } from "../expressions/index.js";

/** What a detection looks at. */
export interface EventChoice {
  readonly event: string;
  readonly rows: LogRowsModel | null;
  /** The parameter of its functions. */
  readonly parameter: ParameterType;
}

/** `event`: a name of an event, `"ssh.log"`, `{ log: "ssh" }` or a declared log. */
export function linkEvent(declared: EventDeclaration): EventChoice {
  if (typeof declared === "string") return sourceOf(declared);
  return "log" in declared ? knownLog(declared.log) : declaredLog(declared);
}

/** An event of connections, or the rows of a log: `ssh.log`. */
export function sourceOf(event: string): EventChoice {
  const log = /^(\w+)\.log$/.exec(event)?.[1];
  if (log !== undefined) return knownLog(log);
  const record = zeekEvent(event)?.record;
  if (record === undefined) throw new Error(`bug in zopf: the event ${event} has no record`);
  return { event, rows: null, parameter: { kind: "record", name: "c", record } };
}

/** A log of Zeek's own, by its name. */
function knownLog(log: string): EventChoice {
  const entry = recordOfLog(log);
  if (entry?.stream === undefined) throw new Error(`bug in zopf: the log ${log} has no event`);
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

function declaredLog(declared: DeclaredLogDeclaration): EventChoice {
  const { path, event, record, parameter = "rec", load, writtenBy = "worker" } = declared;
  const fields = new Map<string, FieldEntry>();
  for (const [name, type] of Object.entries(declared.columns)) {
    const optional = type.endsWith("?");
    fields.set(name, { name, type: optional ? type.slice(0, -1) : type, optional, doc: "" });
  }
  const id = fields.get("id");
  return {
    event,
    rows: {
      log: path,
      record,
      parameter,
      load: load ?? null,
      writtenBy,
      ports: fields.get("proto")?.type === "transport_proto" ? "proto" : "unknown",
      after: null,
      connection: connectionOf(fields.get("uid"), id?.type === "conn_id" ? id : undefined),
    },
    parameter: { kind: "record", name: "c", record, fields },
  };
}
