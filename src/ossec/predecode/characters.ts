import { codeAt, type LineBytes } from "./line-bytes.js";

/** Codes of the characters that headers of lines are recognised by. */
export const BLANK = 0x20;
export const COLON = 0x3a;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const DASH = 0x2d;
export const DOT = 0x2e;
export const SLASH = 0x2f;
export const OPEN = 0x5b;
export const CLOSE = 0x5d;
export const PIPE = 0x7c;
export const DIGIT_ONE = 0x31;
export const LETTER_T = 0x54;

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isLower(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isAlphanumeric(code: number): boolean {
  return isDigit(code) || isLower(code) || (code >= 65 && code <= 90);
}

const wordCharacters = new Uint8Array(256);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789()@/_.-") {
  wordCharacters[character.charCodeAt(0)] = 1;
}

/** Offset behind the run of characters that host and program names are made of (docs/reference/ossec.md#pre-decoding, step 2). */
export function endOfWord(line: LineBytes, from: number): number {
  let i = from;
  while (wordCharacters[codeAt(line, i)] === 1) i++;
  return i;
}

/** Offset behind a run of digits. */
export function endOfDigits(line: LineBytes, from: number): number {
  let i = from;
  while (isDigit(codeAt(line, i))) i++;
  return i;
}

/** Offset behind a run of letters and digits. */
export function endOfAlphanumerics(line: LineBytes, from: number): number {
  let i = from;
  while (isAlphanumeric(codeAt(line, i))) i++;
  return i;
}
