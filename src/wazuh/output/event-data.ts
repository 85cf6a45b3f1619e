/** The object `data` of an alert (docs/reference/wazuh.md#json-alert). */
import type { PrintedField } from "../../ossec/engine/event.js";
import type { NamedField } from "../../ossec/engine/named-fields.js";
import { foldAscii } from "../../ossec/patterns/bytes.js";
import { parseCJson, printCJson, printCJsonString } from "../cjson.js";

/** An object that is written as its members come. Of two equal names, letter case ignored, the first holds. */
class DataObject {
  /** By name in lower case; null: the member is no object. */
  readonly #members = new Map<string, DataObject | null>();
  readonly #written: (string | readonly [name: string, value: DataObject])[] = [];

  get isEmpty(): boolean {
    return this.#written.length === 0;
  }

  addText(name: string, value: string): void {
    this.#members.set(foldAscii(name), null);
    this.#written.push(`${printCJsonString(name)}:${printCJsonString(value)}`);
  }

  /** Adds a dynamic field: the dots of its name part the names of objects around it. */
  addField(name: string, value: string): void {
    let around: DataObject = this;
    let from = 0;
    for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", from)) {
      const inner = around.#inner(name.slice(from, dot));
      if (inner === null) return;
      around = inner;
      from = dot + 1;
    }
    const last = from === 0 ? name : name.slice(from);
    const folded = foldAscii(last);
    if (around.#members.has(folded)) return;
    around.#members.set(folded, null);
    around.#written.push(`${printCJsonString(last)}:${fieldValue(value)}`);
  }

  /** The object of a name; null: the name is that of something else. */
  #inner(name: string): DataObject | null {
    const folded = foldAscii(name);
    const known = this.#members.get(folded);
    if (known !== undefined) return known;
    const inner = new DataObject();
    this.#members.set(folded, inner);
    this.#written.push([name, inner]);
    return inner;
  }

  /** The member of a name, letter case ignored, when it is an object. */
  member(name: string): DataObject | null {
    return this.#members.get(name) ?? null;
  }

  print(): string {
    let text = "{";
    for (const [at, member] of this.#written.entries()) {
      if (at > 0) text += ",";
      text += typeof member === "string" ? member : `${printCJsonString(member[0])}:${member[1].print()}`;
    }
    return `${text}}`;
  }

  /** Names and values that are texts, of an object without objects in it. */
  get texts(): readonly (readonly [string, string])[] {
    return this.#written.flatMap((member) => {
      const read = typeof member === "string" ? parseCJson(`{${member}}`)?.value : null;
      if (typeof read !== "object" || read === null || !("members" in read)) return [];
      return read.members.flatMap(([name, value]): [string, string][] =>
        typeof value === "string" ? [[name, value]] : [],
      );
    });
  }
}

/** A text; or an array, where the text is one that JSON knows. */
function fieldValue(value: string): string {
  if (value.startsWith("[")) {
    const parsed = parseCJson(value);
    if (parsed !== null && parsed.end === value.length) return printCJson(parsed.value, false);
  }
  return printCJsonString(value);
}

type DynamicField = Pick<NamedField, "name" | "value">;

/** The data of an event as JSON. */
export interface EventData {
  /** null: there is none. */
  readonly text: string | null;
  /** What an event of the configuration assessment names in `sca.check.compliance`: it joins the rule's groups. */
  readonly compliance: readonly (readonly [string, string])[];
}

/**
 * @param fields - static ones, all of which are shown
 * @param dynamic - those that are empty are left out
 */
export function eventData(fields: readonly PrintedField[], dynamic: readonly DynamicField[]): EventData {
  if (fields.length === 0 && dynamic.length === 0) return { text: null, compliance: [] };
  const data = new DataObject();
  for (const [name, value] of fields) data.addText(name, value);
  for (const { name, value } of dynamic) if (value !== "") data.addField(name, value);
  const compliance = data.member("sca")?.member("check")?.member("compliance")?.texts ?? [];
  return { text: data.isEmpty ? null : data.print(), compliance };
}
