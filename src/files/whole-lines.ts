const newline = 10;
const empty: Buffer = Buffer.alloc(0);
const endOfLine = Buffer.from("\n");

/**
 * A stream of bytes in pieces of whole lines: a reader finds each line in one memory, without a copy of those that lie
 * within a chunk. A byte order mark in front is left out.
 */
export class WholeLines {
  /** Holds whole lines up to {@link end}; what has not been read yet begins at {@link at}, which its reader moves on. */
  buffer: Buffer = empty;
  end = 0;
  at = 0;
  readonly #longest: number;
  /** What the last chunk holds behind the line that it completed. */
  #rest = empty;
  /** Within a line that is too long. */
  #skipping = false;
  #started = false;

  /** @param longest - lines of more bytes are skipped */
  constructor(longest: number) {
    this.#longest = longest;
  }

  #use(bytes: Buffer): void {
    this.buffer = bytes;
    this.end = bytes.lastIndexOf(newline) + 1;
    this.at = 0;
  }

  /** Goes on to what is there without a further chunk; false: nothing. */
  useRest(): boolean {
    if (this.#rest.length === 0) return false;
    this.#use(this.#rest);
    this.#rest = empty;
    return true;
  }

  /**
   * Takes a chunk, which stays as it is until the next one is taken.
   *
   * @returns false: the line at hand is too long, and skipped
   */
  accept(chunk: Buffer): boolean {
    const fresh = this.#started ? chunk : withoutMark(chunk);
    this.#started = true;
    const left = this.buffer.subarray(this.at);
    if (left.length === 0 && !this.#skipping) {
      this.#use(fresh);
      return true;
    }
    const stop = fresh.indexOf(newline);
    if (this.#skipping) {
      this.#skipping = stop < 0;
      this.#use(stop < 0 ? empty : fresh.subarray(stop + 1));
    } else if (stop >= 0) {
      this.#use(Buffer.concat([left, fresh.subarray(0, stop + 1)]));
      this.#rest = fresh.subarray(stop + 1);
    } else if (left.length + fresh.length > this.#longest) {
      this.#skipping = true;
      this.#use(empty);
      return false;
    } else this.#use(Buffer.concat([left, fresh]));
    return true;
  }

  /**
   * No chunk follows: what stands behind the last newline becomes a line, or is dropped.
   *
   * @returns false: nothing stands there
   */
  finish(keep: boolean): boolean {
    const left = this.buffer.subarray(this.at);
    if (left.length === 0) return false;
    this.#use(keep ? Buffer.concat([left, endOfLine]) : empty);
    return true;
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
