import type { ts } from "ts-morph";
import type { Span } from "../../diagnostics/diagnostic.js";
import type { Expression } from "../../model/expression.js";
import {
  BOOL,
  binary,
  COUNT,
  call,
  conditional,
  INT,
  literal,
  STRING,
  text,
  toBytes,
  unary,
} from "../../model/expression-builders.js";
import { EXPRESSION_PATTERN, EXPRESSION_TEXT, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { hasLoneSurrogate } from "./compare.js";
import { refuse, spanOf } from "./context.js";
import type { MethodCall } from "./methods.js";
import type { Pattern } from "./patterns/ast.js";
import { parsePattern } from "./patterns/parse.js";
import { toZeekPattern } from "./patterns/zeek.js";
import { choose, constant, type Leaf, type SymbolicValue, scalar } from "./symbolic-value.js";
import { loneSurrogate } from "./text.js";

/** The longest text that padding and repetition may make. */
const mostRepeated = 1000;

/** `text.replace(what, by)` and `replaceAll`: `sub` and `gsub`, which look from left to right as JavaScript does. */
export function replaced(method: MethodCall): SymbolicValue {
  const { context, name, receiver, args, node } = method;
  const [what, by] = args;
  if (
    args.length !== 2 ||
    what?.kind !== "constant" ||
    by?.kind !== "constant" ||
    typeof by.value !== "string"
  )
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `${name} needs a constant text or regular expression, and a constant text, in Zeek`,
      "compare the text as it is",
    );
  if (what.value instanceof RegExp) return replacedPattern(method, what.value, by.value);
  if (typeof what.value !== "string" || what.value === "" || what.value.includes("\0"))
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `${name} needs a text to look for that is not empty`,
    );
  if (hasLoneSurrogate(what.value) || hasLoneSurrogate(by.value)) return loneSurrogate(context, node);
  if (/\$[`']/.test(by.value)) return dollars(method);
  // What stands for `$&` and `$$` is the same at every place.
  const replacement = what.value.replace(what.value, by.value);
  return edited(method, literalPattern(what.value), replacement, receiver.ascii && isAscii(replacement));
}

function replacedPattern(method: MethodCall, pattern: RegExp, by: string): SymbolicValue {
  const { context, name, receiver, node } = method;
  const refused = (message: string, help: string): Leaf =>
    refuse(context, EXPRESSION_PATTERN, node, `/${pattern.source}/: ${message}`, help);
  if (pattern.sticky) return refused("the flag y", "leave it out");
  if (name === "replaceAll" && !pattern.global) return refused("replaceAll needs the flag g", "write /.../g");
  if (by.includes("$")) return dollars(method);
  if (hasLoneSurrogate(by)) return loneSurrogate(context, node);
  const plain = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
  const parsed = parsePattern(plain);
  if (parsed.kind === "refused") return refused(parsed.message, parsed.help);
  // Zeek takes the longest match, JavaScript the one it prefers: here both are the same one.
  if (!isRun(parsed) || pattern.source.includes("?"))
    return refused(
      "replacing knows characters and classes one after the other, the last one with + at most",
      "write /[0-9]+/, /\\s/ or a text",
    );
  const made = toZeekPattern(plain, receiver.ascii);
  if (made.kind === "refused") return refused(made.message, made.help);
  if (made.kind === "never") return receiver;
  if (made.kind !== "in") return refused("it matches the empty text", "write + in place of *");
  return edited(method, made.source, by, receiver.ascii && isAscii(by), pattern.global);
}

/** One way to match at each place, and never with nothing: classes, the last one repeated. */
function isRun(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "class":
      return true;
    case "repeat":
      return pattern.of.kind === "class" && pattern.least >= 1;
    case "sequence": {
      const last = pattern.parts.at(-1);
      const fixed = pattern.parts
        .slice(0, -1)
        .every(
          (part) =>
            part.kind === "class" ||
            (part.kind === "repeat" &&
              part.of.kind === "class" &&
              part.least === part.most &&
              part.least > 0),
        );
      return last !== undefined && fixed && (last.kind === "class" || last.kind === "repeat") && isRun(last);
    }
    default:
      return false;
  }
}

function dollars({ context, name, node }: MethodCall): Leaf {
  return refuse(
    context,
    EXPRESSION_UNSUPPORTED,
    node,
    `${name} with a $ in the new text, which stands for parts of the match`,
    "leave $ out",
  );
}

function edited(
  { name, receiver, node }: MethodCall,
  source: string,
  replacement: string,
  ascii: boolean,
  all = name === "replaceAll",
): SymbolicValue {
  const span = spanOf(node);
  const pattern: Expression = { kind: "pattern", source, type: { kind: "pattern" }, span };
  const args = [receiver.expression, pattern, text(replacement, span)];
  return scalar(call(all ? "gsub" : "sub", args, STRING, span), ascii);
}

/** A text as a pattern that matches it and nothing else (docs/reference/zeek.md#patterns). */
function literalPattern(of: string): string {
  return toBytes(of).replace(
    /[^A-Za-z0-9_]/g,
    (byte) => `\\x${(byte.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`,
  );
}

/** `text.split(separator)`: only what follows it can be computed: `.length` and `[0]`. */
export function split(method: MethodCall): SymbolicValue {
  const { context, receiver, args, node } = method;
  const [separator] = args;
  const { ts } = context;
  const use = node.parent;
  const at =
    use !== undefined && ts.isElementAccessExpression(use) && ts.isNumericLiteral(use.argumentExpression)
      ? Number(use.argumentExpression.text)
      : undefined;
  const length = use !== undefined && ts.isPropertyAccessExpression(use) && use.name.text === "length";
  const known =
    args.length === 1 &&
    separator?.kind === "constant" &&
    typeof separator.value === "string" &&
    separator.value !== "" &&
    !separator.value.includes("\0") &&
    !hasLoneSurrogate(separator.value);
  if (!known || typeof separator.value !== "string" || (at !== 0 && !length))
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      'of split Zeek knows `text.split(",").length` and `text.split(",")[0]`, with a constant text',
      "test parts of the text with includes, startsWith, endsWith or a regular expression",
    );
  const span = spanOf(node);
  const bytes = literal(STRING, toBytes(separator.value), span);
  if (length) {
    const pattern: Expression = {
      kind: "pattern",
      source: literalPattern(separator.value),
      type: { kind: "pattern" },
      span,
    };
    const size = (of: Expression): Expression => unary("size", of, COUNT, span);
    const width = toBytes(separator.value).length;
    const without = size(call("gsub", [receiver.expression, pattern, text("", span)], STRING, span));
    const removed = binary("-", size(receiver.expression), without, COUNT, span);
    const times = width === 1 ? removed : binary("/", removed, literal(COUNT, width, span), COUNT, span);
    const parts = scalar(binary("+", times, literal(COUNT, 1, span), COUNT, span));
    return { kind: "object", members: new Map([["length", parts]]) };
  }
  const where = call("find_str", [receiver.expression, bytes], INT, span);
  const first = conditional(
    binary(">", where, literal(COUNT, 0, span), BOOL, span),
    call("sub_bytes", [receiver.expression, literal(COUNT, 1, span), where], STRING, span),
    conditional(
      binary("==", where, literal(COUNT, 0, span), BOOL, span),
      text("", span),
      receiver.expression,
      span,
    ),
    span,
  );
  return { kind: "tuple", elements: [scalar(first, receiver.ascii)] };
}

/** `text.repeat(3)` */
export function repeated(method: MethodCall, times: number | undefined): SymbolicValue {
  const { context, receiver, node } = method;
  if (times === undefined || times < 0 || times > 100)
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      "repeat needs a constant number from 0 to 100 in Zeek",
    );
  if (times === 0) return constant("");
  const pieces = Array.from({ length: times }, () => receiver.expression);
  return times === 1 ? receiver : scalar(call("cat", pieces, STRING, spanOf(node)), receiver.ascii);
}

/** `text.padStart(8, "0")`, `padEnd`: of ASCII, with one character. */
export function padded(method: MethodCall, width: number | undefined): SymbolicValue {
  const { context, name, receiver, args, node } = method;
  const filler = args[1] ?? constant(" ");
  const fill = filler.kind === "constant" && typeof filler.value === "string" ? filler.value : "";
  if (width === undefined || width > mostRepeated || !/^[\x01-\x7f]$/.test(fill))
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `${name} needs a constant width and one constant ASCII character in Zeek`,
    );
  if (!receiver.ascii)
    return refuse(
      context,
      EXPRESSION_TEXT,
      node,
      `${name} of a text that may hold more than ASCII: widths count bytes in Zeek`,
      "write the text as it is",
    );
  if (width <= 0) return receiver;
  const span = spanOf(node);
  const { expression } = receiver;
  const size = unary("size", expression, COUNT, span);
  const wanted = literal(COUNT, width, span);
  const missing = unary("plus", binary("-", wanted, size, COUNT, span), INT, span);
  const padding = call(
    "sub_bytes",
    [text(fill.repeat(width), span), literal(COUNT, 1, span), missing],
    STRING,
    span,
  );
  const both = name === "padStart" ? [padding, expression] : [expression, padding];
  return scalar(
    conditional(binary(">=", size, wanted, BOOL, span), expression, call("cat", both, STRING, span), span),
    true,
  );
}

/** The last `length` characters of an ASCII text, all of them where it has fewer: `text.slice(-3)`. */
export function lastCharacters(
  receiver: MethodCall["receiver"],
  length: number,
  node: ts.Node,
): SymbolicValue {
  const span = spanOf(node);
  const { expression } = receiver;
  const size = unary("size", expression, COUNT, span);
  const tail = call(
    "sub_bytes",
    [expression, placeFromEnd(size, length, span), literal(INT, length, span)],
    STRING,
    span,
  );
  const short = binary("<=", size, literal(COUNT, length, span), BOOL, span);
  return scalar(conditional(short, expression, tail, span), true);
}

/** `text.at(-1)` of an ASCII text. */
export function fromEnd({ receiver, facts, node }: MethodCall, index: number): SymbolicValue {
  const span = spanOf(node);
  const size = unary("size", receiver.expression, COUNT, span);
  const start = placeFromEnd(size, -index, span);
  return choose(
    facts,
    binary(">=", size, literal(COUNT, -index, span), BOOL, span),
    () => scalar(call("sub_bytes", [receiver.expression, start, literal(INT, 1, span)], STRING, span), true),
    () => constant(undefined),
    span,
  );
}

/** Where the last `length` bytes begin, counted from 1; there are as many. */
function placeFromEnd(size: Expression, length: number, span: Span): Expression {
  return length === 1 ? size : binary("-", size, literal(COUNT, length - 1, span), COUNT, span);
}

function isAscii(of: string): boolean {
  return /^[\0-\x7f]*$/.test(of);
}

/** Blanks that `trim` takes away, as far as ASCII goes. */
const blanks = " \t\n\r\v\f";

/** `trimStart`, `trimEnd` of an ASCII text. */
export function stripped({ receiver, node }: MethodCall, zeek: "lstrip" | "rstrip"): SymbolicValue {
  const span = spanOf(node);
  return scalar(call(zeek, [receiver.expression, text(blanks, span)], STRING, span), true);
}
