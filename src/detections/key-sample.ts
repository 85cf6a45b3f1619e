import type { ZeekValue } from "../model/expression.js";
import { joined } from "./keys.js";

/** One key of the sample, over all of it: no window ends anything here. */
export interface SampledKey {
  readonly parts: readonly ZeekValue[];
  readonly events: number;
  /** Different counted values; where events are counted as many as those, of a sum the sum. */
  readonly count: number;
  /** Epoch seconds. */
  readonly first: number;
  readonly last: number;
}

export interface KeySampleResult {
  /** Events looked at. */
  readonly events: number;
  /** Different keys among them. */
  readonly keys: number;
  /** There were more events or keys than are looked at. */
  readonly isPart: boolean;
  /** The key with the highest count; null: no event. */
  readonly most: SampledKey | null;
  /** The key with the most events. */
  readonly busiest: SampledKey | null;
}

const mostEvents = 50_000;
const mostKeys = 5_000;
/** Different values kept of all keys together. */
const mostValues = 200_000;

interface Sampled {
  readonly parts: readonly ZeekValue[];
  readonly values: Set<string>;
  events: number;
  sum: number;
  first: number;
  last: number;
}

/**
 * The first events that a detection counts, by key and without its window: what a count would be if nothing ran
 * out tells a window that is too short from a key that is too fine. Bounded.
 */
export class KeySample {
  readonly #kind: "distinct" | "events" | "sum";
  readonly #keys = new Map<string, Sampled>();
  #events = 0;
  #values = 0;
  #isPart = false;

  constructor(kind: "distinct" | "events" | "sum") {
    this.#kind = kind;
  }

  see(parts: readonly ZeekValue[], counted: readonly ZeekValue[], time: number): void {
    if (this.#events >= mostEvents) {
      this.#isPart = true;
      return;
    }
    const name = joined(parts);
    let key = this.#keys.get(name);
    if (key === undefined) {
      if (this.#keys.size >= mostKeys) {
        this.#isPart = true;
        return;
      }
      key = { parts, values: new Set(), events: 0, sum: 0, first: time, last: time };
      this.#keys.set(name, key);
    }
    this.#events += 1;
    key.events += 1;
    key.first = Math.min(key.first, time);
    key.last = Math.max(key.last, time);
    if (this.#kind === "sum") key.sum += Number(counted[0] ?? 0);
    if (this.#kind !== "distinct" || this.#values >= mostValues) return;
    const before = key.values.size;
    key.values.add(joined(counted));
    this.#values += key.values.size - before;
  }

  result(): KeySampleResult {
    let most: SampledKey | null = null;
    let busiest: SampledKey | null = null;
    for (const { parts, values, events, sum, first, last } of this.#keys.values()) {
      const count = this.#kind === "distinct" ? values.size : this.#kind === "sum" ? sum : events;
      const one = { parts, events, count, first, last };
      if (most === null || count > most.count) most = one;
      if (busiest === null || events > busiest.events) busiest = one;
    }
    return { events: this.#events, keys: this.#keys.size, isPart: this.#isPart, most, busiest };
  }
}
