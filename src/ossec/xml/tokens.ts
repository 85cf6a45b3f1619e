/** Bytes and limits of the engine's XML dialect (os_xml; docs/reference/ossec.md#xml). */

/** Elements inside one another. */
export const depthLimit = 1024;

export const LESS = 60;
export const GREATER = 62;
export const SLASH = 47;
export const BACKSLASH = 92;
export const EXCLAMATION = 33;
export const EQUALS = 61;
export const QUOTE = 34;
export const APOSTROPHE = 39;

/** C's isspace. */
export function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

/** A name for a message. */
export function shown(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

/** Offset behind the `>` of the tag at `at`, on the same line. */
export function tagEnd(text: string, at: number): number {
  const end = text.indexOf(">", at);
  const line = text.indexOf("\n", at);
  if (end < 0 || (line >= 0 && line < end)) return at + 2;
  return end + 1;
}

/** Either terminator ends either kind of comment. */
export function commentEnd(text: string, from: number): number {
  for (let end = text.indexOf(">", from); end >= 0; end = text.indexOf(">", end + 1)) {
    if (end > from && text.charCodeAt(end - 1) === EXCLAMATION) return end + 1;
    if (end > from + 1 && text.charCodeAt(end - 1) === 45 && text.charCodeAt(end - 2) === 45) return end + 1;
  }
  return -1;
}

/** Offset behind BOM and declaration; -1 when a `<?` is no declaration. */
export function skipHeader(text: string): number {
  const start = text.startsWith("\xef\xbb\xbf") ? 3 : 0;
  if (!text.startsWith("<?", start)) return start;
  let at = start + 2;
  while (isSpace(text.charCodeAt(at))) at++;
  if (!text.startsWith("xml", at)) return -1;
  let previous = 0;
  for (at += 3; at < text.length; at++) {
    const byte = text.charCodeAt(at);
    if (byte === GREATER && previous === 63) return at + 1;
    if (!isSpace(byte)) previous = byte;
  }
  return -1;
}

/**
 * End of the bytes from `at` on that are neither `<` nor an end of this part of a tag: at least one byte, at
 * most `room`.
 */
export function nextEnd(text: string, at: number, blanksEnd: boolean, room: number): number {
  const limit = Math.min(text.length, at + room);
  for (let end = at + 1; end < limit; end++) {
    const byte = text.charCodeAt(end);
    if (byte === GREATER || byte === LESS || (blanksEnd && isSpace(byte))) return end;
  }
  return limit;
}
