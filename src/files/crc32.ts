import * as zlib from "node:zlib";

const native: unknown = Reflect.get(zlib, "crc32");

/** Node has it from 20.15 on. */
const isNative = (value: unknown): value is (bytes: Uint8Array) => number => typeof value === "function";

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  return value;
});

/** The same in JavaScript, for a Node without it. */
export function crc32InTable(bytes: Uint8Array): number {
  let value = -1;
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 255] ?? 0);
  return ~value >>> 0;
}

/** CRC-32 as of gzip. It finds damage; it is no proof against somebody who wants the same value. */
export const crc32: (bytes: Uint8Array) => number = isNative(native) ? native : crc32InTable;
