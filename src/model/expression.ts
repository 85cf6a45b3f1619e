import type { Span } from "../diagnostics/diagnostic.js";

/** A type of Zeek's, as far as expressions know it. */
export type ZeekType =
  | {
      readonly kind:
        | "bool"
        | "count"
        | "int"
        | "double"
        | "string"
        | "addr"
        | "subnet"
        | "port"
        | "interval"
        | "time"
        | "pattern";
    }
  | { readonly kind: "enum"; readonly name: string }
  | { readonly kind: "record"; readonly name: string }
  | { readonly kind: "set"; readonly of: readonly ZeekType[] }
  | { readonly kind: "vector"; readonly of: ZeekType };

/** One arrow function of a bundle as plain data: emitted as Zeek and evaluated in the replay. */
export interface Expression {
  readonly kind: string;
  readonly type: ZeekType;
  readonly span: Span;
}
