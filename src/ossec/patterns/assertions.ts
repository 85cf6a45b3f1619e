/** Where assertions of one position hold. */
import type { Assertion } from "./ast.js";
import { hasByte } from "./byte-set.js";
import { wordSet } from "./pcre2/sets.js";

function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && hasByte(wordSet, text.charCodeAt(at));
}

export function holds(assertion: Assertion, text: string, at: number): boolean {
  switch (assertion) {
    case "start":
      return at === 0;
    case "end":
      return at === text.length;
    case "endOrNewline":
      return at === text.length || (at === text.length - 1 && text.charCodeAt(at) === 10);
    case "lineStart":
      return at === 0 || (at < text.length && text.charCodeAt(at - 1) === 10);
    case "lineEnd":
      return at === text.length || text.charCodeAt(at) === 10;
    case "wordBoundary":
      return isWord(text, at - 1) !== isWord(text, at);
    case "notWordBoundary":
      return isWord(text, at - 1) === isWord(text, at);
  }
}
