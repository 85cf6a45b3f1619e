import type { Expression, ZeekType, ZeekValue } from "../../model/expression.js";

/**
 * Compiles the reading of one field: called once a place, the result once a row. `undefined` is "not set".
 * The parameter itself has an empty path.
 */
export type Reader<Row> = (
  parameter: string,
  path: readonly string[],
  type: ZeekType,
) => (row: Row) => ZeekValue | undefined;

/** What globals stand for: `Site::local_nets`, and `network_time()`. */
export interface Globals<Row> {
  readonly localNets: { has(address: string): boolean };
  readonly networkTime: (row: Row) => number;
}

/** An Expression as a function of a row: Zeek's own semantics, made once, called for millions of rows. */
export function compileEvaluator<Row>(
  expression: Expression,
  read: Reader<Row>,
  globals: Globals<Row>,
): (row: Row) => ZeekValue {
  throw new Error(`not yet: ${expression.kind} ${String(read)} ${String(globals)}`);
}
