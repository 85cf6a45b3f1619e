/** Where a walk through several automata has been: their states there, and those places that it has yet to go on from. */
import { longer, slotOf } from "./numbers.js";

const firstSlots = 256;

/** Places by how promising they are: what costs least is taken first, of equal ones the newest. */
export class Places {
  count = 0;
  #width = 0;
  /** By place: a state of each automaton. */
  #states: Int32Array = new Int32Array(8192);
  /** By place: the one before it, the byte between them, how long the text is there, and what it costs. */
  #before: Int32Array = new Int32Array(1024);
  #codes: Int32Array = new Int32Array(1024);
  #lengths: Int32Array = new Int32Array(1024);
  #costs: Int32Array = new Int32Array(1024);
  /** One more than the newest place of those whose states have the same number, and by place the one before that. */
  #slots: Int32Array = new Int32Array(firstSlots);
  #older: Int32Array = new Int32Array(1024);
  #slotCount = firstSlots;
  /** By cost: one more than the entry that is taken first, and by entry the next of the same cost. */
  #levels: Int32Array = new Int32Array(1024);
  #next: Int32Array = new Int32Array(2048);
  /** Nothing that waits costs less, nothing has cost more. */
  #best = 0;
  #worst = -1;

  /** Forgets all places, and keeps their memory. */
  clear(width: number): void {
    this.count = 0;
    this.#width = width;
    this.#levels.fill(0, 0, this.#worst + 1);
    this.#best = 0;
    this.#worst = -1;
    this.#slotCount = firstSlots;
    this.#slots.fill(0, 0, firstSlots);
  }

  state(place: number, automaton: number): number {
    return this.#states[place * this.#width + automaton] ?? -1;
  }

  length(place: number): number {
    return this.#lengths[place] ?? 0;
  }

  /** Bytes on the way from the first place. */
  text(place: number): string {
    const units: number[] = [];
    for (let at = place; (this.#before[at] ?? -1) >= 0; at = this.#before[at] ?? -1)
      units.push(this.#codes[at] ?? 0);
    return String.fromCharCode(...units.reverse());
  }

  /**
   * Adds the place with these states, unless it is known.
   *
   * @param before - -1: it is the first
   * @param left - bytes that are missing at least, of all automata together
   */
  add(states: Int32Array, before: number, code: number, left: number): void {
    const slot = this.#slotOf(states, 0);
    for (let other = (this.#slots[slot] ?? 0) - 1; other >= 0; other = (this.#older[other] ?? 0) - 1)
      if (this.#isAt(other, states)) return;
    const place = this.count;
    this.count += 1;
    if (place >= this.#before.length) this.#grow();
    const start = place * this.#width;
    if (start + this.#width > this.#states.length) this.#states = longer(this.#states, start + this.#width);
    this.#states.set(states, start);
    const length = before < 0 ? 0 : this.length(before) + 1;
    this.#before[place] = before;
    this.#codes[place] = code;
    this.#lengths[place] = length;
    this.#costs[place] = left * 4 + length;
    this.#older[place] = this.#slots[slot] ?? 0;
    this.#slots[slot] = place + 1;
    if (this.count > 2 * this.#slotCount) this.#spread();
  }

  /** Puts a place where {@link take} finds it; each once, and once more to go on from it by the less promising bytes. */
  wait(place: number, isAgain: boolean): void {
    const cost = (this.#costs[place] ?? 0) + (isAgain ? 3 : 0);
    if (cost >= this.#levels.length) this.#levels = longer(this.#levels, cost + 1);
    const entry = 2 * place + (isAgain ? 1 : 0);
    this.#next[entry] = this.#levels[cost] ?? 0;
    this.#levels[cost] = entry + 1;
    if (cost < this.#best) this.#best = cost;
    if (cost > this.#worst) this.#worst = cost;
  }

  /** Twice the place, and one more if it comes again; -1: none waits. */
  take(): number {
    for (; this.#best <= this.#worst; this.#best += 1) {
      const entry = (this.#levels[this.#best] ?? 0) - 1;
      if (entry < 0) continue;
      this.#levels[this.#best] = this.#next[entry] ?? 0;
      return entry;
    }
    return -1;
  }

  #slotOf(states: Int32Array, start: number): number {
    let key = 0;
    for (let at = 0; at < this.#width; at += 1) key = Math.imul(key, 0x01000193) + (states[start + at] ?? 0);
    return slotOf(key, this.#slotCount);
  }

  #isAt(place: number, states: Int32Array): boolean {
    const start = place * this.#width;
    for (let at = 0; at < this.#width; at += 1) if (this.#states[start + at] !== states[at]) return false;
    return true;
  }

  #grow(): void {
    const least = this.count;
    this.#before = longer(this.#before, least);
    this.#codes = longer(this.#codes, least);
    this.#lengths = longer(this.#lengths, least);
    this.#costs = longer(this.#costs, least);
    this.#older = longer(this.#older, least);
    this.#next = longer(this.#next, 2 * least);
  }

  /** Numbers of states fall together too often: more of them. */
  #spread(): void {
    const size = 4 * this.#slotCount;
    this.#slotCount = size;
    if (size > this.#slots.length) this.#slots = new Int32Array(size);
    else this.#slots.fill(0, 0, size);
    for (let place = 0; place < this.count; place += 1) {
      const slot = this.#slotOf(this.#states, place * this.#width);
      this.#older[place] = this.#slots[slot] ?? 0;
      this.#slots[slot] = place + 1;
    }
  }
}
