import type { PatternNode } from "../ast.js";
import type { ParserState } from "./state.js";
import { refuse } from "./state.js";

const MAX_LENGTH = 65535;

/** The one length of everything that the node matches; null when it is not fixed. */
function fixedLength(state: ParserState, node: PatternNode, calls: readonly number[]): number | null {
  switch (node.kind) {
    case "byte":
    case "set":
      return 1;
    case "empty":
    case "assertion":
    case "look":
    case "fail":
    case "verb":
      return 0;
    case "group":
    case "atomic":
      return fixedLength(state, node.body, calls);
    case "sequence": {
      let length = 0;
      for (const item of node.items) {
        // What stands behind (*FAIL) is never run, and PCRE2 does not measure it.
        if (item.kind === "fail") break;
        const more = fixedLength(state, item, calls);
        if (more === null) return null;
        length += more;
      }
      return length;
    }
    case "alternatives":
      return commonLength(state, node.options, calls);
    case "repeat": {
      if (node.body.kind === "look" && !node.body.behind) return 0;
      if (node.min !== node.max) return null;
      const length = fixedLength(state, node.body, calls);
      return length === null ? null : length * node.min;
    }
    case "conditional":
      if (node.condition.kind === "define") return 0;
      return commonLength(state, node.no === null ? [node.yes] : [node.yes, node.no], calls);
    case "call":
    case "backreference": {
      const [group] = node.groups;
      const body = group === undefined ? undefined : state.bodies.get(group);
      if (group === undefined || body === undefined || node.groups.length > 1) return null;
      if (calls.includes(group) || calls.length > 300) return null;
      return fixedLength(state, body, [...calls, group]);
    }
  }
}

function commonLength(
  state: ParserState,
  options: readonly PatternNode[],
  calls: readonly number[],
): number | null {
  let common: number | null = null;
  for (const option of options) {
    const length = fixedLength(state, option, calls);
    if (length === null || (common !== null && length !== common)) return null;
    common = length;
  }
  return common;
}

/** Refuses lookbehinds with an alternative that has no fixed length, as PCRE2 10.42 does. */
export function checkLookbehinds(state: ParserState): void {
  for (const { body, at, open } of state.lookbehinds) {
    for (const option of body.kind === "alternatives" ? body.options : [body]) {
      const length = fixedLength(state, option, open);
      if (length === null) refuse(state, "a lookbehind has no fixed length", at);
      else if (length > MAX_LENGTH) refuse(state, "a lookbehind is too long", at);
    }
  }
}
