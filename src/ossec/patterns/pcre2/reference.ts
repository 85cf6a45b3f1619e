import type { ParserState } from "./state.js";
import { refuse } from "./state.js";

/** Notes a reference to groups; the array is filled when the whole pattern was read. */
export function referTo(state: ParserState, to: number | string, at: number): readonly number[] {
  const groups: number[] = [];
  state.references.push({ to, groups, at });
  return groups;
}

/** Resolves all references; a missing group is refused. */
export function resolveReferences(state: ParserState): void {
  for (const { to, groups, at } of state.references) {
    if (typeof to === "number") {
      if (to > state.groups) refuse(state, "reference to a group that does not exist", at);
      groups.push(to);
      continue;
    }
    const numbers = state.names.get(to);
    if (numbers === undefined) refuse(state, `there is no group named ${to}`, at);
    else groups.push(...numbers);
  }
}
