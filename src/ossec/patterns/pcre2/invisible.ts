import { accept, type ParserState, refuse } from "./state.js";

/** Unicode's pattern white space, also without `(*UTF)`. */
function isWhitespace(code: number): boolean {
  if (code === 32 || (code >= 9 && code <= 13) || code === 0x85) return true;
  return code === 0x200e || code === 0x200f || code === 0x2028 || code === 0x2029;
}

/**
 * Leaves behind what stands for nothing outside of classes: comments, `\\E`, the beginning of a quote, and
 * under `(?x)` blanks and comments of the other kind. They may even part a quantifier from its `+` or `?`.
 */
export function skipInvisible(state: ParserState): void {
  for (;;) {
    if (accept(state, "\\E")) {
      state.quoting = false;
      continue;
    }
    if (state.quoting) return;
    const { at } = state;
    if (accept(state, "\\Q")) state.quoting = true;
    else if (accept(state, "(?#")) {
      const close = state.text.indexOf(")", state.at);
      if (close < 0) refuse(state, "a comment is never closed", at);
      state.at = close < 0 ? state.text.length : close + 1;
    } else if (state.flags.extended && isWhitespace(state.text.charCodeAt(at))) state.at++;
    else if (state.flags.extended && state.text.charAt(at) === "#") {
      const end = state.text.indexOf("\n", at);
      state.at = end < 0 ? state.text.length : end + 1;
    } else return;
  }
}
