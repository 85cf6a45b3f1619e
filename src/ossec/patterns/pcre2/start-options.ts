import { accept, type Newline, type ParserState, unsupported } from "./state.js";

/** Settings in front of a pattern that change speed or memory only, or ask for what holds anyway. */
const harmless =
  /^\(\*(?:NO_AUTO_POSSESS|NO_DOTSTAR_ANCHOR|NO_START_OPT|BSR_UNICODE|LIMIT_(?:DEPTH|HEAP|RECURSION)=[0-9]+)\)/;

const newlines: readonly Newline[] = ["LF", "CR", "CRLF", "ANYCRLF", "ANY", "NUL"];

const limit = /^\(\*LIMIT_MATCH=([0-9]+)\)/;

const changing = /^\(\*(NOTEMPTY|NOTEMPTY_ATSTART)\)/;

/** Reads one setting; false: none that is run stands here. */
function readOption(state: ParserState): boolean {
  const ahead = state.text.slice(state.at, state.at + 60);
  const skipped = harmless.exec(ahead);
  if (skipped !== null) return accept(state, skipped[0]);
  for (const newline of newlines) {
    if (!accept(state, `(*${newline})`)) continue;
    state.newline = newline;
    return true;
  }
  if (accept(state, "(*BSR_ANYCRLF)")) state.shortNewlines = true;
  else if (accept(state, "(*NO_JIT)")) state.withoutJit = true;
  else if (accept(state, "(*UTF)") || accept(state, "(*UTF8)")) state.utf = true;
  else if (accept(state, "(*UCP)")) state.ucp = true;
  else {
    const match = limit.exec(ahead);
    if (match === null) return false;
    // The last one counts.
    state.matchLimit = Number(match[1]);
    return accept(state, match[0]);
  }
  return true;
}

/** Reads settings such as `(*LF)` in front of the pattern. */
export function readStartOptions(state: ParserState): void {
  while (state.text.startsWith("(*", state.at)) {
    if (readOption(state)) continue;
    const match = changing.exec(state.text.slice(state.at, state.at + 60));
    if (match !== null) unsupported(state, `the setting (*${match[1]})`);
    return;
  }
}

/** Does the pattern ask PCRE2 not to compile it? OSSEC 3.7 and 3.8 run compiled patterns only. */
export function asksForNoJit(text: string): boolean {
  if (!text.startsWith("(*")) return false;
  const settings = /^(?:\(\*[A-Z_0-9=]+\))*/.exec(text)?.[0] ?? "";
  return settings.includes("(*NO_JIT)");
}
