/**
 * `<accumulate>`: what one line of a connection says is known to the lines of the same id after it (docs/reference/ossec.md#corner-cases-of-analysis).
 */
import type { EngineDialect } from "../dialect.js";
import type { Event } from "./event.js";
import { ownText } from "./own-text.js";

/** Fields that are filled, and kept, besides `data`. */
const accumulated = ["dstuser", "srcuser", "dstip", "srcip", "dstport", "srcport"] as const;

type Accumulated = (typeof accumulated)[number] | EngineDialect["dataField"];

/** Seconds after which a connection is forgotten. */
const longestSilence = 120;
/** Longer values are not kept (bytes). */
const longestValue = 80;
/** Keys of this length or more are not kept (bytes). */
const keyLimit = 256;
/** Forgotten connections are looked for once in so many events. */
const purgeInterval = 200;

interface Connection {
  time: number;
  readonly values: Map<Accumulated, string>;
}

/** Remembers connections by host, decoder and id. */
export class Accumulator {
  readonly #connections = new Map<string, Connection>();
  readonly #fields: readonly Accumulated[];
  #events = 0;

  constructor({ dataField }: EngineDialect) {
    this.#fields = [...accumulated, dataField];
  }

  /** Fills the empty fields of the event and keeps those that it has. */
  fill(event: Event): void {
    const { id, time } = event;
    const { name } = event.decoder;
    if (id === null || name === null) return;
    this.#purge(time);
    const key = `${event.hostname} ${name} ${id}`;
    if (key.length >= keyLimit) return;
    const known = this.#connections.get(key);
    const isFresh = known !== undefined && time - known.time <= longestSilence;
    const connection = isFresh ? known : { time, values: new Map() };
    if (!isFresh) this.#connections.set(ownText(key), connection);
    connection.time = time;
    exchange(event, connection, this.#fields);
  }

  #purge(time: number): void {
    this.#events += 1;
    if (this.#events < purgeInterval) return;
    this.#events = 0;
    for (const [key, connection] of this.#connections)
      if (time - connection.time > longestSilence) this.#connections.delete(key);
  }
}

/** The event takes what it lacks, the connection what it lacks. */
function exchange(event: Event, { values }: Connection, fields: readonly Accumulated[]): void {
  for (const field of fields) {
    const value = event[field] ?? "";
    const kept = values.get(field);
    if (value === "" && kept !== undefined) event[field] = kept;
    else if (kept === undefined && value !== "" && value.length <= longestValue)
      values.set(field, ownText(value));
  }
}
