import type { PatternTree } from "./ast.js";
import type { PatternMatch } from "./types.js";

export function createBacktracker(_tree: PatternTree): {
  test(text: string): boolean;
  exec(text: string): PatternMatch | null;
} {
  return { test: () => false, exec: () => null };
}
