import { decodeUnchecked, offsetsOf } from "../unicode/utf8.js";
import type { WrittenCharacters } from "./state.js";

/** A pattern that is UTF-8 with one unit a character. */
export function writtenCharacters(text: string): WrittenCharacters {
  const beyond: number[] = [];
  let units = "";
  for (const code of decodeUnchecked(text)) {
    if (code <= 0xffff) {
      units += String.fromCharCode(code);
      continue;
    }
    let at = beyond.indexOf(code);
    if (at < 0) at = beyond.push(code) - 1;
    units += String.fromCharCode(0xd800 + at);
  }
  return { text: units, beyond, offsets: offsetsOf(text) };
}
