import type { LogRowsModel, ZeekDetectionModel } from "../../model/model.js";
import { zeekEvent } from "../../zeek-records/records.js";
import type { ParameterNames } from "./expression.js";
import type { Parameter } from "./functions.js";

/** Parameters of an event's handlers, as its prototype spells them. The first one is `c` in expressions. */
export interface EventPrototype {
  /** `c`, a `connection`. */
  readonly parameters: readonly Parameter[];
  /** What `c` of expressions is called. */
  readonly names: ParameterNames;
  /** True for an event in the turned connection's sense: Zeek's condition; null where nothing tells. */
  readonly turned: string | null;
  /** A statement that brings `c` up to date before anything reads it; null where it is. */
  readonly refresh: string | null;
}

/** The prototype of what a detection looks at: an event with one parameter, a record. */
export function eventPrototype({ event, rows }: ZeekDetectionModel): EventPrototype {
  if (rows !== null)
    return {
      parameters: [{ name: rows.parameter, type: rows.record }],
      names: { c: rows.parameter },
      turned: turnedRow(rows),
      refresh: null,
    };
  if (event === "tcp_packet") return packetPrototype;
  const entry = zeekEvent(event);
  if (entry === undefined) throw new Error(`bug in zopf: no prototype of the event ${JSON.stringify(event)}`);
  const turned = entry.record === "connection" ? "c?$history && /\\^/ in c$history" : null;
  const refresh = event === "new_connection" ? refreshed : null;
  return { parameters: [{ name: "c", type: entry.record }], names: {}, turned, refresh };
}

/**
 * Zeek fills the record of `new_connection` before it has analysed the packet: the history then is mostly empty, and
 * depends on which other handlers are loaded (docs/reference/zeek.md#what-is-known-at-each-event). Looking the connection up fills it again.
 */
const refreshed = "if ( connection_exists(c$id) )\n\t\tlookup_connection(c$id);";

/** The one event with several parameters (docs/reference/zeek.md#scans-in-connlog); in expressions they are fields of one record. */
const packetPrototype: EventPrototype = {
  parameters: [
    { name: "c", type: "connection" },
    { name: "is_orig", type: "bool" },
    { name: "flags", type: "string" },
    { name: "seq", type: "count" },
    { name: "ack", type: "count" },
    { name: "len", type: "count" },
    { name: "payload", type: "string" },
  ],
  names: { c: ([first = "", ...rest]) => (first === "connection" ? ["c", ...rest].join("$") : first) },
  turned: "c?$history && /\\^/ in c$history",
  refresh: null,
};

/** A row has no history, but its connection has one, also after its removal (templates/zeek/turned.hbs). */
function turnedRow({ connection, parameter }: LogRowsModel): string | null {
  const turned = `is_turned(${parameter}$uid, ${parameter}$id)`;
  switch (connection) {
    case "history":
      return `${parameter}?$history && /\\^/ in ${parameter}$history`;
    case "always":
      return turned;
    case "maybe":
      return `${parameter}?$uid && ${parameter}?$id && ${turned}`;
    case "never":
      return null;
  }
}

/** Whether a detection asks for that of connections that may be gone. */
export function asksForTurned({ ignoreFlipped, rows }: ZeekDetectionModel): boolean {
  return ignoreFlipped && (rows?.connection === "always" || rows?.connection === "maybe");
}
