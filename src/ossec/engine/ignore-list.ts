/** `<ignore>` and `<check_if_ignored>` (docs/reference/ossec.md#rule-elements, #matching-rules). */
import type { DynamicName, IgnoreField } from "../definitions.js";
import type { Event } from "./event.js";

const keyFields: readonly Exclude<IgnoreField, "name" | DynamicName>[] = [
  "id",
  "dstuser",
  "srcip",
  "dstip",
  "extradata",
];

/** `data` is read from the `<ignore>` names in both places: so the engine has it. */
function key(event: Event, names: readonly IgnoreField[], dataNames: readonly IgnoreField[]): string {
  const parts = [names.includes("name") ? (event.decoder.name ?? "") : ""];
  for (const field of keyFields) {
    const given = (field === "extradata" ? dataNames : names).includes(field);
    parts.push(given ? (event[field] ?? "") : "");
  }
  parts.push("", names.includes("location") ? event.location : "");
  return parts.join(" ");
}

/** What earlier alerts asked to ignore. ossec-logtest writes nothing down, so there it stays empty. */
export class IgnoreList {
  readonly #keys = new Set<string>();

  add(event: Event, ignore: readonly IgnoreField[]): void {
    this.#keys.add(key(event, ignore, ignore));
  }

  has(event: Event, check: readonly IgnoreField[], ignore: readonly IgnoreField[]): boolean {
    return this.#keys.size > 0 && this.#keys.has(key(event, check, ignore));
  }
}
