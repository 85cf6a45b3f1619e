/** Texts by number. */

/** V8 makes a shorter part of a text a text of its own; a longer one keeps the whole text in memory. */
const shortestView = 13;

const scratch = Buffer.alloc(1 << 12);

/** The same text, which keeps no other one in memory. */
function alone(text: string): string {
  if (text.length < shortestView) return text;
  if (text.length > scratch.length) return Buffer.from(text, "latin1").toString("latin1");
  return scratch.toString("latin1", 0, scratch.write(text, "latin1"));
}

/** Numbers of texts, as long as somebody refers to them: equal texts have the same number. */
export class InternedTexts {
  readonly #numbers = new Map<string, number>();
  // By number.
  readonly #texts: string[] = [""];
  readonly #references: number[] = [0];
  readonly #free: number[] = [];

  /** 0: nobody refers to such a text. */
  find(text: string): number {
    return this.#numbers.get(text) ?? 0;
  }

  /** The text's number, from 1 on, with one reference more. */
  refer(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#free.pop() ?? this.#texts.length;
      const kept = alone(text);
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
    this.#numbers.delete(this.#texts[number] ?? "");
    this.#texts[number] = "";
    this.#free.push(number);
  }
}
