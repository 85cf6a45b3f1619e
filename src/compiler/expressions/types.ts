import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Expression, ZeekType } from "../../model/expression.js";
import type { FieldEntry } from "../../zeek-records/records.js";
import type { TaggedFunction } from "../load/types.js";

export type { FunctionNode } from "../load/types.js";

/** A function of a bundle: where it stands, and what the names in it mean. A `TaggedFunction` is one. */
export type FunctionSource = Pick<TaggedFunction, "node" | "environment" | "captured">;

/** One parameter of the function: its name in Expressions, and what it holds. */
export type ParameterType =
  /** A record of src/zeek-records/table.json, `connection`, `SSH::Info`; or one whose fields the bundle declares. */
  | {
      readonly kind: "record";
      readonly name: string;
      readonly record: string;
      readonly fields?: ReadonlyMap<string, FieldEntry>;
    }
  /** What a detection saw: `key` (one part, or several for a tuple), `count`, `time`. */
  | {
      readonly kind: "hit";
      readonly name: string;
      readonly key: readonly ZeekType[];
      /** True: `key` is a tuple, even of one part. */
      readonly tuple: boolean;
      readonly count: ZeekType;
    };

/**
 * What the caller needs: a truth value, text, a number, one address, or whatever Zeek can hold as a key or in
 * a log's column.
 */
export type Expected = "bool" | "string" | "number" | "addr" | "value";

export type Compiled =
  /** One expression, or one for each part of a returned tuple (`tuple` is then true). */
  | { readonly ok: true; readonly expressions: readonly Expression[]; readonly tuple: boolean }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export interface CompileOptions {
  /** Finds the source of helper functions: `bundle.sourceOf`. Without it, helpers are refused. */
  readonly sourceOf?: (fn: unknown) => FunctionSource | null;
}
