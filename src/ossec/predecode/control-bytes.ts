const isControl = (code: number): boolean => code < 32 || code === 127;

/** Looks for control bytes (0-31, 127) in a memory, four bytes at a time. */
export class ControlBytes {
  readonly bytes: Uint8Array;
  readonly #words: Int32Array;
  /** Where the first word begins. */
  readonly #first: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#first = -bytes.byteOffset & 3;
    const words = (bytes.length - this.#first) >> 2;
    this.#words =
      words > 0 ? new Int32Array(bytes.buffer, bytes.byteOffset + this.#first, words) : new Int32Array(0);
  }

  /** Is one of the bytes from `from` to before `to` a control byte? */
  has(from: number, to: number): boolean {
    const { bytes } = this;
    const words = this.#words;
    let at = from;
    for (; at < to && ((at - this.#first) & 3) !== 0; at += 1) if (isControl(bytes[at] ?? 0)) return true;
    for (; at + 4 <= to; at += 4) {
      const word = words[(at - this.#first) >> 2] ?? 0;
      const unlike = word ^ 0x7f7f7f7f;
      // A byte's highest bit gets set where the byte is below 32, or where it equals 127; those of 128 and more drop out.
      if ((((word - 0x20202020) & ~word) | ((unlike - 0x01010101) & ~unlike)) & 0x80808080) return true;
    }
    for (; at < to; at += 1) if (isControl(bytes[at] ?? 0)) return true;
    return false;
  }
}

const CONTROL = /[\x00-\x1f\x7f]+/g;

/**
 * Deletes the bytes 0-31 and 127, TAB included (docs/reference/ossec.md#pre-decoding, step 0). A line without any is returned
 * as it is.
 */
export function deleteControlBytes(line: string): string {
  for (let i = 0; i < line.length; i++) {
    if (isControl(line.charCodeAt(i))) return line.replace(CONTROL, "");
  }
  return line;
}
