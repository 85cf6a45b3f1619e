/**
 * What the engines use of Node's Buffer, for browsers: bin/site.js puts it in Buffer's place.
 * test/site/buffer.test.ts holds it against Node's.
 */

type Encoding = "latin1" | "utf8" | "utf-8" | "binary";

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
/** Of the web's `latin1`, which is windows-1252: it differs in some bytes from 80 to 9F. */
const windows = new TextDecoder("latin1");
const beyondLatin1 = /[^\0-\xff]/;
/** Shorter texts are made of their codes. */
const short = 48;

function latin1Of(bytes: Uint8Array): string {
  if (bytes.length >= short) {
    const text = windows.decode(bytes);
    if (!beyondLatin1.test(text)) return text;
  }
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode.apply(null, Array.from(bytes.subarray(at, at + 4096)));
  return text;
}

export class PageBytes extends Uint8Array<ArrayBuffer> {
  override toString(encoding: Encoding = "utf8", start = 0, end = this.length): string {
    if (encoding === "latin1" || encoding === "binary") {
      const stop = Math.min(end, this.length);
      if (stop - start >= short) return latin1Of(this.subarray(start, stop));
      let text = "";
      for (let at = start; at < stop; at += 1) text += String.fromCharCode(this[at] ?? 0);
      return text;
    }
    return utf8.decode(start === 0 && end >= this.length ? this : this.subarray(start, end));
  }

  /** Shares the memory, as Node's does. */
  override subarray(start = 0, end = this.length): PageBytes {
    const from = Math.max(0, start < 0 ? this.length + start : Math.min(start, this.length));
    const to = Math.max(from, end < 0 ? this.length + end : Math.min(end, this.length));
    return new PageBytes(this.buffer, this.byteOffset + from, to - from);
  }

  /** @returns how many bytes were written */
  write(text: string, offsetOrEncoding: number | Encoding = 0, encoding: Encoding = "utf8"): number {
    const offset = typeof offsetOrEncoding === "number" ? offsetOrEncoding : 0;
    const used = typeof offsetOrEncoding === "number" ? encoding : offsetOrEncoding;
    if (used !== "latin1" && used !== "binary")
      return encoder.encodeInto(text, this.subarray(offset)).written;
    const length = Math.min(text.length, this.length - offset);
    for (let at = 0; at < length; at += 1) this[offset + at] = text.charCodeAt(at);
    return length;
  }

  /** @returns how many bytes were copied */
  copy(target: Uint8Array, targetStart = 0, start = 0, end = this.length): number {
    const stop = Math.min(end, start + target.length - targetStart);
    target.set(this.subarray(start, stop), targetStart);
    return Math.max(0, stop - start);
  }

  override indexOf(wanted: number | Uint8Array, from = 0): number {
    if (typeof wanted === "number") return super.indexOf(wanted, from);
    const [first] = wanted;
    if (first === undefined) return Math.min(from, this.length);
    for (let at = super.indexOf(first, from); at >= 0; at = super.indexOf(first, at + 1)) {
      let same = 1;
      while (same < wanted.length && this[at + same] === wanted[same]) same += 1;
      if (same === wanted.length) return at;
    }
    return -1;
  }
}

const sized = (size: number): PageBytes => new PageBytes(new ArrayBuffer(size));

function ofText(text: string, encoding: "latin1" | "utf8"): PageBytes {
  if (encoding === "utf8") {
    const bytes = encoder.encode(text);
    return new PageBytes(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  const bytes = sized(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

export const PageBuffer = {
  alloc: sized,
  allocUnsafe: sized,
  allocUnsafeSlow: sized,

  from(
    value: string | ArrayBuffer | ArrayLike<number>,
    encodingOrOffset?: string | number,
    length?: number,
  ): PageBytes {
    if (typeof value === "string") {
      if (encodingOrOffset === "base64") return ofText(atob(value), "latin1");
      return ofText(value, encodingOrOffset === "latin1" ? "latin1" : "utf8");
    }
    if (value instanceof ArrayBuffer)
      return new PageBytes(value, typeof encodingOrOffset === "number" ? encodingOrOffset : 0, length);
    const copy = sized(value.length);
    copy.set(value);
    return copy;
  },

  concat(parts: readonly Uint8Array[]): PageBytes {
    const whole = sized(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  },

  byteLength: (text: string): number => encoder.encode(text).length,
};
