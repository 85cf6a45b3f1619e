/** Bytes of rule files as texts of TypeScript. */

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A latin1 string of bytes as the text that they are in UTF-8; null where they are none. */
export function utf8Text(bytes: string): string | null {
  if (/^[\0-\x7f]*$/.test(bytes)) return bytes;
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return null;
  }
}

/** For people: bytes that are no UTF-8 are shown as the letters that they are in Latin 1. */
export function shownText(bytes: string): string {
  return utf8Text(bytes) ?? bytes;
}

/** Where the first byte stands that is no UTF-8; -1: all is. */
export function foreignByte(bytes: string): number {
  if (utf8Text(bytes) !== null) return -1;
  const character = /[\0-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/y;
  for (;;) {
    const at = character.lastIndex;
    const found = character.exec(bytes);
    if (found === null || utf8Text(found[0]) === null) return at;
  }
}
