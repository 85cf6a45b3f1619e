import type { RepeatMode } from "../ast.js";
import { skipInvisible } from "./invisible.js";
import { accept, type ParserState, refuse } from "./state.js";

export interface Quantifier {
  readonly min: number;
  readonly max: number;
  readonly mode: RepeatMode;
}

export const MAX_COUNT = 65535;
const braces = /^\{([0-9]+)(?:(,)([0-9]*))?\}/;

function readCounts(state: ParserState): { readonly min: number; readonly max: number } | null {
  if (accept(state, "*")) return { min: 0, max: Infinity };
  if (accept(state, "+")) return { min: 1, max: Infinity };
  if (accept(state, "?")) return { min: 0, max: 1 };
  if (state.text.charAt(state.at) !== "{") return null;
  const close = state.text.indexOf("}", state.at);
  const match = close < 0 ? null : braces.exec(state.text.slice(state.at, close + 1));
  if (match === null) return null;
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : match[3] === "" ? Infinity : Number(match[3]);
  if (min > MAX_COUNT || (max !== Infinity && max > MAX_COUNT)) {
    return refuse(state, "a number in a quantifier is above 65535");
  }
  if (min > max) return refuse(state, "the numbers of a quantifier are out of order");
  state.at += match[0].length;
  return { min, max };
}

/** Reads a quantifier if one stands here; a brace that is none stays literal. */
export function readQuantifier(state: ParserState): Quantifier | null {
  const counts = readCounts(state);
  if (counts === null) return null;
  skipInvisible(state);
  if (state.quoting) return { ...counts, mode: state.flags.ungreedy ? "lazy" : "greedy" };
  if (accept(state, "+")) return { ...counts, mode: "possessive" };
  const lazy = accept(state, "?") !== state.flags.ungreedy;
  return { ...counts, mode: lazy ? "lazy" : "greedy" };
}
