/** A line as text and as bytes: headers are read byte by byte, which costs less than to take them out of a text. */
export interface LineBytes {
  /** latin1 string. */
  text: string;
  /** Holds the line from {@link at} on, and behind it a LF: what reads on from byte to byte stops there. */
  bytes: Uint8Array;
  at: number;
}

/** Ends a line. */
export const LF = 0x0a;

/** The byte at an offset of the line. */
export const codeAt = ({ bytes, at }: LineBytes, offset: number): number => bytes[at + offset] ?? LF;

/** A line in a memory of its own. */
export const lineBytes = (text: string): LineBytes => ({
  text,
  bytes: Buffer.from(`${text}\n`, "latin1"),
  at: 0,
});
