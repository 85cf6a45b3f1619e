import { type Token, tokens } from "./tokens.js";

/**
 * A parser of the part of Zeek that zopf emits, written from Zeek's grammar and not from the templates: what
 * does not parse here must not be emitted. Every `@if` asks for a cluster, `@ifdef` for what is there.
 */
export type Type =
  | { readonly kind: "table"; readonly of: Type | null }
  | { readonly kind: "vector" }
  | { readonly kind: "name"; readonly name: string };

export type Node =
  | { readonly kind: "constant"; readonly value: string | number | boolean | RegExp }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Node[] }
  | {
      readonly kind: "record";
      readonly type: string | null;
      readonly fields: readonly (readonly [string, Node])[];
    }
  | { readonly kind: "size"; readonly of: Node }
  | { readonly kind: "not"; readonly of: Node }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: "conditional"; readonly condition: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: "field"; readonly of: Node; readonly field: string }
  | { readonly kind: "has"; readonly of: Node; readonly field: string }
  | { readonly kind: "index"; readonly of: Node; readonly index: readonly Node[] }
  | { readonly kind: "slice"; readonly of: Node; readonly from: Node; readonly to: Node }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly arguments: readonly Node[];
      readonly hook: boolean;
    };

export type Statement =
  | { readonly kind: "block"; readonly body: readonly Statement[] }
  | { readonly kind: "if"; readonly condition: Node; readonly yes: Statement; readonly no: Statement | null }
  | { readonly kind: "while"; readonly condition: Node; readonly body: Statement }
  | {
      readonly kind: "for";
      readonly index: readonly string[];
      readonly value: string | null;
      readonly over: Node;
      readonly body: Statement;
    }
  | { readonly kind: "local"; readonly name: string; readonly type: Type | null; readonly value: Node | null }
  | {
      readonly kind: "assign";
      readonly target: Node;
      readonly operator: "=" | "+=" | "-=";
      readonly value: Node;
    }
  | { readonly kind: "add" | "delete"; readonly target: Node }
  | { readonly kind: "event"; readonly call: Node }
  | { readonly kind: "evaluate"; readonly value: Node }
  | { readonly kind: "return"; readonly value: Node | null }
  | { readonly kind: "next" | "break" };

export interface Declared {
  readonly kind: "option" | "global" | "const";
  readonly name: string;
  readonly type: Type | null;
  readonly value: Node | null;
  readonly expiry: { readonly attribute: string; readonly timeout: Node } | null;
}

export interface Routine {
  readonly kind: "function" | "event" | "hook";
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface Script {
  readonly module: string;
  readonly declared: readonly Declared[];
  readonly routines: readonly Routine[];
  readonly enums: readonly string[];
}

const seconds: Readonly<Record<string, number>> = {
  usec: 1e-6,
  msec: 1e-3,
  sec: 1,
  min: 60,
  hr: 3600,
  day: 86400,
};
const levels = [
  ["||"],
  ["&&"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["in", "!in"],
  ["+", "-"],
  ["*", "/", "%"],
];

/** Keeps one branch of each `@if ... @else ... @endif`; names that `@ifdef` asks for are there. */
function oneBranch(all: readonly Token[], cluster: boolean): readonly Token[] {
  const kept: Token[] = [];
  const open: boolean[] = [];
  let depth = 0;
  let inCondition = false;
  for (const token of all) {
    const directive = token.kind === "directive" ? token.text : "";
    if (directive.startsWith("@if")) {
      open.push(directive.startsWith("@ifdef") || cluster);
      inCondition = true;
    } else if (directive.startsWith("@else")) open.push(!open.pop());
    else if (directive.startsWith("@endif")) open.pop();
    else if (inCondition) {
      depth += token.text === "(" ? 1 : token.text === ")" ? -1 : 0;
      if (depth === 0) inCondition = false;
    } else if (token.kind !== "directive" && open.every((taken) => taken)) kept.push(token);
  }
  return kept;
}

export function parse(source: string, cluster = false): Script {
  const all = oneBranch(tokens(source), cluster);
  const declared: Declared[] = [];
  const routines: Routine[] = [];
  const enums: string[] = [];
  let module = "GLOBAL";
  let at = 0;

  const peek = (ahead = 0): string => all[at + ahead]?.text ?? "";
  const fail = (wanted: string): never => {
    throw new Error(`line ${all[at]?.line ?? "?"}: ${JSON.stringify(peek())} where ${wanted} should stand`);
  };
  const take = (): Token => all[at++] ?? fail("something");
  const expect = (text: string): void => {
    if (peek() !== text) fail(JSON.stringify(text));
    at++;
  };
  const accept = (text: string): boolean => {
    if (peek() !== text) return false;
    at++;
    return true;
  };
  const word = (): string => (all[at]?.kind === "word" ? take().text : fail("a name"));
  const listUntil = <T>(end: string, item: () => T): T[] => {
    const items: T[] = [];
    while (!accept(end)) {
      items.push(item());
      if (peek() !== end) expect(",");
    }
    return items;
  };

  const type = (): Type => {
    const name = word();
    if (name === "table" || name === "set") {
      expect("[");
      listUntil("]", type);
      if (name === "set") return { kind: "table", of: null };
      expect("of");
      return { kind: "table", of: type() };
    }
    if (name === "vector") {
      expect("of");
      type();
      return { kind: "vector" };
    }
    if (name === "hook" || name === "event" || name === "function") {
      expect("(");
      parameters();
      if (name === "function" && accept(":")) type();
    }
    return { kind: "name", name };
  };
  const parameters = (): string[] =>
    listUntil(")", () => {
      const name = word();
      expect(":");
      type();
      return name;
    });

  const field = (): readonly [string, Node] => {
    expect("$");
    const name = word();
    expect("=");
    return [name, expression()];
  };
  const pair = (): Node => {
    const key = expression();
    expect("=");
    return { kind: "list", items: [key, expression()] };
  };
  const constant = (token: Token): Node => {
    if (token.kind === "string") {
      const text = token.text
        .slice(1, -1)
        .replace(/\\(x[0-9A-Fa-f]{2}|.)/g, (_, rest: string) =>
          rest.length === 3 ? String.fromCharCode(Number.parseInt(rest.slice(1), 16)) : rest,
        );
      return { kind: "constant", value: text };
    }
    if (token.kind === "pattern") return { kind: "constant", value: new RegExp(token.text.slice(1, -1)) };
    const [, digits, unit] = /^([0-9.e+-]+?)([a-z]+)?$/.exec(token.text) ?? fail("a number");
    return {
      kind: "constant",
      value: Number(digits) * (unit === undefined ? 1 : (seconds[unit] ?? fail("a unit"))),
    };
  };
  const primary = (): Node => {
    if (accept("(")) {
      const inner = expression();
      expect(")");
      return inner;
    }
    if (accept("[")) {
      if (peek() === "$") return { kind: "record", type: null, fields: listUntil("]", field) };
      return { kind: "list", items: listUntil("]", expression) };
    }
    if (accept("|")) {
      const of = sum();
      expect("|");
      return { kind: "size", of };
    }
    if (accept("hook")) {
      const name = word();
      expect("(");
      return { kind: "call", name, arguments: listUntil(")", expression), hook: true };
    }
    const token = take();
    if (token.kind !== "word")
      return token.kind === "symbol" || token.kind === "attribute" ? fail("a value") : constant(token);
    if (token.text === "T" || token.text === "F") return { kind: "constant", value: token.text === "T" };
    if (!accept("(")) return { kind: "name", name: token.text };
    if (peek() === "$") return { kind: "record", type: token.text, fields: listUntil(")", field) };
    const item = token.text === "table" ? pair : expression;
    return { kind: "call", name: token.text, arguments: listUntil(")", item), hook: false };
  };
  const postfix = (): Node => {
    let node = primary();
    for (;;) {
      if (accept("$")) node = { kind: "field", of: node, field: word() };
      else if (accept("as")) type();
      else if (accept("?$")) node = { kind: "has", of: node, field: word() };
      else if (accept("[")) {
        const first = expression();
        if (accept(":")) {
          node = { kind: "slice", of: node, from: first, to: expression() };
          expect("]");
        } else {
          const others = accept(",") ? listUntil("]", expression) : [];
          if (others.length === 0) expect("]");
          node = { kind: "index", of: node, index: [first, ...others] };
        }
      } else return node;
    }
  };
  const unary = (): Node => {
    if (accept("!")) return { kind: "not", of: unary() };
    if (!accept("-")) return postfix();
    return { kind: "binary", operator: "-", left: { kind: "constant", value: 0 }, right: unary() };
  };
  const level = (depth: number): Node => {
    const operators = levels[depth];
    if (operators === undefined) return unary();
    let left = level(depth + 1);
    while (operators.includes(peek()))
      left = { kind: "binary", operator: take().text, left, right: level(depth + 1) };
    return left;
  };
  const sum = (): Node => level(4);
  const expression = (): Node => {
    const condition = level(0);
    if (!accept("?")) return condition;
    const yes = expression();
    expect(":");
    return { kind: "conditional", condition, yes, no: expression() };
  };

  const loop = (): Statement => {
    expect("(");
    const index = accept("[") ? listUntil("]", word) : [word()];
    const value = accept(",") ? word() : null;
    expect("in");
    const over = expression();
    expect(")");
    return { kind: "for", index, value, over, body: statement() };
  };
  const guarded = (): Node => {
    expect("(");
    const condition = expression();
    expect(")");
    return condition;
  };
  const ended = <T>(node: T): T => {
    expect(";");
    return node;
  };
  const statement = (): Statement => {
    if (accept("{")) {
      const body: Statement[] = [];
      while (!accept("}")) body.push(statement());
      return { kind: "block", body };
    }
    if (accept("if")) {
      const condition = guarded();
      const yes = statement();
      return { kind: "if", condition, yes, no: accept("else") ? statement() : null };
    }
    if (accept("while")) return { kind: "while", condition: guarded(), body: statement() };
    if (accept("for")) return loop();
    if (accept("local")) {
      const name = word();
      const of = accept(":") ? type() : null;
      return ended({ kind: "local", name, type: of, value: accept("=") ? expression() : null });
    }
    if (accept("add")) return ended({ kind: "add", target: postfix() });
    if (accept("delete")) return ended({ kind: "delete", target: postfix() });
    if (accept("event")) return ended({ kind: "event", call: postfix() });
    if (accept("return")) return ended({ kind: "return", value: peek() === ";" ? null : expression() });
    if (accept("next")) return ended({ kind: "next" });
    if (accept("break")) return ended({ kind: "break" });
    if (accept("++")) {
      const target = postfix();
      return ended({ kind: "assign", target, operator: "+=", value: { kind: "constant", value: 1 } });
    }
    const target = expression();
    for (const operator of ["=", "+=", "-="] as const)
      if (accept(operator)) return ended({ kind: "assign", target, operator, value: expression() });
    return ended({ kind: "evaluate", value: target });
  };

  const attributes = (): Declared["expiry"] => {
    let expiry: Declared["expiry"] = null;
    while (all[at]?.kind === "attribute") {
      const attribute = take().text;
      const value = accept("=") ? expression() : null;
      if (attribute.endsWith("_expire") && value !== null) expiry = { attribute, timeout: value };
    }
    return expiry;
  };
  const declaration = (kind: Declared["kind"]): void => {
    const name = word();
    const of = accept(":") ? type() : null;
    let value: Node | null = null;
    if (accept("=")) value = accept("{") ? { kind: "list", items: listUntil("}", expression) } : expression();
    declared.push({ kind, name, type: of, value, expiry: attributes() });
    expect(";");
  };
  const routine = (kind: Routine["kind"]): void => {
    const name = word();
    expect("(");
    const names = parameters();
    if (accept(":")) type();
    attributes();
    if (peek() !== "{") fail("a body");
    routines.push({ kind, name, parameters: names, body: statement() });
  };
  const item = (): void => {
    const start = word();
    if (start === "module") {
      module = word();
      expect(";");
    } else if (start === "export") {
      expect("{");
      while (!accept("}")) item();
    } else if (start === "redef" && peek() !== "enum") {
      word();
      expect("+=");
      expect("{");
      listUntil("}", expression);
      expect(";");
    } else if (start === "redef") {
      expect("enum");
      word();
      expect("+=");
      expect("{");
      enums.push(...listUntil("}", word));
      expect(";");
    } else if (start === "type") {
      word();
      expect(":");
      expect("record");
      expect("{");
      while (!accept("}")) {
        word();
        expect(":");
        type();
        attributes();
        expect(";");
      }
      expect(";");
    } else if (start === "option" || start === "global" || start === "const") declaration(start);
    else if (start === "function" || start === "event" || start === "hook") routine(start);
    else fail("a declaration");
  };

  while (at < all.length) item();
  return { module, declared, routines, enums };
}
