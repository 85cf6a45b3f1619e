/** A fix of the linter, done to the texts and checked by the engine before anybody has it. */
import { decidesAlike } from "../../../src/lint/fix-check.js";
import { latin1 } from "./bytes.js";
import type { Edit } from "./findings.js";
import type { PlaygroundInput } from "./input.js";
import { loadInput } from "./load.js";
import type { Ruleset } from "./ruleset.js";

/** The input with edits that do not overlap. */
export function withEdits(input: PlaygroundInput, edits: readonly Edit[]): PlaygroundInput {
  const changed = { ...input };
  for (const { editor, from, to, text } of [...edits].sort((one, other) => other.from - one.from))
    changed[editor] = changed[editor].slice(0, from) + text + changed[editor].slice(to);
  return changed;
}

/** The input with the fix; null: the engine would decide otherwise, or refuse more than before. */
export function fixed(
  input: PlaygroundInput,
  ruleset: Ruleset | null,
  edits: readonly Edit[],
): PlaygroundInput | null {
  const changed = withEdits(input, edits);
  const lines = input.lines.split("\n").filter((line) => line.trim() !== "");
  return decidesAlike(loadInput(input, ruleset), loadInput(changed, ruleset), lines.map(latin1))
    ? changed
    : null;
}
