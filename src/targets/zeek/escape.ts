/** Escapes of the Zeek target (docs/reference/zeek.md#text-and-names, #patterns). Text is a latin1 string: one UTF-16 unit a byte. */

/**
 * A text as Zeek's string literal, quotes included: `\\`, `\"`, and `\xHH` with exactly two digits for every
 * byte outside 20..7e, so that nothing in it can end the literal or join a following digit.
 */
export function zeekString(bytes: string): string {
  let escaped = "";
  for (const character of bytes) {
    const byte = character.charCodeAt(0);
    if (byte > 0xff || character.length > 1) throw new Error("bug in zopf: zeekString takes bytes, not text");
    if (character === "\\" || character === '"') escaped += `\\${character}`;
    else if (byte < 0x20 || byte > 0x7e) escaped += `\\x${byte.toString(16).padStart(2, "0")}`;
    else escaped += character;
  }
  return `"${escaped}"`;
}

/** A literal text as the inside of a pattern: all but letters, digits and `_` as `\xHH`. */
export function zeekPattern(bytes: string): string {
  let escaped = "";
  for (const character of bytes) {
    const byte = character.charCodeAt(0);
    if (byte > 0xff || character.length > 1)
      throw new Error("bug in zopf: zeekPattern takes bytes, not text");
    escaped += /[A-Za-z0-9_]/.test(character) ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return escaped;
}

const RESERVED: ReadonlySet<string> = new Set(
  (
    "add addr any as assert bool break case const copy count default delete double else enum event export " +
    "fallthrough file for function global hook if in int interval is local module next of opaque option " +
    "pattern port print record redef return schedule set string subnet switch table time timeout vector when " +
    "while T F type"
  ).split(" "),
);

/** Whether a name can stand as an identifier of Zeek: its form is right and it is not reserved. */
export function isZeekIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name);
}

/** An identifier, perhaps with its module: `Perimeter::port_scan`. Throws on anything else. */
export function zeekIdentifier(name: string): string {
  const parts = name.split("::");
  if (parts.length > 2 || !parts.every(isZeekIdentifier)) {
    throw new Error(`bug in zopf: ${JSON.stringify(name.slice(0, 80))} is no identifier of Zeek`);
  }
  return name;
}
