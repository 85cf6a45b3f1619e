/** `if_fts`: has the decoder's combination of fields been seen before? (docs/reference/ossec.md#decoders, #matching-rules) */
import type { DynamicName, FtsField, InternalOptions } from "../definitions.js";
import type { EngineDialect } from "../dialect.js";
import type { Event } from "./event.js";
import { namedValue } from "./named-fields.js";
import { ownText } from "./own-text.js";

/** The engine's buffer holds 255 bytes of the key. */
const keyLimit = 255;

type KeyField = Exclude<FtsField, "name" | DynamicName>;

const beforeData: readonly KeyField[] = ["id", "dstuser", "srcuser", "srcip", "dstip"];
const behindData: readonly KeyField[] = ["systemname", "location"];

function commonPrefix(one: string, other: string): number {
  let count = 0;
  while (count < one.length && count < other.length && one.charCodeAt(count) === other.charCodeAt(count))
    count += 1;
  return count;
}

/** Remembers combinations for the life of the engine. */
export class FirstTimeSeen {
  readonly #seen = new Set<string>();
  readonly #recent: string[] = [];
  readonly #recentEntries: number;
  readonly #similarPrefix: number;
  readonly #keyFields: readonly KeyField[];

  constructor({ ftsListSize, ftsPrefix }: InternalOptions, { dataField }: EngineDialect) {
    this.#keyFields = [...beforeData, dataField, ...behindData];
    this.#recentEntries = ftsListSize;
    this.#similarPrefix = ftsPrefix;
  }

  /** True the first time; IDS events that resemble three recent ones count as one. */
  isNew(event: Event): boolean {
    const { fts, name, type } = event.decoder;
    let key = name ?? "(null)";
    for (const field of this.#keyFields) key += fts.has(field) ? ` ${event[field] ?? ""}` : " ";
    for (const field of fts)
      if (typeof field !== "string") key += ` ${namedValue(event, field.dynamic.toLowerCase()) ?? ""}`;
    if (key.length > keyLimit) key = key.slice(0, keyLimit);
    if (this.#seen.has(key)) return false;
    key = ownText(key);
    if (type === "ids") {
      let similar = 0;
      for (let at = this.#recent.length - 1; at >= 0; at -= 1) {
        if (commonPrefix(this.#recent[at] ?? "", key) <= this.#similarPrefix) continue;
        similar += 1;
        if (similar <= 2) continue;
        key = key.slice(0, this.#similarPrefix);
        break;
      }
      this.#recent.push(key);
      if (this.#recent.length > this.#recentEntries) this.#recent.shift();
    }
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}
