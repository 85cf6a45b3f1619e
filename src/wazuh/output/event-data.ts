/** The object `data` of an alert (docs/reference/wazuh.md#json-alert). */
import type { PrintedField } from "../../ossec/engine/event.js";
import type { NamedField } from "../../ossec/engine/named-fields.js";
import { parseCJson, printCJson, printCJsonName, printCJsonString } from "../cjson.js";

/** An object that is written as its members come. Of two equal names, letter case ignored, the first holds. */
class DataObject {
  /** Names in lower case. An event has a few hundred fields at most, so that looking at each in turn will do. */
  readonly #folded: string[] = [];
  /** Members by place: the text of one, or an object. */
  readonly #written: (string | DataObject)[] = [];
  /** What stands before an object's brace: its name with a colon; nothing around all. */
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  get isEmpty(): boolean {
    return this.#written.length === 0;
  }

  addText(name: string, value: string): void {
    this.#folded.push(name);
    this.#written.push(`${printCJsonName(name)}:${printCJsonString(value)}`);
  }

  /** Adds a dynamic field: the dots of its name part the names of objects around it. */
  addField({ name, folded, value }: NamedField): void {
    let around: DataObject = this;
    let from = 0;
    for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", from)) {
      const inner = around.#inner(name.slice(from, dot), folded.slice(from, dot));
      if (inner === null) return;
      around = inner;
      from = dot + 1;
    }
    const last = from === 0 ? folded : folded.slice(from);
    if (around.#folded.includes(last)) return;
    around.#folded.push(last);
    around.#written.push(`${printCJsonName(from === 0 ? name : name.slice(from))}:${fieldValue(value)}`);
  }

  /** The object of a name; null: the name is that of something else. */
  #inner(name: string, folded: string): DataObject | null {
    const at = this.#folded.indexOf(folded);
    if (at >= 0) {
      const known = this.#written[at];
      return known instanceof DataObject ? known : null;
    }
    const inner = new DataObject(`${printCJsonName(name)}:`);
    this.#folded.push(folded);
    this.#written.push(inner);
    return inner;
  }

  /** The member of a name, letter case ignored, when it is an object. */
  member(name: string): DataObject | null {
    const member = this.#written[this.#folded.indexOf(name)];
    return member instanceof DataObject ? member : null;
  }

  print(): string {
    let text = `${this.#name}{`;
    for (let at = 0; at < this.#written.length; at += 1) {
      const member = this.#written[at];
      if (at > 0) text += ",";
      text += member instanceof DataObject ? member.print() : member;
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
export function eventData(fields: readonly PrintedField[], dynamic: readonly NamedField[]): EventData {
  if (fields.length === 0 && dynamic.length === 0) return { text: null, compliance: [] };
  const data = new DataObject("");
  for (const [name, value] of fields) data.addText(name, value);
  for (const field of dynamic) if (field.value !== "") data.addField(field);
  const compliance = data.member("sca")?.member("check")?.member("compliance")?.texts ?? [];
  return { text: data.isEmpty ? null : data.print(), compliance };
}
