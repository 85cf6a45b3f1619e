/** What the engine remembers of reported events (spec/ossec.md 8). */
import type { Event } from "./event.js";

/** Events from the oldest to the newest; taking the oldest is cheap. */
export class EventQueue {
  #items: Event[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** From the newest (0) to the oldest (`size - 1`). */
  newest(index: number): Event | undefined {
    const at = this.#items.length - 1 - index;
    return at < this.#head ? undefined : this.#items[at];
  }

  get oldest(): Event | undefined {
    return this.#items[this.#head];
  }

  add(event: Event): void {
    this.#items.push(event);
  }

  dropOldest(): Event | undefined {
    const event = this.#items[this.#head];
    if (event === undefined) return undefined;
    this.#head += 1;
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return event;
  }
}

/** Lists that a stored event stands in, so that forgetting it takes it out of them. */
export interface EventLists {
  /** `if_matched_sid` list of its rule. */
  readonly sid: EventQueue | null;
  /** `if_matched_group` lists that its rule feeds. */
  readonly groups: readonly EventQueue[];
}

export interface MemoryLimits {
  /** `<memory_size>`: events kept over all rules. */
  readonly events: number;
  /** Events kept per `if_matched_sid` list: 128 since 4.x, no limit before (spec 15). */
  readonly perSid: number;
  /** Largest frequency of any rule; compared with seconds (spec 8, Memory). */
  readonly maxFrequency: number;
}

interface Stored {
  readonly event: Event;
  readonly lists: EventLists;
}

/** The event memory with its lists. */
export class EventMemory {
  readonly all = new EventQueue();
  readonly #lists: EventLists[] = [];
  #listsHead = 0;
  readonly #limits: MemoryLimits;

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  store(event: Event, lists: EventLists): void {
    if (lists.sid !== null) {
      lists.sid.add(event);
      if (lists.sid.size > this.#limits.perSid) lists.sid.dropOldest();
    } else {
      for (const group of lists.groups) group.add(event);
    }
    this.all.add(event);
    this.#lists.push(lists);
    if (this.all.size > this.#limits.events) this.#forget(event.time);
  }

  #forget(now: number): void {
    for (let forgotten = 0; ; forgotten += 1) {
      const oldest = this.#oldest();
      if (oldest === undefined) return;
      if (forgotten >= 10 && now - oldest.event.time <= this.#limits.maxFrequency) return;
      this.all.dropOldest();
      this.#dropLists();
      if (oldest.lists.sid === null) for (const group of oldest.lists.groups) group.dropOldest();
      else if (oldest.lists.sid.oldest === oldest.event) oldest.lists.sid.dropOldest();
    }
  }

  #oldest(): Stored | undefined {
    const event = this.all.oldest;
    const lists = this.#lists[this.#listsHead];
    return event === undefined || lists === undefined ? undefined : { event, lists };
  }

  #dropLists(): void {
    this.#listsHead += 1;
    if (this.#listsHead > 1024 && this.#listsHead * 2 > this.#lists.length) {
      this.#lists.splice(0, this.#listsHead);
      this.#listsHead = 0;
    }
  }
}
