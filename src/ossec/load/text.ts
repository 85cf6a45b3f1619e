/** The few functions of C that decide what a value means. All of them look at bytes. */

/** strcasecmp in the C locale: only ASCII letters fold. */
export { foldAscii as lowerCase } from "../patterns/bytes.js";

/** OS_StrIsNum: digits only; the empty text is one. */
export function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const byte = text.charCodeAt(at);
    if (byte < 48 || byte > 57) return false;
  }
  return true;
}

/** atoi of glibc: leading white space, a sign, digits; too large wraps as (int) of a clamped long. */
export function atoi(text: string): number {
  // Nearly every number there is.
  if (text.length > 0 && text.length < 10 && isDigits(text)) return Number(text);
  const digits = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)/.exec(text);
  if (digits === null) return 0;
  const value = BigInt(digits[2] ?? "0") * (digits[1] === "-" ? -1n : 1n);
  const highest = (1n << 63n) - 1n;
  const clamped = value > highest ? highest : value < -highest - 1n ? -highest - 1n : value;
  return Number(BigInt.asIntN(32, clamped));
}

/** OS_StrBreak: at most `size` pieces, the last one takes the rest. */
export function breakText(text: string, separator: string, size: number): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  while (pieces.length < size - 1) {
    const next = text.indexOf(separator, at);
    if (next < 0) break;
    pieces.push(text.slice(at, next));
    at = next + 1;
  }
  pieces.push(text.slice(at));
  return pieces;
}
