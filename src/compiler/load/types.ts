import type { ts } from "ts-morph";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";

export interface LoadOptions {
  /** Diagnostics name files relative to it. Default: the process's. */
  readonly cwd?: string;
  /** How long a bundle may run, in milliseconds. Default 5000. */
  readonly timeLimit?: number;
}

/** A file that the result depends on. */
export interface InputFile {
  /** Absolute path. */
  readonly path: string;
  /** Of its bytes, in hex. */
  readonly sha256: string;
}

/** A function of the user's source, with what it can see around it. */
export type FunctionNode =
  | ts.ArrowFunction
  | ts.FunctionExpression
  | ts.FunctionDeclaration
  | ts.MethodDeclaration;

export interface TaggedFunction {
  /** The node as parsed and checked. */
  readonly node: FunctionNode;
  /**
   * The value that a free name of the function has now, in the very scope where this function was made;
   * `undefined` for names that are not in `captured` and for variables that were never initialised.
   */
  readonly environment: (name: string) => unknown;
  /** The free names that `environment` knows: variables, functions and imports, never globals as `Math`. */
  readonly captured: ReadonlySet<string>;
  readonly checker: ts.TypeChecker;
  readonly span: Span;
}

export interface LoadedBundle {
  /** The default export: what `defineBundle` returned. */
  readonly value: unknown;
  /** Every file that was read for it, except zopf's own and TypeScript's, sorted by path. */
  readonly files: readonly InputFile[];
  /** False when the bundle used something that `files` cannot stand for, as `node:fs`. */
  readonly cacheable: boolean;
  /**
   * Where a value, or what lies at a path below it, is written: the property's initializer, else the
   * literal or the call around it, else the `defineBundle` call, else the file's start.
   */
  readonly locate: (value: object, ...path: readonly (string | number)[]) => Span;
  /** The name by which zopf exports a value; null for any other value. */
  readonly exportName?: (value: unknown) => string | null;
  /** The source of a function of the bundle; null for any other function. */
  readonly sourceOf: (fn: unknown) => TaggedFunction | null;
}

export type LoadResult =
  | { readonly ok: true; readonly bundle: LoadedBundle }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
