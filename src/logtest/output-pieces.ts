/** Output on its way out. */
import { isAscii } from "../ossec/patterns/unicode/utf8.js";

/**
 * Takes bytes; they are its caller's again when it returns, or when its promise is kept.
 *
 * @returns false: it takes no more
 */
export type Sink = (bytes: Uint8Array) => Promise<boolean> | boolean;

/**
 * What the pieces are and what becomes of them: bytes that go out as they are (`latin1`), texts (`utf8`), or bytes of
 * UTF-8 of which wrong ones become U+FFFD (`utf8-bytes`; no piece ends within a character).
 */
export type OutputEncoding = "latin1" | "utf8" | "utf8-bytes";

/**
 * Collects texts, which are joined all at once: that costs less than to append or to write each of
 * them.
 */
export class OutputPieces {
  readonly encoding: OutputEncoding;
  readonly #pieces: string[] = [];
  #count = 0;
  #length = 0;
  /** What is yet to be written behind the last piece. */
  #tail = "";
  #bytes = Buffer.alloc(0);

  constructor(encoding: OutputEncoding) {
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

  #join(): string {
    if (this.#tail !== "") this.#endTail();
    this.#pieces.length = this.#count;
    this.#count = 0;
    this.#length = 0;
    return this.#pieces.join("");
  }

  /** All pieces as one text; there are none afterwards. */
  takeText(): string {
    const text = this.#join();
    return this.encoding === "utf8-bytes" && !isAscii(text)
      ? Buffer.from(text, "latin1").toString("utf8")
      : text;
  }

  /** The same as bytes: good until the next call. */
  takeBytes(): Uint8Array {
    const text = this.#join();
    const most = this.encoding === "utf8" ? 3 * text.length : text.length;
    if (this.#bytes.length < most) this.#bytes = Buffer.allocUnsafeSlow(2 * most);
    const encoding = this.encoding === "utf8" ? "utf8" : "latin1";
    const bytes = this.#bytes.subarray(0, this.#bytes.write(text, encoding));
    if (this.encoding !== "utf8-bytes" || isAscii(text)) return bytes;
    return Buffer.from(bytes.toString("utf8"), "utf8");
  }
}
