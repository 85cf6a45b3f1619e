/**
 * What searches read of reported events, in columns: thousands of events are kept and most are never read again, so
 * that an object for each would be mostly work for the garbage collector.
 */
import type { RuntimeDecoder } from "./decoder-set.js";
import type { Event } from "./event.js";
import type { EventQueue } from "./event-queue.js";
import { InternedTexts } from "./interned-texts.js";
import { LineLog } from "./line-log.js";

/** Fields that composites compare. */
export const comparedFields = ["srcip", "id", "dstuser", "url", "srcport", "dstport", "hostname"] as const;

export type ComparedField = (typeof comparedFields)[number];

/** What is done with the events of a rule. */
export interface Feeding {
  /** Queues that its events stand in; one may stand here several times, and so do the events in it. */
  readonly queues: readonly EventQueue[];
  /** Every event can be searched (`if_matched_regex`). */
  readonly searched: boolean;
  /** Fields that some composite compares; null: not worked out before the first event. */
  fields: readonly ComparedField[] | null;
}

/** A field of an event: one load a name, since a load by a name that varies is dear. */
export function fieldOf(event: Event, field: ComparedField): string | null {
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
  }
}

/** Columns of one size, a power of two: an event stands at its number modulo the size. */
interface Columns {
  readonly mask: number;
  readonly times: Float64Array;
  readonly serials: Float64Array;
  readonly matched: Int32Array;
  /** Place and length of the line in the log; a length below 0: it is not kept. */
  readonly places: Float64Array;
  readonly lengths: Int32Array;
  /** Numbers of texts; 0: the field is not set, or nobody compares it. */
  readonly fields: Readonly<Record<ComparedField, Int32Array>>;
  readonly feedings: (Feeding | null)[];
  // Only where every event can be searched.
  readonly decoders: (RuntimeDecoder | null)[];
  readonly logs: (string | null)[];
}

function columns(size: number): Columns {
  const numbers = (): Int32Array => new Int32Array(size);
  return {
    mask: size - 1,
    times: new Float64Array(size),
    serials: new Float64Array(size),
    matched: numbers(),
    places: new Float64Array(size),
    lengths: numbers(),
    fields: {
      srcip: numbers(),
      id: numbers(),
      dstuser: numbers(),
      url: numbers(),
      srcport: numbers(),
      dstport: numbers(),
      hostname: numbers(),
    },
    feedings: new Array<Feeding | null>(size).fill(null),
    decoders: [],
    logs: [],
  };
}

/** Events by number, from the oldest one that is kept to the newest. */
export class StoredEvents {
  readonly texts = new InternedTexts();
  readonly #lines = new LineLog();
  #columns = columns(16);
  #oldest = 0;
  #next = 0;

  get size(): number {
    return this.#next - this.#oldest;
  }

  /** Number of the oldest event, or of the next one where there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Keeps an event and returns its number. */
  add(event: Event, feeding: Feeding): number {
    if (this.size > this.#columns.mask) this.#grow();
    const to = this.#columns;
    const number = this.#next;
    const at = number & to.mask;
    this.#next += 1;
    to.times[at] = event.time;
    to.serials[at] = event.serial;
    to.matched[at] = event.matched;
    to.feedings[at] = feeding;
    const isRead = feeding.searched || feeding.queues.length > 0;
    to.lengths[at] = isRead ? event.fullLog.length : -1;
    if (!isRead) return number;
    to.places[at] = this.#lines.add(event.fullLog);
    const fields = feeding.fields ?? comparedFields;
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index];
      const value = field === undefined ? null : fieldOf(event, field);
      if (field !== undefined && value !== null) to.fields[field][at] = this.texts.refer(value);
    }
    if (feeding.searched) {
      to.decoders[at] = event.decoder;
      to.logs[at] = event.log;
    }
    return number;
  }

  /** Forgets the oldest event. */
  dropOldest(): void {
    const from = this.#columns;
    const at = this.#oldest & from.mask;
    this.#oldest += 1;
    const fields = from.feedings[at]?.fields ?? comparedFields;
    from.feedings[at] = null;
    if ((from.lengths[at] ?? -1) < 0) return;
    this.#lines.dropBefore(from.places[at] ?? 0);
    for (let index = 0; index < fields.length; index += 1) {
      const column = from.fields[fields[index] ?? "srcip"];
      const text = column[at] ?? 0;
      if (text === 0) continue;
      this.texts.release(text);
      column[at] = 0;
    }
    if (from.logs.length > 0) from.logs[at] = null;
  }

  /** Epoch seconds of receipt. */
  time(number: number): number {
    return this.#columns.times[number & this.#columns.mask] ?? 0;
  }

  serial(number: number): number {
    return this.#columns.serials[number & this.#columns.mask] ?? 0;
  }

  /** Level of the composite that counted it; 0 = none. */
  matched(number: number): number {
    return this.#columns.matched[number & this.#columns.mask] ?? 0;
  }

  setMatched(number: number, level: number): void {
    this.#columns.matched[number & this.#columns.mask] = level;
  }

  /** Number of a field's text; 0: it is not set. Only of fields that are compared. */
  text(number: number, field: ComparedField): number {
    return this.#columns.fields[field][number & this.#columns.mask] ?? 0;
  }

  fullLog(number: number): string {
    const { places, lengths, mask } = this.#columns;
    return this.#lines.read(places[number & mask] ?? 0, lengths[number & mask] ?? 0);
  }

  /** Text that decoders and rules saw; only where every event can be searched. */
  log(number: number): string {
    return this.#columns.logs[number & this.#columns.mask] ?? "";
  }

  /** Only where every event can be searched. */
  decoder(number: number): RuntimeDecoder | null {
    return this.#columns.decoders[number & this.#columns.mask] ?? null;
  }

  feeding(number: number): Feeding | null {
    return this.#columns.feedings[number & this.#columns.mask] ?? null;
  }

  #grow(): void {
    const from = this.#columns;
    const to = columns(2 * (from.mask + 1));
    for (let number = this.#oldest; number < this.#next; number += 1) {
      const old = number & from.mask;
      const at = number & to.mask;
      to.times[at] = from.times[old] ?? 0;
      to.serials[at] = from.serials[old] ?? 0;
      to.matched[at] = from.matched[old] ?? 0;
      to.places[at] = from.places[old] ?? 0;
      to.lengths[at] = from.lengths[old] ?? 0;
      for (const field of comparedFields) to.fields[field][at] = from.fields[field][old] ?? 0;
      to.feedings[at] = from.feedings[old] ?? null;
      if (from.logs.length === 0) continue;
      to.decoders[at] = from.decoders[old] ?? null;
      to.logs[at] = from.logs[old] ?? null;
    }
    this.#columns = to;
  }
}
