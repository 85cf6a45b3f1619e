/** Texts by number. */

import { ownText } from "./own-text.js";

/** Most texts come again, and to forget and to learn one is dear. */
const mostUnused = 4096;

/** Numbers of texts: equal texts have the same number as long as somebody refers to them. */
export class InternedTexts {
  readonly #numbers = new Map<string, number>();
  // By number.
  readonly #texts: string[] = [""];
  readonly #references: number[] = [0];
  readonly #free: number[] = [];
  /** Nobody referred to them at some time; perhaps somebody does again. */
  #unused: number[] = [];

  readonly #mostUnused: number;

  /** @param unused - so many texts that nobody refers to are kept */
  constructor(unused = mostUnused) {
    this.#mostUnused = unused;
  }

  /** 0: no such text is kept, so nobody refers to it. */
  find(text: string): number {
    return this.#numbers.get(text) ?? 0;
  }

  /** The text of a number that somebody refers to. */
  read(number: number): string {
    return this.#texts[number] ?? "";
  }

  /** The text's number, from 1 on, with one reference more. */
  refer(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#free.pop() ?? this.#texts.length;
      const kept = ownText(text);
      this.#texts[number] = kept;
      this.#references[number] = 0;
      this.#numbers.set(kept, number);
    }
    this.#references[number] = (this.#references[number] ?? 0) + 1;
    return number;
  }

  /** Takes one reference back. */
  release(number: number): void {
    const left = (this.#references[number] ?? 0) - 1;
    this.#references[number] = left;
    if (left > 0) return;
    this.#unused.push(number);
    if (this.#unused.length > this.#mostUnused) this.#forgetUnused();
  }

  #forgetUnused(): void {
    for (const number of this.#unused) {
      // Somebody refers to it again; or it stood in the list twice and is forgotten.
      if (this.#references[number] !== 0) continue;
      this.#references[number] = -1;
      this.#numbers.delete(this.#texts[number] ?? "");
      this.#texts[number] = "";
      this.#free.push(number);
    }
    this.#unused = [];
  }
}
