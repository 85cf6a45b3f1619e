/** `<ignore>` and `<check_if_ignored>` (docs/reference/ossec.md#rule-elements, #matching-rules). */
import type { DynamicName, IgnoreField } from "../definitions.js";
import type { EngineDialect } from "../dialect.js";
import type { Event } from "./event.js";
import { namedValue } from "./named-fields.js";

const keyFields: readonly Exclude<IgnoreField, "name" | DynamicName>[] = ["id", "dstuser", "srcip", "dstip"];

/** What earlier alerts asked to ignore. ossec-logtest writes nothing down, so there it stays empty. */
export class IgnoreList {
  readonly #keys = new Set<string>();
  readonly #dataField: EngineDialect["dataField"];

  constructor({ dataField }: EngineDialect) {
    this.#dataField = dataField;
  }

  add(event: Event, ignore: readonly IgnoreField[]): void {
    this.#keys.add(this.#key(event, ignore, ignore));
  }

  has(event: Event, check: readonly IgnoreField[], ignore: readonly IgnoreField[]): boolean {
    return this.#keys.size > 0 && this.#keys.has(this.#key(event, check, ignore));
  }

  /** `data` is read from the `<ignore>` names in both places: so the engine has it. */
  #key(event: Event, names: readonly IgnoreField[], dataNames: readonly IgnoreField[]): string {
    const parts = [names.includes("name") ? (event.decoder.name ?? "") : ""];
    for (const field of keyFields) parts.push(names.includes(field) ? (event[field] ?? "") : "");
    parts.push(dataNames.includes(this.#dataField) ? (event[this.#dataField] ?? "") : "");
    parts.push("", names.includes("location") ? event.location : "");
    for (const name of names)
      if (typeof name !== "string") parts.push(namedValue(event, name.dynamic.toLowerCase()) ?? "");
    return parts.join(" ");
  }
}
