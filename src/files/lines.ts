/**
 * Cutting a stream of bytes into lines as ossec-logtest's reading does: a line ends at LF, or after 6135
 * bytes when none came (the engine's buffer of 6144 bytes holds its own prefix and a final NUL; spec 1).
 */

/** Longest piece that the engine reads at once, in bytes. */
export const lineLimit = 6135;

/** So many bytes become a text at once: a line is a part of it, which costs less than a text of its own. */
const windowSize = 1 << 16;

/** Feeds on chunks, gives latin1 lines. */
export class LineCutter {
  /** What is left of earlier chunks, and the present one: one memory for all of them. */
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  /** Where the next line begins. */
  #next = 0;
  #at = 0;
  /** The text of the bytes from one place to before another. */
  #window = "";
  #windowAt = 0;
  #windowEnd = 0;

  /** Where the bytes of the present line are, from {@link at} on; until the next chunk. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get at(): number {
    return this.#at;
  }

  /** Takes a chunk; {@link next} has given every line of the one before. Its memory may be used again. */
  start(chunk: Uint8Array): void {
    const rest = this.#length - this.#next;
    const before = this.#bytes;
    if (before.length < rest + chunk.length) this.#bytes = Buffer.alloc(rest + chunk.length + lineLimit);
    before.copy(this.#bytes, 0, this.#next, this.#length);
    this.#bytes.set(chunk, rest);
    this.#length = rest + chunk.length;
    this.#next = 0;
    this.#open(0);
  }

  #open(at: number): void {
    this.#windowAt = at;
    this.#windowEnd = Math.min(at + windowSize, this.#length);
    this.#window = this.#bytes.toString("latin1", at, this.#windowEnd);
  }

  /**
   * The next line that is complete with this chunk; null: there is none. It is a part of a larger text: who keeps it
   * keeps all of that.
   */
  next(): string | null {
    const at = this.#next;
    let newline = this.#window.indexOf("\n", at - this.#windowAt);
    if (newline < 0 && this.#windowEnd - at < lineLimit && this.#windowEnd < this.#length) {
      this.#open(at);
      newline = this.#window.indexOf("\n");
    }
    let end = newline < 0 ? this.#length : this.#windowAt + newline;
    // A piece of exactly the limit leaves its LF to the next read.
    if (end - at >= lineLimit) {
      end = at + lineLimit;
      this.#next = end;
    } else if (newline >= 0) this.#next = end + 1;
    else return null;
    this.#at = at;
    return this.#window.slice(at - this.#windowAt, end - this.#windowAt);
  }

  /** Lines that are complete with this chunk, each a text of its own. */
  *push(chunk: Uint8Array): Generator<string> {
    this.start(chunk);
    for (let line = this.next(); line !== null; line = this.next())
      yield this.#bytes.toString("latin1", this.#at, this.#at + line.length);
  }

  /** What stands behind the last LF; null: nothing. */
  end(): string | null {
    const rest = this.#bytes.toString("latin1", this.#next, this.#length);
    this.#next = this.#length;
    return rest === "" ? null : rest;
  }
}
