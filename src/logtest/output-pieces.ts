/** Output on its way out. */

/**
 * Takes bytes; they are its caller's again when it returns, or when its promise is kept.
 *
 * @returns false: it takes no more
 */
export type Sink = (bytes: Uint8Array) => Promise<boolean> | boolean;

/**
 * Collects texts, which are joined all at once: that costs less than to append or to write each of
 * them.
 */
export class OutputPieces {
  readonly encoding: "latin1" | "utf8";
  readonly #pieces: string[] = [];
  #count = 0;
  #length = 0;
  /** What is yet to be written behind the last piece. */
  #tail = "";
  #bytes = Buffer.alloc(0);

  constructor(encoding: "latin1" | "utf8") {
    this.encoding = encoding;
  }

  /** How many pieces there are. */
  get count(): number {
    return this.#count;
  }

  /** Characters of all pieces. */
  get length(): number {
    return this.#length;
  }

  add(piece: string): void {
    if (this.#tail !== "") this.#endTail();
    this.#pieces[this.#count] = piece;
    this.#count += 1;
    this.#length += piece.length;
  }

  /** What stands behind the last piece, unless {@link addBehindTail} brings it along. */
  leave(tail: string): void {
    this.#tail = tail;
  }

  /**
   * Adds a piece. What was left behind the one before is part of it, which spares a piece.
   *
   * @param alone - the piece where nothing was left
   */
  addBehindTail(piece: string, alone: string): void {
    const whole = this.#tail === "" ? alone : piece;
    this.#pieces[this.#count] = whole;
    this.#tail = "";
    this.#count += 1;
    this.#length += whole.length;
  }

  #endTail(): void {
    const tail = this.#tail;
    this.#tail = "";
    this.add(tail);
  }

  /** All pieces as one text; there are none afterwards. */
  takeText(): string {
    if (this.#tail !== "") this.#endTail();
    this.#pieces.length = this.#count;
    this.#count = 0;
    this.#length = 0;
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
