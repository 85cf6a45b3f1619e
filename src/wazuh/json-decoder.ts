/** Wazuh's JSON decoder: fields of a JSON object (docs/reference/wazuh.md#json-decoder). */
import type { FieldSlot, JsonOptions } from "../ossec/definitions.js";
import { setSlot } from "../ossec/engine/decode.js";
import type { Event } from "../ossec/engine/event.js";
import type { NamedField } from "../ossec/engine/named-fields.js";
import {
  type CJson,
  type CJsonArray,
  type CJsonObject,
  fieldNumber,
  type MemberSink,
  printCJson,
  readMembers,
} from "./cjson.js";
import type { MemberPath } from "./member-paths.js";

/** What a line of JSON fills. */
export interface JsonFields {
  /** Static fields in the order in which they are set; the last of equal ones holds. */
  readonly slots: readonly (readonly [FieldSlot, string])[];
  /** Dynamic fields in order, with repeats. */
  readonly dynamic: readonly NamedField[];
}

export interface JsonDecoding extends JsonOptions {
  /** What the event's dstuser is before. */
  readonly dstuser: string | null;
  /** Dynamic fields that the event still takes. */
  readonly room: number;
}

/** Static fields by the names that they have in JSON. */
const slotNames: ReadonlyMap<string, FieldSlot> = new Map([
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["protocol", "protocol"],
  ["action", "action"],
  ["srcuser", "srcuser"],
  ["dstuser", "dstuser"],
  ["id", "id"],
  ["status", "status"],
  ["url", "url"],
  ["data", "data"],
  ["extra_data", "extradata"],
  ["systemname", "systemname"],
]);

/** Bytes of an array's text; a longer one makes no field. */
const longestList = 65536;
const longestNumber = 63;

/** Plain members joined by commas; a comma stands behind each that is not the array's last member. */
function commaSeparated({ items }: CJsonArray): string {
  let text = "";
  for (const [at, item] of items.entries()) {
    if (typeof item === "object" && item !== null) continue;
    const piece = typeof item === "number" ? fieldNumber(item) : `${item}`;
    if (text.length + piece.length >= longestList) return "";
    text += piece;
    // A number that did not fit has the engine go on behind the end of what is read.
    if (typeof item === "number" && piece.length === longestNumber) return text;
    if (at + 1 === items.length) break;
    if (text.length + 1 >= longestList) return "";
    text += ",";
  }
  return text;
}

class FieldCollector implements MemberSink, JsonFields {
  readonly slots: (readonly [FieldSlot, string])[] = [];
  readonly dynamic: NamedField[] = [];
  readonly #decoding: JsonDecoding;
  #dstuser: string | null;

  constructor(decoding: JsonDecoding) {
    this.#decoding = decoding;
    this.#dstuser = decoding.dstuser;
  }

  member({ name, folded, depth }: MemberPath, value: Exclude<CJson, CJsonObject>): void {
    const text = this.#textOf(value);
    if (text === null) return;
    const slot = depth === 0 ? this.#slotOf(name) : undefined;
    if (slot !== undefined) {
      if (slot === "dstuser") this.#dstuser = text;
      this.slots.push([slot, text]);
    } else if (this.dynamic.length < this.#decoding.room) this.dynamic.push({ name, folded, value: text });
  }

  #slotOf(name: string): FieldSlot | undefined {
    if (name === "user" && (this.#dstuser ?? "") === "") return "dstuser";
    return slotNames.get(name);
  }

  /** null: it makes no field. */
  #textOf(value: Exclude<CJson, CJsonObject>): string | null {
    switch (typeof value) {
      case "string":
        return value;
      case "number":
        return fieldNumber(value);
      case "boolean":
        return value ? "true" : "false";
    }
    if (value === null) return this.#decoding.nullField === "string" ? "null" : null;
    if (this.#decoding.arrays === "array") return printCJson(value, true);
    const list = commaSeparated(value);
    return list === "" ? null : list;
  }
}

const noFields: JsonFields = { slots: [], dynamic: [] };

/**
 * The fields of the JSON object that a text (latin1) begins with: none where it begins with another value, and none at all
 * where it cannot be read to its end.
 */
export function jsonFields(text: string, decoding: JsonDecoding): JsonFields {
  const collector = new FieldCollector(decoding);
  return readMembers(text, collector) ? collector : noFields;
}

/** Fills the fields of an event. */
export function decodeJson(event: Event, text: string, options: JsonOptions): void {
  const room = 256 - (event.named?.length ?? 0);
  const { slots, dynamic } = jsonFields(text, { ...options, dstuser: event.dstuser, room });
  for (const [slot, value] of slots) setSlot(event, slot, value);
  if (dynamic.length === 0) return;
  if (event.named === null) event.named = [...dynamic];
  else event.named.push(...dynamic);
}
