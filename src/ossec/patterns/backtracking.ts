import type { PatternNode } from "./ast.js";
import type { Backtracking } from "./types.js";

export function analyseBacktracking(_root: PatternNode): Backtracking {
  return { kind: "linear" };
}
