/** Items from the oldest to the newest, in a ring that grows when it is full. */
export class Fifo<T> {
  #items: (T | null)[];
  #head = 0;
  #size = 0;

  constructor() {
    this.#items = new Array<T | null>(16).fill(null);
  }

  get size(): number {
    return this.#size;
  }

  /** From the newest (0) to the oldest (`size - 1`); null: there are not so many. */
  newest(index: number): T | null {
    if (index >= this.#size) return null;
    return this.#items[(this.#head + this.#size - 1 - index) & (this.#items.length - 1)] ?? null;
  }

  get oldest(): T | null {
    return this.#size === 0 ? null : (this.#items[this.#head] ?? null);
  }

  add(item: T): void {
    if (this.#size === this.#items.length) this.#grow();
    this.#items[(this.#head + this.#size) & (this.#items.length - 1)] = item;
    this.#size += 1;
  }

  dropOldest(): T | null {
    if (this.#size === 0) return null;
    const item = this.#items[this.#head] ?? null;
    this.#items[this.#head] = null;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#size -= 1;
    return item;
  }

  /** The length stays a power of two. */
  #grow(): void {
    const items = [...this.#items.slice(this.#head), ...this.#items.slice(0, this.#head)];
    for (let more = items.length; more > 0; more -= 1) items.push(null);
    this.#items = items;
    this.#head = 0;
  }
}
