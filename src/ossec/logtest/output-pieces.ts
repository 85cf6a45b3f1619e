/** Output on its way out. */

/**
 * Takes bytes; they are its caller's again when it returns, or when its promise is kept.
 *
 * @returns false: it takes no more
 */
export type Sink = (bytes: Uint8Array) => Promise<boolean> | boolean;

/**
 * Collects texts and numbers, which are joined all at once: that costs less than to append or to write each of
 * them.
 */
export class OutputPieces {
  readonly encoding: "latin1" | "utf8";
  readonly #pieces: (string | number)[] = [];
  #count = 0;
  #bytes = Buffer.alloc(0);

  constructor(encoding: "latin1" | "utf8") {
    this.encoding = encoding;
  }

  /** How many pieces there are. */
  get count(): number {
    return this.#count;
  }

  add(piece: string | number): void {
    this.#pieces[this.#count] = piece;
    this.#count += 1;
  }

  /** All pieces as one text; there are none afterwards. */
  takeText(): string {
    this.#pieces.length = this.#count;
    this.#count = 0;
    return this.#pieces.join("");
  }

  /** The same as bytes: good until the next call. */
  takeBytes(): Uint8Array {
    const text = this.takeText();
    const most = this.encoding === "latin1" ? text.length : 3 * text.length;
    if (this.#bytes.length < most) this.#bytes = Buffer.allocUnsafeSlow(2 * most);
    return this.#bytes.subarray(0, this.#bytes.write(text, this.encoding));
  }
}
