/** Is one of the bytes from `from` to before `to` a control byte (0-31, 127)? */
export function hasControlByte(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = bytes[at] ?? 0;
    if (code < 32 || code === 127) return true;
  }
  return false;
}

const CONTROL = /[\x00-\x1f\x7f]+/g;

/**
 * Deletes the bytes 0-31 and 127, TAB included (spec/ossec.md 4, step 0). A line without any is returned
 * as it is.
 */
export function deleteControlBytes(line: string): string {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code < 32 || code === 127) return line.replace(CONTROL, "");
  }
  return line;
}
