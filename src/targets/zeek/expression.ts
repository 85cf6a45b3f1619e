import type { Expression } from "../../model/expression.js";

/**
 * What a parameter is called in the emitted script: a variable (`c`, then `c$id$orig_h`), or a function that
 * spells a path of it (`(path) => path[0] === "count" ? "n" : ...`) where the parameter is no record there.
 */
export type ParameterNames = Readonly<Record<string, string | ((path: readonly string[]) => string)>>;

/** An Expression as Zeek's source text, with parentheses where precedence needs them. */
export function emitExpression(expression: Expression, names: ParameterNames = {}): string {
  throw new Error(`not yet: ${expression.kind} ${Object.keys(names).length}`);
}
