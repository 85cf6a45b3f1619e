/** Lists of reported events that composites search (docs/reference/ossec.md#correlation). */
import type { Column, StoredEvents } from "./stored-events.js";

/**
 * The events of a queue by the text of a field. Places count from the first event that the queue ever held; a
 * column of places is as long as the queue's own.
 */
interface KeyIndex {
  readonly slot: number;
  /** By number of a text: how many events of the queue have it. */
  sizes: Int32Array;
  /** By number of a text: the place of the newest of them. */
  newest: Float64Array;
  /** By place: the place of the next older event with the same text. */
  older: Float64Array;
}

/** A list of events, by their numbers. */
export class EventQueue {
  readonly #stored: StoredEvents;
  readonly #limit: number;
  /** By place, modulo the length: a power of two. */
  #numbers = new Float64Array(16);
  #oldest = 0;
  #next = 0;
  readonly #indexes: KeyIndex[] = [];
  /** What its composites compare. */
  readonly compared = new Set<Column>();
  /** Serial number of the newest event marked with a level, by level. */
  readonly #marks: { readonly level: number; serial: number }[] = [];

  /** @param limit - events that it holds at most */
  constructor(stored: StoredEvents, limit = Number.POSITIVE_INFINITY) {
    this.#stored = stored;
    this.#limit = limit;
  }

  /** Place of the newest event; -1: there is none. */
  get newest(): number {
    return this.#next === this.#oldest ? -1 : this.#next - 1;
  }

  /** Number of the event at a place. */
  at(place: number): number {
    return this.#numbers[place & (this.#numbers.length - 1)] ?? 0;
  }

  /** Is there an event at the place? */
  holds(place: number): boolean {
    return place >= this.#oldest;
  }

  /** Keeps an index by this field from now on, so that its events are found without a look at the others; to be called while the queue is empty. */
  indexBy({ slot }: Column): void {
    if (this.#index(slot) !== undefined) return;
    this.#indexes.push({
      slot,
      sizes: new Int32Array(16),
      newest: new Float64Array(16),
      older: new Float64Array(this.#numbers.length),
    });
  }

  /** How many events have this text in the field. */
  countOf({ slot }: Column, text: number): number {
    return this.#index(slot)?.sizes[text] ?? 0;
  }

  /** Place of the newest of them. */
  newestOf({ slot }: Column, text: number): number {
    return this.#index(slot)?.newest[text] ?? -1;
  }

  /** Place of the next older one with the same text. */
  olderThan({ slot }: Column, place: number): number {
    const older = this.#index(slot)?.older;
    return older?.[place & (older.length - 1)] ?? -1;
  }

  #index(slot: number): KeyIndex | undefined {
    for (const index of this.#indexes) if (index.slot === slot) return index;
    return undefined;
  }

  add(event: number): void {
    if (this.#next - this.#oldest === this.#numbers.length) this.#grow();
    const place = this.#next;
    const at = place & (this.#numbers.length - 1);
    this.#next += 1;
    this.#numbers[at] = event;
    for (const index of this.#indexes) {
      const text = this.#stored.text(event, index.slot);
      if (text > 0) link(index, text, place, at);
    }
    const level = this.#stored.matched(event);
    if (level > 0) this.mark(level, this.#stored.serial(event));
    if (this.#next - this.#oldest > this.#limit) this.#dropOldest();
  }

  /** Drops the event if it is still there: then it is the oldest one. */
  drop(event: number): void {
    if (this.#next > this.#oldest && this.at(this.#oldest) === event) this.#dropOldest();
  }

  #dropOldest(): void {
    const event = this.at(this.#oldest);
    this.#oldest += 1;
    for (const { slot, sizes } of this.#indexes) {
      const text = this.#stored.text(event, slot);
      if (text > 0) sizes[text] = (sizes[text] ?? 0) - 1;
    }
  }

  /** Notes that an event of this queue was marked with a level. */
  mark(level: number, serial: number): void {
    const known = this.#marks.find((mark) => mark.level === level);
    if (known === undefined) this.#marks.push({ level, serial });
    else if (serial > known.serial) known.serial = serial;
  }

  /** Serial number of the newest event marked with this level or a higher one; 0: none. */
  newestMark(level: number): number {
    let newest = 0;
    for (const mark of this.#marks) if (mark.level >= level && mark.serial > newest) newest = mark.serial;
    return newest;
  }

  #grow(): void {
    const from = this.#numbers.length - 1;
    const to = 2 * this.#numbers.length - 1;
    const moved = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const longer = new Float64Array(to + 1);
      for (let place = this.#oldest; place < this.#next; place += 1)
        longer[place & to] = column[place & from] ?? 0;
      return longer;
    };
    this.#numbers = moved(this.#numbers);
    for (const index of this.#indexes) index.older = moved(index.older);
  }
}

function link(index: KeyIndex, text: number, place: number, at: number): void {
  if (text >= index.sizes.length) {
    const { sizes, newest } = index;
    index.sizes = new Int32Array(2 * text);
    index.sizes.set(sizes);
    index.newest = new Float64Array(2 * text);
    index.newest.set(newest);
  }
  index.older[at] = index.newest[text] ?? 0;
  index.newest[text] = place;
  index.sizes[text] = (index.sizes[text] ?? 0) + 1;
}
