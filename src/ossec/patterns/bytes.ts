const ASCII_UPPER = /[A-Z]+/g;
/** The other letters that `toLowerCase` changes. */
const OTHER_UPPER = /[\u00c0-\u00de]/;

/**
 * Lower case of the letters A-Z only. `String.prototype.toLowerCase` would also fold the latin1 letters
 * À-Þ, which the engine, working on bytes in the C locale, does not.
 */
export function foldAscii(text: string): string {
  const lower = text.toLowerCase();
  if (lower === text || !OTHER_UPPER.test(text)) return lower;
  return text.replace(ASCII_UPPER, (run) => run.toLowerCase());
}

let lastText = "";
let lastFolded = "";
let lastShort = "";
let lastShortFolded = "";
let asciiText = "";

/** Shorter texts would push out the line that they are from. */
const shortText = 32;

/** All bytes of this text are below 0x80: {@link foldedText} need not look. */
export function noteAscii(text: string): void {
  asciiText = text;
}

/** The same of a text that many patterns are tried on: the last answer is remembered. */
export function foldedText(text: string): string {
  if (text.length < shortText) {
    if (text !== lastShort) {
      lastShort = text;
      lastShortFolded = foldAscii(text);
    }
    return lastShortFolded;
  }
  if (text !== lastText) {
    lastText = text;
    lastFolded = text === asciiText ? text.toLowerCase() : foldAscii(text);
  }
  return lastFolded;
}

/** The byte in the other letter case when it is a letter A-Z or a-z, else the byte itself. */
export function otherCase(code: number): number {
  if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) return code ^ 0x20;
  return code;
}

/** The byte in lower case when it is A-Z. */
export function lowerByte(code: number): number {
  return code >= 65 && code <= 90 ? code | 0x20 : code;
}
