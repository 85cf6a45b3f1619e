import type { Expression } from "../../model/expression.js";

/** A field that an expression reads: its parameter and path, and the column of a log that holds it. */
export interface NeededField {
  readonly parameter: string;
  /** `["id", "orig_h"]` */
  readonly path: readonly string[];
  /** `{ log: "conn", column: "id.orig_h" }`; null: no log has it, the expression cannot be replayed. */
  readonly column: { readonly log: string; readonly column: string } | null;
}

/** The fields that an expression reads, each once. `record` is the parameter's record, `connection`. */
export function columnsOf(expression: Expression, record: string): readonly NeededField[] {
  throw new Error(`not yet: ${expression.kind} ${record}`);
}
