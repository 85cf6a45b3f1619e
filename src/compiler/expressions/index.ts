import type { Compiled, Expected, FunctionSource, ParameterType } from "./types.js";

export type {
  Captured,
  Compiled,
  Expected,
  FieldShape,
  FunctionNode,
  FunctionSource,
  ParameterType,
  RecordShape,
} from "./types.js";

/**
 * Turns one arrow function of a bundle into Expressions, or says at which place what cannot be expressed.
 * `parameters` describe the function's parameters in order.
 */
export function compileFunction(
  source: FunctionSource,
  parameters: readonly ParameterType[],
  expected: Expected = "value",
): Compiled {
  throw new Error(`not yet: ${source.node.kind} ${parameters.length} ${expected}`);
}
