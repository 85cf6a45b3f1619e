/**
 * Escapes of Zeek's two log formats on byte strings (docs/reference/zeek.md#escaping). Both write the bytes of valid
 * UTF-8 as they are; when any sequence of a piece is not acceptable, every byte of the piece outside
 * ASCII becomes `\xHH`.
 */

const HEX = "0123456789abcdef";

export function hexEscape(byte: number): string {
  return `\\x${HEX[byte >> 4] ?? "0"}${HEX[byte & 15] ?? "0"}`;
}

/** Length of the UTF-8 sequence at `i`, 0 when it is malformed or of a kind that Zeek does not write. */
function acceptableSequence(text: string, i: number): number {
  const first = text.charCodeAt(i);
  const length = first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || first > 0xf4 || i + length > text.length) return 0;
  let point = first & (length === 2 ? 0x1f : length === 3 ? 0x0f : 0x07);
  for (let k = 1; k < length; k++) {
    const next = text.charCodeAt(i + k);
    if ((next & 0xc0) !== 0x80) return 0;
    point = (point << 6) | (next & 0x3f);
  }
  const overlong = (length === 3 && point < 0x800) || (length === 4 && (point < 0x10000 || point > 0x10ffff));
  const surrogate = point >= 0xd800 && point <= 0xdfff;
  const control = point <= 0x9f;
  const privateUse = point >= 0xe000 && point <= 0xf8ff;
  const special = point >= 0xfff0 && point <= 0xffff;
  return overlong || surrogate || control || privateUse || special ? 0 : length;
}

function isCleanUtf8(text: string): boolean {
  let i = 0;
  while (i < text.length) {
    if (text.charCodeAt(i) < 0x80) i++;
    else {
      const length = acceptableSequence(text, i);
      if (length === 0) return false;
      i += length;
    }
  }
  return true;
}

const escapeBytes = (text: string, which: RegExp): string =>
  text.replace(which, (c) => hexEscape(c.charCodeAt(0)));

const NOT_ASCII = /[\x80-\xff]/;
const CONTROLS = /[\x00-\x1f\x7f]/g;
const CONTROLS_AND_HIGH = /[\x00-\x1f\x7f-\xff]/g;

function escapePiece(piece: string): string {
  const clean = !NOT_ASCII.test(piece) || isCleanUtf8(piece);
  return escapeBytes(piece, clean ? CONTROLS : CONTROLS_AND_HIGH);
}

/** Escapes a value for TSV: `\\`, controls, bytes that are not UTF-8, and each of `sequences`. */
export function escapeTsv(text: string, sequences: readonly string[]): string {
  if (!/[^\x20-\x5b\x5d-\x7e]/.test(text) && !sequences.some((s) => text.includes(s))) return text;
  let out = "";
  let from = 0;
  let i = 0;
  while (i < text.length) {
    const hit = text[i] === "\\" ? "\\" : sequences.find((s) => s !== "" && text.startsWith(s, i));
    if (hit === undefined) i++;
    else {
      out += escapePiece(text.slice(from, i));
      out += hit === "\\" ? "\\\\" : [...hit].map((c) => hexEscape(c.charCodeAt(0))).join("");
      i += hit.length;
      from = i;
    }
  }
  return out + escapePiece(text.slice(from));
}

/** Undoes `\xHH` and `\\`; a backslash before anything else stays. */
export function unescapeTsv(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:x([0-9A-Fa-f]{2})|\\)/g, (_, hex: string | undefined) =>
    hex === undefined ? "\\" : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const JSON_SHORT = new Map([
  [8, "\\b"],
  [9, "\\t"],
  [10, "\\n"],
  [12, "\\f"],
  [13, "\\r"],
  [0x22, '\\"'],
  [0x5c, "\\\\"],
]);
const JSON_SPECIAL = /[\x00-\x1f\x22\x5c\x7f]/g;
const JSON_SPECIAL_AND_HIGH = /[\x00-\x1f\x22\x5c\x7f-\xff]/g;

/** A JSON string, quotes included, as Zeek 9 writes it: odd bytes become the text `\xHH`. */
export function jsonString(text: string): string {
  const clean = !NOT_ASCII.test(text) || isCleanUtf8(text);
  const body = text.replace(clean ? JSON_SPECIAL : JSON_SPECIAL_AND_HIGH, (c) => {
    const byte = c.charCodeAt(0);
    return JSON_SHORT.get(byte) ?? `\\${hexEscape(byte)}`;
  });
  return `"${body}"`;
}

const utf8Bytes = (point: number): string => Buffer.from(String.fromCodePoint(point)).toString("latin1");

const JSON_ESCAPE = /\\(?:u([0-9A-Fa-f]{4})(?:\\u([Dd][C-Fc-f][0-9A-Fa-f]{2}))?|(.))/gs;
const SIMPLE = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
]);

/**
 * The bytes behind the inside of a JSON string: JSON's own escapes, then the `\xHH` texts that Zeek
 * puts for bytes which JSON cannot hold. `\x41` stays text, for Zeek never writes it for a byte.
 * Undefined when an escape is not JSON's.
 */
export function unescapeJson(body: string): string | undefined {
  if (!body.includes("\\")) return body;
  let valid = true;
  const plain = body.replace(JSON_ESCAPE, (_, high?: string, low?: string, other?: string) => {
    if (other !== undefined) {
      const simple = SIMPLE.get(other);
      if (simple === undefined) valid = false;
      return simple ?? "";
    }
    const unit = Number.parseInt(high ?? "", 16);
    if (low === undefined) return utf8Bytes(unit);
    if (unit < 0xd800 || unit > 0xdbff) return utf8Bytes(unit) + utf8Bytes(Number.parseInt(low, 16));
    return utf8Bytes(0x10000 + ((unit - 0xd800) << 10) + (Number.parseInt(low, 16) - 0xdc00));
  });
  if (!valid) return undefined;
  return plain.replace(/\\x(0[0-7be]|0f|1[0-9a-f]|7f|[89a-f][0-9a-f])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
