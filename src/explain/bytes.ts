/** Texts of the engine are latin1 strings, a unit a byte; people write UTF-8. */

/** Bytes that are not UTF-8 become U+FFFD. */
export const utf8 = (latin1: string): string =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(latin1, (unit) => unit.charCodeAt(0)));

export function latin1(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}
