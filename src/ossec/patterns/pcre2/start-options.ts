import { accept, type ParserState, unsupported } from "./state.js";

/** Settings in front of a pattern that change speed only, or ask for what holds anyway. */
const harmless = ["NO_AUTO_POSSESS", "NO_DOTSTAR_ANCHOR", "NO_JIT", "NO_START_OPT", "LF", "BSR_UNICODE"];

const changing =
  /^\(\*(UTF8?|UCP|CR|CRLF|ANYCRLF|ANY|NUL|BSR_ANYCRLF|NOTEMPTY|NOTEMPTY_ATSTART|LIMIT_(?:DEPTH|HEAP|MATCH|RECURSION)=[0-9]+)\)/;

/** Reads settings such as `(*LF)` in front of the pattern. */
export function readStartOptions(state: ParserState): void {
  while (state.text.startsWith("(*", state.at)) {
    if (harmless.some((name) => accept(state, `(*${name})`))) continue;
    const match = changing.exec(state.text.slice(state.at, state.at + 60));
    if (match !== null) unsupported(state, `the setting (*${match[1]})`);
    return;
  }
}
