/** Descriptions of rules with the values of fields in them (docs/reference/wazuh.md#matching-in-wazuh). */
import type { Event } from "../ossec/engine/event.js";
import { namedValue } from "../ossec/engine/named-fields.js";

/** Bytes of a description that are looked at, and more than its result has. */
const limit = 1024;

/** Fixed fields by the names that descriptions know; letter case counts. */
function fixedValue(event: Event, name: string): string | null | undefined {
  switch (name) {
    case "dstuser":
    case "srcuser":
    case "srcip":
    case "dstip":
    case "srcport":
    case "dstport":
    case "protocol":
    case "action":
    case "id":
    case "url":
    case "data":
    case "status":
    case "hostname":
      return event[name];
    case "extra_data":
      return event.extradata;
    case "system_name":
      return event.systemname;
    case "program_name":
      return event.programName;
    default:
      return undefined;
  }
}

/**
 * Puts values in the place of `$(name)`; an unknown name, or a field that is not set, gives nothing. A description whose
 * result is too long, or in which a name does not end, stays as it is.
 */
export function describe(description: string, event: Event): string {
  if (!description.includes("$(") && description.length < limit) return description;
  const text = description.slice(0, limit);
  let result = "";
  let at = 0;
  for (let open = text.indexOf("$("); open >= 0; open = text.indexOf("$(", at)) {
    const close = text.indexOf(")", open);
    if (close < 0) return description;
    const name = text.slice(open + 2, close);
    const fixed = fixedValue(event, name);
    const value = fixed === undefined ? namedValue(event, name.toLowerCase()) : fixed;
    result += text.slice(at, open) + (value ?? "");
    if (result.length >= limit) return description;
    at = close + 1;
  }
  result += text.slice(at);
  return result.length >= limit ? description : result;
}
