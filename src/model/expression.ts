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

/**
 * A value as the replay holds it. All but sets and vectors are JavaScript primitives, so they serve as keys
 * of a Map as they are.
 *
 * | Zeek | here |
 * | --- | --- |
 * | bool | boolean |
 * | count, int, double | number (exact up to 2^53) |
 * | string | latin1 string: one UTF-16 unit 0..255 a byte |
 * | addr | canonical text, `2001:db8::1` |
 * | subnet | canonical text, `10.0.0.0/8` |
 * | port | `makePort(proto, number)` of src/zeek/values/port.ts: ordered as in Zeek |
 * | interval, time | number of seconds |
 * | enum | its name as Zeek prints it: `tcp`, `Notice::ACTION_LOG` |
 * | set, vector | array of values |
 */
export type ZeekValue = boolean | number | string | readonly ZeekValue[];

/** Unary operators of Zeek; `size` is `|x|`; `plus` and `negate` of a count give an int. */
export type UnaryOperator = "not" | "negate" | "plus" | "size";

/** Binary operators of Zeek, with Zeek's meaning: `/` of two counts cuts off. */
export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "&&"
  | "||"
  | "in"
  | "!in"
  /** On counts. */
  | "&"
  | "|"
  | "^";

interface Node {
  readonly type: ZeekType;
  readonly span: Span;
}

/**
 * A constant. Its `value` is a ZeekValue of the node's type, except that a port is text (`"22/tcp"`), so that
 * the Model can be read by a person.
 */
export interface LiteralExpression extends Node {
  readonly kind: "literal";
  readonly value: boolean | number | string;
}

/** A pattern: `source` as it stands between Zeek's slashes. `==` matches the whole text, `in` anywhere. */
export interface PatternExpression extends Node {
  readonly kind: "pattern";
  readonly source: string;
}

/** A parameter or a field of it: `c`, `c$id$orig_h`; `hit$key$0` is the first part of a tuple key. */
export interface FieldExpression extends Node {
  readonly kind: "field";
  readonly parameter: string;
  readonly path: readonly string[];
}

/** Whether an optional field is set: `c?$conn`. Every field before the last one is present where this is reached. */
export interface PresenceExpression extends Node {
  readonly kind: "presence";
  readonly parameter: string;
  readonly path: readonly string[];
}

/** A global of Zeek: `Site::local_nets`. */
export interface GlobalExpression extends Node {
  readonly kind: "global";
  readonly name: string;
}

export interface UnaryExpression extends Node {
  readonly kind: "unary";
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export interface BinaryExpression extends Node {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `condition ? whenTrue : whenFalse`; lazy, in Zeek too. */
export interface ConditionalExpression extends Node {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

/** A call of one of Zeek's own functions that cannot fail. */
export interface CallExpression extends Node {
  readonly kind: "call";
  readonly function: string;
  readonly arguments: readonly Expression[];
}

/** `set(...)` of literals of one type; never empty. */
export interface SetExpression extends Node {
  readonly kind: "set";
  readonly elements: readonly LiteralExpression[];
}

/** `v[index]` of a string or vector; guarded, so that the position exists. */
export interface IndexExpression extends Node {
  readonly kind: "index";
  readonly operand: Expression;
  readonly index: number;
}

/** `value` is worked out once, before `body`, which calls it `name`. */
export interface LetExpression extends Node {
  readonly kind: "let";
  /** `part1`; each name is given once in an expression. */
  readonly name: string;
  readonly value: Expression;
  readonly body: Expression;
}

/** What a `let` around it has named. */
export interface VariableExpression extends Node {
  readonly kind: "variable";
  readonly name: string;
}

/**
 * One arrow function of a bundle as plain data: an expression of **Zeek**, typed, that cannot end with a
 * run-time error. What TypeScript does with absent fields, numbers and so on has become plain Zeek here, so
 * that the emitter and the replay need no knowledge of TypeScript.
 */
export type Expression =
  | LiteralExpression
  | PatternExpression
  | FieldExpression
  | PresenceExpression
  | GlobalExpression
  | UnaryExpression
  | BinaryExpression
  | ConditionalExpression
  | CallExpression
  | SetExpression
  | IndexExpression
  | LetExpression
  | VariableExpression;
