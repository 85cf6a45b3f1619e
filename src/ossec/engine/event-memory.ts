/** What the engine remembers of reported events (docs/reference/ossec.md#correlation). */
import type { Event } from "./event.js";
import { EventQueue } from "./event-queue.js";
import { type Column, type Feeding, StoredEvents } from "./stored-events.js";

export interface MemoryLimits {
  /** `<memory_size>`: events kept over all rules. */
  readonly events: number;
  /** Largest frequency of any rule; compared with seconds (spec 8, Memory). */
  readonly maxFrequency: number;
}

/** The event memory with its lists. */
export class EventMemory {
  readonly stored = new StoredEvents();
  /** Every event; stays empty when no rule searches them all. */
  readonly all = new EventQueue(this.stored);
  readonly #limits: MemoryLimits;

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  store(event: Event, feeding: Feeding): void {
    feeding.columns ??= this.#columnsOf(feeding);
    const number = this.stored.add(event, feeding);
    const { queues } = feeding;
    for (let index = 0; index < queues.length; index += 1) queues[index]?.add(number);
    if (feeding.searched) this.all.add(number);
    if (this.stored.size > this.#limits.events) this.#forget(event.time);
  }

  /** To be called when every composite has said what it compares. */
  #columnsOf({ queues, searched }: Feeding): readonly Column[] {
    const searching = searched ? [...queues, this.all] : queues;
    return [...new Set(searching.flatMap(({ compared }) => [...compared]))];
  }

  /** At least ten go, and further ones as long as they are older than the largest frequency. */
  #forget(now: number): void {
    const { stored } = this;
    for (let forgotten = 0; stored.size > 0; forgotten += 1) {
      const { oldest } = stored;
      if (forgotten >= 10 && now - stored.time(oldest) <= this.#limits.maxFrequency) return;
      const feeding = stored.feeding(oldest);
      if (feeding !== null) {
        const { queues } = feeding;
        for (let index = 0; index < queues.length; index += 1) queues[index]?.drop(oldest);
        if (feeding.searched) this.all.drop(oldest);
      }
      stored.dropOldest();
    }
  }

  /** Marks an event with the level of the composite that counted it, in every queue that holds it. */
  mark(number: number, level: number): void {
    this.stored.setMatched(number, level);
    const serial = this.stored.serial(number);
    this.all.mark(level, serial);
    for (const queue of this.stored.feeding(number)?.queues ?? []) queue.mark(level, serial);
  }
}
