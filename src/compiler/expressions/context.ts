import type { ts } from "ts-morph";
import type { Diagnostic, DiagnosticFactory, Span } from "../../diagnostics/diagnostic.js";
import { spanOfNode } from "../load/span.js";
import type { TypeScript } from "../load/typescript.js";
import {
  type Budget,
  type Facts,
  INVALID,
  type Leaf,
  type Scope,
  type SymbolicValue,
} from "./symbolic-value.js";
import type { CompileOptions, FunctionNode, ParameterType } from "./types.js";

/** What the compilation of one function carries along. */
export interface Context {
  readonly ts: TypeScript;
  readonly diagnostics: Diagnostic[];
  readonly budget: Budget;
  readonly options: CompileOptions;
  readonly parameters: readonly ParameterType[];
  /** Functions that are being inlined, outermost first. */
  readonly active: FunctionNode[];
  readonly visit: (node: ts.Expression, scope: Scope, facts: Facts) => SymbolicValue;
  /** `a === b` of two nodes. */
  readonly equal: (a: ts.Expression, b: ts.Expression, scope: Scope, facts: Facts) => SymbolicValue;
}

export function spanOf(node: ts.Node): Span {
  return spanOfNode(node);
}

/** Says at a node what cannot be done; each thing once. */
export function refuse(
  context: Context,
  code: DiagnosticFactory,
  node: ts.Node,
  message: string,
  help?: string,
): Leaf {
  const diagnostic = code(spanOf(node), message, help);
  const same = context.diagnostics.some(
    (other) =>
      other.file === diagnostic.file &&
      other.line === diagnostic.line &&
      other.column === diagnostic.column &&
      other.message === diagnostic.message,
  );
  if (!same) context.diagnostics.push(diagnostic);
  return INVALID;
}
