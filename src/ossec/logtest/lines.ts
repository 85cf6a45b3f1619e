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

  /** Lines that are complete with this chunk. */
  *push(chunk: Uint8Array): Generator<string> {
    const given = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const bytes = this.#rest.length === 0 ? given : Buffer.concat([this.#rest, given]);
    let at = 0;
    for (;;) {
      const newline = bytes.indexOf(10, at);
      const end = newline < 0 ? bytes.length : newline;
      // A piece of exactly the limit leaves its LF to the next read.
      while (end - at >= lineLimit) {
        yield bytes.toString("latin1", at, at + lineLimit);
        at += lineLimit;
      }
      if (newline < 0) {
        // A copy: the chunk's memory may be used again by whoever read it.
        this.#rest = Buffer.from(bytes.subarray(at));
        return;
      }
      yield bytes.toString("latin1", at, end);
      at = end + 1;
    }
  }

  /** What stands behind the last LF; null: nothing. */
  end(): string | null {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length === 0 ? null : rest.toString("latin1");
  }
}
