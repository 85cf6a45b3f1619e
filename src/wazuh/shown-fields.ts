/** The fields of an event as they are shown: fixed ones first (docs/reference/wazuh.md#json-alert). */
import type { Event, PrintedField } from "../ossec/engine/event.js";

/** Fixed fields in the order of an alert's JSON, and the names that they have there. */
export const fixedFields = [
  ["protocol", "protocol"],
  ["action", "action"],
  ["srcip", "srcip"],
  ["srcport", "srcport"],
  ["srcuser", "srcuser"],
  ["dstip", "dstip"],
  ["dstport", "dstport"],
  ["dstuser", "dstuser"],
  ["id", "id"],
  ["status", "status"],
  ["url", "url"],
  ["data", "data"],
  ["extradata", "extra_data"],
  ["systemname", "system_name"],
] as const;

/** With values that are empty, and dynamic names that are set twice. */
export function shownFields(event: Event): readonly PrintedField[] {
  const fields: PrintedField[] = [];
  for (const [slot, name] of fixedFields) {
    const value = event[slot];
    if (value !== null) fields.push([name, value]);
  }
  for (const { name, value } of event.named ?? []) fields.push([name, value]);
  return fields;
}
