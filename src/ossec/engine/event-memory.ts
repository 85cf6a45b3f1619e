/** What the engine remembers of reported events (spec/ossec.md 8). */
import type { RuntimeDecoder } from "./decoder-set.js";
import type { Event } from "./event.js";
import { Fifo } from "./fifo.js";

/** What later searches read of a reported event. */
export interface StoredEvent {
  /** null: no search reads it. */
  readonly log: string | null;
  readonly fullLog: string;
  readonly hostname: string;
  /** Epoch seconds of receipt. */
  readonly time: number;
  readonly serial: number;
  readonly srcip: string | null;
  readonly dstuser: string | null;
  readonly id: string | null;
  readonly url: string | null;
  readonly srcport: string | null;
  readonly dstport: string | null;
  readonly decoder: RuntimeDecoder;
  /** Lists that hold it. */
  readonly lists: EventLists;
  /** Level of the composite that counted it; 0 = none. */
  matched: number;
}

/** A field that composites compare, and by which a queue finds events without looking at the others. */
export type KeyField = "srcip" | "id" | "dstuser";

/** An event among those of its queue that have the same value in a field. */
export interface Link {
  readonly event: StoredEvent;
  /** The next older one, or one that the queue holds no more; null: there is none. */
  older: Link | null;
  isNewest: boolean;
}

interface KeyIndex {
  readonly field: KeyField;
  /** The newest event by value. */
  readonly newest: Map<string, Link>;
  /** Of every event of the queue, in their order; null: its field is not set. */
  readonly links: Fifo<Link | null>;
}

/** A list of events that composites search. */
export class EventQueue {
  readonly #events = new Fifo<StoredEvent>();
  readonly #indexes: KeyIndex[] = [];
  /** Newest event marked with a level, by level. */
  readonly #marks: { readonly level: number; serial: number }[] = [];

  get size(): number {
    return this.#events.size;
  }

  /** From the newest (0) to the oldest (`size - 1`); null: there are not so many. */
  newest(index: number): StoredEvent | null {
    return this.#events.newest(index);
  }

  get oldest(): StoredEvent | null {
    return this.#events.oldest;
  }

  /** Keeps an index by this field from now on; to be called while the queue is empty. */
  indexBy(field: KeyField): void {
    if (!this.#indexes.some((index) => index.field === field))
      this.#indexes.push({ field, newest: new Map(), links: new Fifo() });
  }

  /** The newest of the events whose field has this value; null: there are none. */
  newestWith(field: KeyField, value: string): Link | null {
    for (const known of this.#indexes) if (known.field === field) return known.newest.get(value) ?? null;
    return null;
  }

  add(event: StoredEvent): void {
    this.#events.add(event);
    for (const index of this.#indexes) link(index, event);
    if (event.matched > 0) this.mark(event.matched, event.serial);
  }

  dropOldest(): void {
    if (this.#events.dropOldest() === null) return;
    for (const index of this.#indexes) unlink(index);
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

function link({ field, newest, links }: KeyIndex, event: StoredEvent): void {
  const value = event[field];
  if (value === null) {
    links.add(null);
    return;
  }
  const older = newest.get(value) ?? null;
  if (older !== null) older.isNewest = false;
  const link: Link = { event, older, isNewest: true };
  newest.set(value, link);
  links.add(link);
}

/** Takes the oldest event out of an index. */
function unlink({ field, newest, links }: KeyIndex): void {
  const link = links.dropOldest();
  if (link === null) return;
  // What it still held was dropped before it.
  link.older = null;
  const value = link.event[field];
  if (link.isNewest && value !== null) newest.delete(value);
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

function storedEvent(event: Event, lists: EventLists, searched: boolean): StoredEvent {
  return {
    log: searched ? event.log : null,
    fullLog: event.fullLog,
    hostname: event.hostname,
    time: event.time,
    serial: event.serial,
    srcip: event.srcip,
    dstuser: event.dstuser,
    id: event.id,
    url: event.url,
    srcport: event.srcport,
    dstport: event.dstport,
    decoder: event.decoder,
    lists,
    matched: event.matched,
  };
}

/** The event memory with its lists. */
export class EventMemory {
  /** Every event; stays empty when no rule searches them all. */
  readonly all = new EventQueue();
  /** For each event, in their order: its time; and itself when some list holds it. */
  readonly #times = new Fifo<number>();
  readonly #listed = new Fifo<StoredEvent | null>();
  readonly #limits: MemoryLimits;

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  store(event: Event, lists: EventLists): void {
    const { searched } = this.#limits;
    const listed = searched || lists.sid !== null || lists.groups.length > 0;
    const stored = listed ? storedEvent(event, lists, searched) : null;
    if (stored !== null) {
      if (lists.sid !== null) {
        lists.sid.add(stored);
        if (lists.sid.size > this.#limits.perSid) lists.sid.dropOldest();
      } else {
        for (const group of lists.groups) group.add(stored);
      }
      if (searched) this.all.add(stored);
    }
    this.#times.add(event.time);
    this.#listed.add(stored);
    if (this.#times.size > this.#limits.events) this.#forget(event.time);
  }

  /** At least ten go, and further ones as long as they are older than the largest frequency. */
  #forget(now: number): void {
    for (let forgotten = 0; ; forgotten += 1) {
      const time = this.#times.oldest;
      if (time === null) return;
      if (forgotten >= 10 && now - time <= this.#limits.maxFrequency) return;
      this.#times.dropOldest();
      const oldest = this.#listed.dropOldest();
      if (this.#limits.searched) this.all.dropOldest();
      if (oldest === null) continue;
      const { lists } = oldest;
      if (lists.sid === null) for (const group of lists.groups) group.dropOldest();
      else if (lists.sid.oldest === oldest) lists.sid.dropOldest();
    }
  }
}

/** Marks an event with the level of the composite that counted it, in every queue that holds it. */
export function markEvent(event: StoredEvent, level: number, memory: EventQueue): void {
  event.matched = level;
  const { lists, serial } = event;
  memory.mark(level, serial);
  if (lists.sid !== null) lists.sid.mark(level, serial);
  else for (const group of lists.groups) group.mark(level, serial);
}
