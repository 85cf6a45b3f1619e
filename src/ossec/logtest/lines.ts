/**
 * Cutting a stream of bytes into lines as ossec-logtest's reading does: a line ends at LF, or after 6135
 * bytes when none came (the engine's buffer of 6144 bytes holds its own prefix and a final NUL; spec 1).
 */

/** Longest piece that the engine reads at once, in bytes. */
export const lineLimit = 6135;

/** Feeds on chunks, gives latin1 lines. */
export class LineCutter {
  #rest = "";

  /** Lines that are complete with this chunk. */
  *push(chunk: Uint8Array): Generator<string> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const text = this.#rest + bytes.toString("latin1");
    let at = 0;
    for (;;) {
      const newline = text.indexOf("\n", at);
      const end = newline < 0 ? text.length : newline;
      // A piece of exactly the limit leaves its LF to the next read.
      if (end - at >= lineLimit) {
        yield text.slice(at, at + lineLimit);
        at += lineLimit;
      } else if (newline < 0) {
        this.#rest = text.slice(at);
        return;
      } else {
        yield text.slice(at, end);
        at = end + 1;
      }
    }
  }

  /** What stands behind the last LF; null: nothing. */
  end(): string | null {
    const rest = this.#rest;
    this.#rest = "";
    return rest === "" ? null : rest;
  }
}
