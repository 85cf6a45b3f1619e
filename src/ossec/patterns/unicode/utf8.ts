/** UTF-8 in texts whose units are bytes (latin1 strings). */

/** What the bytes of a text are: all below 0x80; well-formed UTF-8 (Unicode 15, table 3-7); neither. */
export type Encoding = "ascii" | "utf8" | "invalid";

const notAscii = /[^\0-\x7f]/;

/** Is every byte below 0x80? */
export function isAscii(text: string): boolean {
  return !notAscii.test(text);
}

/** Length of the well-formed character of several bytes that begins here; 0: there is none. */
function wellFormedLength(text: string, at: number): number {
  const lead = text.charCodeAt(at);
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = text.charCodeAt(at + 1);
  // Too long for its value, a surrogate, or above U+10FFFF.
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (!(second >= least && second <= most)) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let more = 2; more < length; more += 1) {
    const byte = text.charCodeAt(at + more);
    if (!(byte >= 0x80 && byte <= 0xbf)) return 0;
  }
  return length;
}

function isWellFormed(text: string, from: number): boolean {
  let at = from;
  while (at < text.length) {
    if (text.charCodeAt(at) < 0x80) at += 1;
    else {
      const length = wellFormedLength(text, at);
      if (length === 0) return false;
      at += length;
    }
  }
  return true;
}

let lastText = "";
let lastEncoding: Encoding = "ascii";

/** The encoding of a text. The last answer is remembered: many patterns are tried on one line. */
export function encodingOf(text: string): Encoding {
  if (text === lastText) return lastEncoding;
  const at = text.search(notAscii);
  lastText = text;
  lastEncoding = at < 0 ? "ascii" : isWellFormed(text, at) ? "utf8" : "invalid";
  return lastEncoding;
}

/** The bytes of a character: U+0000 to U+10FFFF, surrogates too, as PCRE2 writes them without a check. */
export function encodeCharacter(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  const last = 0x80 | (code & 0x3f);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), last);
  const middle = 0x80 | ((code >> 6) & 0x3f);
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), middle, last);
  return String.fromCharCode(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), middle, last);
}

/** Length of the character that begins with this byte, by the byte alone: PCRE2's way where it does not check. */
export function lengthByLead(lead: number): number {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  if (lead < 0xf8) return 4;
  return lead < 0xfc ? 5 : 6;
}

/** Where the characters of a text begin as {@link decodeUnchecked} reads them, and where the last one ends. */
export function offsetsOf(text: string): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < text.length; at += lengthByLead(text.charCodeAt(at))) offsets.push(at);
  offsets.push(text.length);
  return offsets;
}

/**
 * The characters of a text as PCRE2 reads them unchecked (PCRE2_NO_UTF_CHECK): a lead byte takes its full length,
 * whatever follows; behind the end stand zeros; a byte 80 to BF by itself is that character. Of a well-formed text these
 * are its characters. Codes above U+10FFFF are possible.
 */
export function decodeUnchecked(text: string): number[] {
  const codes: number[] = [];
  for (let at = 0; at < text.length; ) {
    const lead = text.charCodeAt(at);
    const length = lengthByLead(lead);
    let code = length === 1 ? lead : lead & (0x7f >> length);
    for (let more = 1; more < length; more += 1) {
      code = code * 64 + (at + more < text.length ? text.charCodeAt(at + more) & 0x3f : 0);
    }
    codes.push(code);
    at += length;
  }
  return codes;
}
