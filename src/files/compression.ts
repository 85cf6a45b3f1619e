/** How a file is compressed, told by its first four bytes whatever its name is. */
export type Compression = "gzip" | "zstd";

/** Bytes that {@link compressionOf} looks at. */
export const magicLength = 4;

export function compressionOf(first: Uint8Array): Compression | null {
  const [a, b, c, d] = first;
  if (a === 0x1f && b === 0x8b) return "gzip";
  return a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd ? "zstd" : null;
}
