/** Lines in few large memories, so that keeping thousands of them is no work for the garbage collector. */

const segmentSize = 1 << 18;

/** Lines by place, dropped in the order in which they came. */
export class LineLog {
  /** Those from number {@link #first} on. */
  readonly #segments: Buffer[] = [];
  #first = 0;
  #spare: Buffer | null = null;
  #next = 0;
  /** Lines that are too long for a segment; each takes one byte of it. */
  readonly #long = new Map<number, string>();

  /**
   * Keeps a line (latin1).
   *
   * @returns its place; the next line's is a larger one
   */
  add(line: string): number {
    const isLong = line.length > segmentSize;
    const length = isLong ? 1 : line.length;
    let at = this.#next;
    if ((at % segmentSize) + length > segmentSize) at += segmentSize - (at % segmentSize);
    this.#next = at + length;
    if (isLong) this.#long.set(at, line);
    else this.#segmentAt(at).write(line, at % segmentSize, "latin1");
    return at;
  }

  /** The line of this length at a place. */
  read(at: number, length: number): string {
    if (length > segmentSize) return this.#long.get(at) ?? "";
    const start = at % segmentSize;
    return this.#segmentAt(at).toString("latin1", start, start + length);
  }

  /** Forgets the lines before a place. */
  dropBefore(at: number): void {
    while ((this.#first + 1) * segmentSize <= at) {
      this.#spare = this.#segments.shift() ?? this.#spare;
      this.#first += 1;
    }
    if (this.#long.size === 0) return;
    for (const place of this.#long.keys()) {
      if (place >= at) return;
      this.#long.delete(place);
    }
  }

  #segmentAt(at: number): Buffer {
    const index = Math.floor(at / segmentSize) - this.#first;
    let segment = this.#segments[index];
    while (segment === undefined) {
      this.#segments.push(this.#spare ?? Buffer.allocUnsafeSlow(segmentSize));
      this.#spare = null;
      segment = this.#segments[index];
    }
    return segment;
  }
}
