import type { EventInput } from "../zeek/connections/events.js";
import type { Binding, Valued } from "./binding.js";
import type { DetectionEngine } from "./engine.js";

/** The event of detections on conn.log's own rows: a row is written at its connection's removal. */
const connRow = "Conn::log_conn";
const newConnection = ["new_connection"];

/** The events of the detections that come when a connection is removed. */
function removalEvents(events: ReadonlySet<string>): readonly string[] {
  return ["connection_state_remove", connRow].filter((event) => events.has(event));
}

/** The events of a detection's engine that an event of conn.log stands for. */
export function connectionEvents({
  events,
}: Pick<DetectionEngine<Valued>, "events">): Readonly<
  Record<"new_connection" | "connection_state_remove", readonly string[]>
> {
  return { new_connection: newConnection, connection_state_remove: removalEvents(events) };
}

/** What is read of conn.log for the detections of an engine; the same in every thread. */
export function connectionInput(
  { events, wants }: Pick<DetectionEngine<Valued>, "events" | "wants">,
  binding: Binding,
  files: readonly string[],
): EventInput {
  const removal = removalEvents(events);
  const input: EventInput = {
    log: binding.log,
    files,
    columns: binding.columns,
    kinds: [
      ...(events.has("new_connection") ? (["new_connection"] as const) : []),
      ...(removal.length > 0 ? (["connection_state_remove"] as const) : []),
    ],
  };
  if (wants === null) return input;
  const wantsRemoval = wantedByAny(wants, removal);
  return {
    ...input,
    wants: (row, kind) => (kind === "connection_state_remove" ? wantsRemoval(row) : wants(kind, row)),
    later: binding.later,
  };
}

/** Asks for several events of one row. */
export function wantedByAny(
  wants: (event: string, row: Valued) => number,
  events: readonly string[],
): (row: Valued) => number {
  const [only = ""] = events;
  if (events.length === 1) return (row) => wants(only, row);
  return (row) => events.reduce((all, event) => all | wants(event, row), 0);
}
