/**
 * What searches read of reported events, in rows of numbers: thousands of events are kept and most are never read again,
 * so that an object for each would be mostly work for the garbage collector.
 */
import type { ComparedField, DynamicName } from "../definitions.js";
import type { RuntimeDecoder } from "./decoder-set.js";
import { type Event, none } from "./event.js";
import type { EventQueue } from "./event-queue.js";
import { InternedTexts } from "./interned-texts.js";
import { LineLog } from "./line-log.js";
import { namedValue } from "./named-fields.js";
import { ownText } from "./own-text.js";

/** What composites compare of events: a field, or what is said of them in {@link fieldOf}. */
export type StoredField =
  | Exclude<ComparedField, "srcgeoip" | "dstgeoip">
  /** Who sent the line. */
  | "agent"
  /** Any dynamic field at all. */
  | "any-dynamic"
  | DynamicName;

// A row is 64 bytes or a multiple of it, lines of the processor's cache. By eight bytes: time, serial number, place of the
// line in the log; then by four bytes:
const lineWords = 16;
const timeAt = 0;
const serialAt = 1;
const placeAt = 2;
const matchedAt = 6;
/** Below 0: the line and the fields are not kept. */
const lengthAt = 7;
/** From here on columns. */
const firstSlot = 8;

/** A field, and where the number of its text stands in a row; 0 there: the field is not set, or nobody compares it. */
export interface Column {
  readonly field: StoredField;
  readonly slot: number;
}

/** What is done with the events of a rule. */
export interface Feeding {
  /** Queues that its events stand in; one may stand here several times, and so do the events in it. */
  readonly queues: readonly EventQueue[];
  /** Every event can be searched (`if_matched_regex`). */
  readonly searched: boolean;
  /** What some composite compares; null: not worked out before the first event. */
  columns: readonly Column[] | null;
}

/** A field of an event: one load a name, since a load by a name that varies is dear. */
export function fieldOf(event: Event, field: StoredField): string | null {
  if (typeof field !== "string") return namedValue(event, field.dynamic);
  switch (field) {
    case "srcip":
      return event.srcip;
    case "id":
      return event.id;
    case "dstuser":
      return event.dstuser;
    case "url":
      return event.url;
    case "srcport":
      return event.srcport;
    case "dstport":
      return event.dstport;
    case "hostname":
      return event.hostname;
    case "agent":
      return event.head.agentId;
    case "any-dynamic":
      return event.named === null ? null : "";
    case "dstip":
      return event.dstip;
    case "srcuser":
      return event.srcuser;
    case "protocol":
      return event.protocol;
    case "action":
      return event.action;
    case "data":
      return event.data;
    case "extradata":
      return event.extradata;
    case "status":
      return event.status;
    case "systemname":
      return event.systemname;
    case "location":
      return event.location;
  }
}

function isSameField(one: StoredField, other: StoredField): boolean {
  return typeof one === "string" || typeof other === "string" ? one === other : one.dynamic === other.dynamic;
}

/** Rows for as many events as a power of two: an event's is at its number modulo that. */
interface Rows {
  readonly mask: number;
  // The same memory.
  readonly doubles: Float64Array;
  readonly words: Int32Array;
  readonly feedings: (Feeding | null)[];
  // Only where every event can be searched.
  readonly decoders: (RuntimeDecoder | null)[];
  readonly logs: (string | null)[];
}

function rows(size: number, rowWords: number): Rows {
  const doubles = new Float64Array((size * rowWords) / 2);
  return {
    mask: size - 1,
    doubles,
    words: new Int32Array(doubles.buffer),
    feedings: new Array<Feeding | null>(size).fill(null),
    decoders: [],
    logs: [],
  };
}

/** Events by number, from the oldest one that is kept to the newest. */
export class StoredEvents {
  readonly texts = new InternedTexts();
  readonly #lines = new LineLog();
  readonly #columns: Column[] = [];
  /** Four-byte words of a row, and half of that. */
  #rowWords = lineWords;
  #rowDoubles = lineWords / 2;
  #rows = rows(256, lineWords);
  #oldest = 0;
  #next = 0;

  /** The column of a field; to be asked for before the first event is kept. */
  column(field: StoredField): Column {
    const known = this.#columns.find((column) => isSameField(column.field, field));
    if (known !== undefined) return known;
    const column = { field, slot: firstSlot + this.#columns.length };
    this.#columns.push(column);
    if (column.slot >= this.#rowWords) {
      this.#rowWords += lineWords;
      this.#rowDoubles = this.#rowWords / 2;
      this.#rows = rows(256, this.#rowWords);
    }
    return column;
  }

  get size(): number {
    return this.#next - this.#oldest;
  }

  /** Number of the oldest event, or of the next one where there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Keeps an event and returns its number. */
  add(event: Event, feeding: Feeding): number {
    if (this.size > this.#rows.mask) this.#grow();
    const { mask, doubles, words, feedings, decoders, logs } = this.#rows;
    const rowWords = this.#rowWords;
    const rowDoubles = this.#rowDoubles;
    const number = this.#next;
    const at = number & mask;
    const isRead = feeding.searched || feeding.queues.length > 0;
    this.#next += 1;
    feedings[at] = feeding;
    doubles[at * rowDoubles + timeAt] = event.time;
    doubles[at * rowDoubles + serialAt] = event.serial;
    words[at * rowWords + matchedAt] = event.matched;
    words[at * rowWords + lengthAt] = isRead ? event.fullLog.length : -1;
    if (!isRead) return number;
    doubles[at * rowDoubles + placeAt] = this.#lines.add(event.fullLog);
    const columns = feeding.columns ?? none;
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index];
      if (column === undefined) break;
      const value = fieldOf(event, column.field);
      if (value !== null) words[at * rowWords + column.slot] = this.texts.refer(value);
    }
    if (feeding.searched) {
      decoders[at] = event.decoder;
      logs[at] = ownText(event.log);
    }
    return number;
  }

  /** Forgets the oldest event. */
  dropOldest(): void {
    const { mask, doubles, words, feedings, logs } = this.#rows;
    const rowWords = this.#rowWords;
    const at = this.#oldest & mask;
    this.#oldest += 1;
    const columns = feedings[at]?.columns ?? none;
    feedings[at] = null;
    if ((words[at * rowWords + lengthAt] ?? -1) < 0) return;
    this.#lines.dropBefore(doubles[at * this.#rowDoubles + placeAt] ?? 0);
    for (const { slot } of columns) {
      const text = words[at * rowWords + slot] ?? 0;
      if (text === 0) continue;
      this.texts.release(text);
      words[at * rowWords + slot] = 0;
    }
    if (logs.length > 0) logs[at] = null;
  }

  #double(number: number, at: number): number {
    const { mask, doubles } = this.#rows;
    return doubles[(number & mask) * this.#rowDoubles + at] ?? 0;
  }

  #word(number: number, at: number): number {
    const { mask, words } = this.#rows;
    return words[(number & mask) * this.#rowWords + at] ?? 0;
  }

  /** Epoch seconds of receipt. */
  time(number: number): number {
    return this.#double(number, timeAt);
  }

  serial(number: number): number {
    return this.#double(number, serialAt);
  }

  /** Level of the composite that counted it; 0 = none. */
  matched(number: number): number {
    return this.#word(number, matchedAt);
  }

  setMatched(number: number, level: number): void {
    const { mask, words } = this.#rows;
    words[(number & mask) * this.#rowWords + matchedAt] = level;
  }

  /** Number of a field's text; 0: it is not set. Only of fields that are compared. */
  text(number: number, slot: number): number {
    return this.#word(number, slot);
  }

  fullLog(number: number): string {
    return this.#lines.read(this.#double(number, placeAt), this.#word(number, lengthAt));
  }

  /** Text that decoders and rules saw; only where every event can be searched. */
  log(number: number): string {
    return this.#rows.logs[number & this.#rows.mask] ?? "";
  }

  /** Only where every event can be searched. */
  decoder(number: number): RuntimeDecoder | null {
    return this.#rows.decoders[number & this.#rows.mask] ?? null;
  }

  feeding(number: number): Feeding | null {
    return this.#rows.feedings[number & this.#rows.mask] ?? null;
  }

  #grow(): void {
    const from = this.#rows;
    const rowWords = this.#rowWords;
    const to = rows(2 * (from.mask + 1), rowWords);
    for (let number = this.#oldest; number < this.#next; number += 1) {
      const old = number & from.mask;
      const at = number & to.mask;
      to.words.set(from.words.subarray(old * rowWords, (old + 1) * rowWords), at * rowWords);
      to.feedings[at] = from.feedings[old] ?? null;
      if (from.logs.length === 0) continue;
      to.decoders[at] = from.decoders[old] ?? null;
      to.logs[at] = from.logs[old] ?? null;
    }
    this.#rows = to;
  }
}
