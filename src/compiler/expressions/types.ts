import type { ts } from "ts-morph";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import type { Expression, ZeekType } from "../../model/expression.js";

export type FunctionNode =
  | ts.ArrowFunction
  | ts.FunctionExpression
  | ts.FunctionDeclaration
  | ts.MethodDeclaration;

/** What a name outside the function was bound to when the bundle had run. */
export type Captured = { readonly found: true; readonly value: unknown } | { readonly found: false };

/** A function of a bundle: where it stands, and what the names in it mean. */
export interface FunctionSource {
  readonly node: FunctionNode;
  readonly checker: ts.TypeChecker;
  /** The value of a name that the function does not declare itself. */
  captured(name: string): Captured;
  /** The source of a function value that was captured; undefined for functions that are not of a bundle file. */
  sourceOf(value: unknown): FunctionSource | undefined;
  spanOf(node: ts.Node): Span;
}

/** A field of a record as expressions see it. */
export interface FieldShape {
  readonly type: ZeekType;
  /** True: may be absent at run time; TypeScript sees `undefined`. */
  readonly optional: boolean;
  /** True for text that is ASCII always, so that characters are bytes: histories, states, uids. */
  readonly ascii?: boolean;
}

/** The fields of a parameter's record. */
export interface RecordShape {
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldShape>>;
}

/** One parameter of the function: its name in Expressions, and what it holds. */
export type ParameterType =
  | { readonly kind: "record"; readonly name: string; readonly shape: RecordShape }
  /** What a detection saw: `key` (one part, or several for a tuple), `count`, `time`. */
  | {
      readonly kind: "hit";
      readonly name: string;
      readonly key: readonly ZeekType[];
      /** True: `key` is a tuple, even of one part. */
      readonly tuple: boolean;
      readonly count: ZeekType;
    };

/** What the caller needs: a truth value, text, a number, one address, or whatever Zeek can hold as a key. */
export type Expected = "bool" | "string" | "number" | "addr" | "value";

export type Compiled =
  /** One expression, or one for each part of a returned tuple (`tuple` is then true). */
  | { readonly ok: true; readonly expressions: readonly Expression[]; readonly tuple: boolean }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
