import { eventExpressions } from "../../detections/binding.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { ZeekDetectionModel } from "../../model/model.js";
import { walk } from "../../model/walk.js";
import { zeekEvent } from "../../zeek-records/records.js";
import { unsetAt } from "../../zeek-records/unset.js";
import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

const helps = {
  removal:
    'Zeek sets it when the connection is removed: take the event "connection_state_remove", or "conn.log"',
  analysis: "nothing of the connection has been analysed at its first packet: take the rows of that log",
} as const;

/** A condition on a field that is never set when the event comes never holds. */
export const checkUnsetFields: Policy = ({ detections }) =>
  detections.flatMap(({ kind, model }) => (kind === "zeek" || kind === "scan" ? unsetFields(model) : []));

function unsetFields(
  detection: Pick<ZeekDetectionModel, "event" | "rows" | "where" | "key" | "count">,
): readonly Diagnostic[] {
  const { event, rows } = detection;
  const entry = rows === null ? zeekEvent(event) : undefined;
  if (entry?.record !== "connection" && entry?.record !== "tcp_packet") return [];
  const found = new Map<string, Diagnostic>();
  for (const expression of eventExpressions(detection))
    for (const node of walk(expression)) {
      if (node.kind !== "field" && node.kind !== "presence") continue;
      const later = unsetAt(entry.moment, entry.record === "tcp_packet" ? node.path.slice(1) : node.path);
      const name = [node.parameter, ...node.path].join(".");
      if (later !== null && !found.has(name))
        found.set(
          name,
          codes.unsetField(node.span, `${name} is never set when ${event} comes`, helps[later]),
        );
    }
  return [...found.values()];
}
