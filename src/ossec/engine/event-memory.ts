/** What the engine remembers of reported events (spec/ossec.md 8). */
import type { Event } from "./event.js";

/** Items from the oldest to the newest; taking the oldest is cheap. */
export class Fifo<T> {
  #items: T[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  newest(index: number): T | undefined {
    const at = this.#items.length - 1 - index;
    return at < this.#head ? undefined : this.#items[at];
  }

  get oldest(): T | undefined {
    return this.#items[this.#head];
  }

  add(item: T): void {
    this.#items.push(item);
  }

  dropOldest(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}

/** A field that composites compare, and by which a queue finds events without looking at the others. */
export type KeyField = "srcip" | "id" | "dstuser";

interface KeyIndex {
  readonly field: KeyField;
  readonly chains: Map<string, Fifo<Event>>;
}

/** A list of events that composites search. */
export class EventQueue {
  readonly #events = new Fifo<Event>();
  readonly #indexes: KeyIndex[] = [];
  /** Newest event marked with a level, by level. */
  readonly #marks: { readonly level: number; serial: number }[] = [];

  get size(): number {
    return this.#events.size;
  }

  /** From the newest (0) to the oldest (`size - 1`). */
  newest(index: number): Event | undefined {
    return this.#events.newest(index);
  }

  get oldest(): Event | undefined {
    return this.#events.oldest;
  }

  /** Keeps an index by this field from now on; to be called while the queue is empty. */
  indexBy(field: KeyField): void {
    if (!this.#indexes.some((index) => index.field === field))
      this.#indexes.push({ field, chains: new Map() });
  }

  /** The events whose field has this value; null: there are none. */
  eventsWith(field: KeyField, value: string): Fifo<Event> | null {
    for (const known of this.#indexes) if (known.field === field) return known.chains.get(value) ?? null;
    return null;
  }

  add(event: Event): void {
    this.#events.add(event);
    for (const { field, chains } of this.#indexes) {
      const value = event[field];
      if (value === null) continue;
      let chain = chains.get(value);
      if (chain === undefined) {
        chain = new Fifo<Event>();
        chains.set(value, chain);
      }
      chain.add(event);
    }
    if (event.matched > 0) this.mark(event.matched, event.serial);
  }

  dropOldest(): void {
    const event = this.#events.dropOldest();
    if (event === undefined) return;
    for (const { field, chains } of this.#indexes) {
      const value = event[field];
      const chain = value === null ? undefined : chains.get(value);
      if (value === null || chain === undefined) continue;
      chain.dropOldest();
      if (chain.size === 0) chains.delete(value);
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
}

/** Lists that the events of a rule stand in, so that forgetting one takes it out of them. */
export interface EventLists {
  /** `if_matched_sid` list of the rule. */
  readonly sid: EventQueue | null;
  /** `if_matched_group` lists that the rule feeds. */
  readonly groups: readonly EventQueue[];
}

export interface MemoryLimits {
  /** `<memory_size>`: events kept over all rules. */
  readonly events: number;
  /** Events kept per `if_matched_sid` list: 128 since 4.x, no limit before (spec 15). */
  readonly perSid: number;
  /** Largest frequency of any rule; compared with seconds (spec 8, Memory). */
  readonly maxFrequency: number;
  /** A rule searches all events (`if_matched_regex`). */
  readonly searched: boolean;
}

/** The event memory with its lists. */
export class EventMemory {
  /** Every event; stays empty when no rule searches them all. */
  readonly all = new EventQueue();
  /** For each event, in their order: its time; and itself when some list holds it. */
  readonly #times = new Fifo<number>();
  readonly #listed = new Fifo<Event | null>();
  readonly #limits: MemoryLimits;

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  store(event: Event, lists: EventLists): void {
    const listed = this.#limits.searched || lists.sid !== null || lists.groups.length > 0;
    if (listed) event.lists = lists;
    if (lists.sid !== null) {
      lists.sid.add(event);
      if (lists.sid.size > this.#limits.perSid) lists.sid.dropOldest();
    } else {
      for (const group of lists.groups) group.add(event);
    }
    if (this.#limits.searched) this.all.add(event);
    this.#times.add(event.time);
    this.#listed.add(listed ? event : null);
    if (this.#times.size > this.#limits.events) this.#forget(event.time);
  }

  /** At least ten go, and further ones as long as they are older than the largest frequency. */
  #forget(now: number): void {
    for (let forgotten = 0; ; forgotten += 1) {
      const time = this.#times.oldest;
      if (time === undefined) return;
      if (forgotten >= 10 && now - time <= this.#limits.maxFrequency) return;
      this.#times.dropOldest();
      const oldest = this.#listed.dropOldest() ?? null;
      if (this.#limits.searched) this.all.dropOldest();
      if (oldest === null || oldest.lists === null) continue;
      const { lists } = oldest;
      if (lists.sid === null) for (const group of lists.groups) group.dropOldest();
      else if (lists.sid.oldest === oldest) lists.sid.dropOldest();
    }
  }
}

/** Marks an event with the level of the composite that counted it, in every queue that holds it. */
export function markEvent(event: Event, level: number, memory: EventQueue): void {
  event.matched = level;
  const { lists, serial } = event;
  if (lists === null) return;
  memory.mark(level, serial);
  if (lists.sid !== null) lists.sid.mark(level, serial);
  else for (const group of lists.groups) group.mark(level, serial);
}
