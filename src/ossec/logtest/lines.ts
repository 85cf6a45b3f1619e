/**
 * Cutting a stream of bytes into lines as ossec-logtest's reading does: a line ends at LF, or after 6135
 * bytes when none came (the engine's buffer of 6144 bytes holds its own prefix and a final NUL; spec 1).
 */

/** Longest piece that the engine reads at once, in bytes. */
export const lineLimit = 6135;

/**
 * Feeds on chunks, gives latin1 lines. Each line is a string of its own: one that is kept does not keep the
 * chunk that it came in.
 */
export class LineCutter {
  #rest: Buffer = Buffer.alloc(0);
  #bytes: Buffer = this.#rest;
  /** Where the next line begins. */
  #next = 0;
  #at = 0;

  /** Where the bytes of the present line are, from {@link at} on; until the next chunk. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get at(): number {
    return this.#at;
  }

  /** Takes a chunk; {@link next} has given every line of the one before. */
  start(chunk: Uint8Array): void {
    const given = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#bytes = this.#rest.length === 0 ? given : Buffer.concat([this.#rest, given]);
    this.#next = 0;
  }

  /** The next line that is complete with this chunk; null: there is none. */
  next(): string | null {
    const bytes = this.#bytes;
    const at = this.#next;
    const newline = bytes.indexOf(10, at);
    let end = newline < 0 ? bytes.length : newline;
    // A piece of exactly the limit leaves its LF to the next read.
    if (end - at >= lineLimit) {
      end = at + lineLimit;
      this.#next = end;
    } else if (newline >= 0) this.#next = end + 1;
    else {
      // A copy: the chunk's memory may be used again by whoever read it.
      this.#rest = Buffer.from(bytes.subarray(at));
      return null;
    }
    this.#at = at;
    return bytes.toString("latin1", at, end);
  }

  /** Lines that are complete with this chunk. */
  *push(chunk: Uint8Array): Generator<string> {
    this.start(chunk);
    for (let line = this.next(); line !== null; line = this.next()) yield line;
  }

  /** What stands behind the last LF; null: nothing. */
  end(): string | null {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length === 0 ? null : rest.toString("latin1");
  }
}
