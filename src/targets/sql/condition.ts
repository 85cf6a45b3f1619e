import type { Expression, LiteralExpression, ZeekType } from "../../model/expression.js";
import { parsePort } from "../../zeek/values/port.js";
import { isPlainText, notPlain, type SqlDialect } from "./dialect.js";
import { columnsIn, type SqlFields, type SqlValue, unsureOf } from "./fields.js";
import { inNetworks } from "./networks.js";
import { re2Of } from "./pattern.js";

/**
 * A bundle's condition as SQL that is **never narrower**: it holds for every row for which the replay's evaluator
 * says yes, and perhaps for more. The replay decides about the rows that the query fetches, so a condition that is
 * too wide costs time and changes nothing; one that is too narrow would lose notices.
 *
 * `holds` asks of each part of the expression not "is it true?" but "can it come out so?", for true and for false
 * apart: below a `!` the other question is asked, so nothing is ever turned round by SQL's own NOT, whose third
 * value would lose rows with nulls. Where a column is null or holds escaped text, or where SQL has no form of a
 * part, the answer is "it can". test/targets/sql.test.ts holds this against the evaluator, row by row.
 */
export interface Translation {
  readonly fields: SqlFields;
  readonly dialect: SqlDialect;
  /** Networks of `Site::local_nets`, as the replay has them. */
  readonly localNets: readonly string[];
}

interface Scope extends Translation {
  readonly variables: ReadonlyMap<string, Expression>;
}

/** SQL's constants, so that they can be left out of what is around them. */
export const TRUE = "1 = 1";
export const FALSE = "1 = 0";

export function conditionSql(where: Expression | null, translation: Translation): string {
  return where === null ? TRUE : holds(where, true, { ...translation, variables: new Map() });
}

/** The parts of a condition that all have to hold, each with the columns that it looks at. */
export function conditionTerms(
  where: Expression | null,
  translation: Translation,
): readonly { readonly sql: string; readonly columns: readonly string[] }[] {
  if (where === null) return [];
  if (where.kind === "binary" && where.operator === "&&")
    return [...conditionTerms(where.left, translation), ...conditionTerms(where.right, translation)];
  return [{ sql: conditionSql(where, translation), columns: columnsIn([where], translation.fields) }];
}

/** The value of an expression, where SQL can have it exactly but for the rows that `unsure` names. */
export function valueSql(expression: Expression, translation: Translation): SqlValue | null {
  return sqlOf(expression, { ...translation, variables: new Map() });
}

export function all(terms: readonly string[]): string {
  const left = [...new Set(terms)].filter((term) => term !== TRUE);
  if (left.includes(FALSE)) return FALSE;
  return left.length === 0 ? TRUE : left.length === 1 ? (left[0] ?? TRUE) : `(${left.join(" AND ")})`;
}

export function any(terms: readonly string[]): string {
  const left = [...new Set(terms)].filter((term) => term !== FALSE);
  if (left.includes(TRUE)) return TRUE;
  return left.length === 0 ? FALSE : left.length === 1 ? (left[0] ?? FALSE) : `(${left.join(" OR ")})`;
}

/** A condition that holds wherever the expression can evaluate to `wanted`. */
function holds(node: Expression, wanted: boolean, scope: Scope): string {
  switch (node.kind) {
    case "literal":
      return node.value === true ? bool(wanted) : bool(!wanted);
    case "field": {
      const value = sqlOf(node, scope);
      if (value === null || value.kind !== "bool") return TRUE;
      return any([wanted ? value.sql : `NOT ${value.sql}`, ...value.unsure]);
    }
    case "presence": {
      const field = scope.fields.field(node.parameter, node.path, node.type);
      const present = field.kind === "present" ? true : field.kind === "absent" ? false : field.present;
      if (present === null) return TRUE;
      if (typeof present === "boolean") return bool(present === wanted);
      return wanted ? present : `NOT (${present})`;
    }
    case "unary":
      return node.operator === "not" ? holds(node.operand, !wanted, scope) : TRUE;
    case "binary":
      return holdsBinary(node, wanted, scope);
    case "conditional":
      return any([
        all([holds(node.condition, true, scope), holds(node.whenTrue, wanted, scope)]),
        all([holds(node.condition, false, scope), holds(node.whenFalse, wanted, scope)]),
      ]);
    case "call":
      return holdsCall(node, wanted, scope);
    case "let":
      return holds(node.body, wanted, named(node, scope));
    case "variable": {
      const value = scope.variables.get(node.name);
      return value === undefined ? TRUE : holds(value, wanted, scope);
    }
    case "pattern":
    case "global":
    case "set":
    case "index":
      return TRUE;
    default:
      return node satisfies never;
  }
}

const bool = (value: boolean): string => (value ? TRUE : FALSE);

const named = (node: Expression & { readonly kind: "let" }, scope: Scope): Scope => ({
  ...scope,
  variables: new Map(scope.variables).set(node.name, node.value),
});

const opposites = {
  "==": "<>",
  "!=": "=",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
} as const;

const comparisons = { "==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=" } as const;

function holdsBinary(node: Expression & { readonly kind: "binary" }, wanted: boolean, scope: Scope): string {
  const { operator, left, right } = node;
  switch (operator) {
    case "&&":
    case "||": {
      const both = [holds(left, wanted, scope), holds(right, wanted, scope)];
      return (operator === "&&") === wanted ? all(both) : any(both);
    }
    case "in":
    case "!in": {
      const isIn = wanted === (operator === "in");
      if (left.kind === "pattern") return holdsPattern(left.source, right, false, isIn, scope);
      return holdsMember(left, right, isIn, scope);
    }
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=": {
      if (left.kind === "pattern")
        return operator === "==" || operator === "!="
          ? holdsPattern(left.source, right, true, wanted === (operator === "=="), scope)
          : TRUE;
      if (left.type.kind === "bool" && (operator === "==" || operator === "!="))
        return holdsEqualBools(left, right, wanted === (operator === "=="), scope);
      return holdsComparison(left, right, operator, wanted, scope);
    }
    default:
      return TRUE;
  }
}

function holdsEqualBools(left: Expression, right: Expression, wanted: boolean, scope: Scope): string {
  const both = (a: boolean, b: boolean): string => all([holds(left, a, scope), holds(right, b, scope)]);
  return any([both(true, wanted), both(false, !wanted)]);
}

function holdsComparison(
  left: Expression,
  right: Expression,
  operator: keyof typeof comparisons,
  wanted: boolean,
  scope: Scope,
): string {
  const a = sqlOf(left, scope);
  const b = sqlOf(right, scope);
  if (a === null || b === null || a.kind !== b.kind || a.kind === "bool") return TRUE;
  const isOrder = operator !== "==" && operator !== "!=";
  // Bytes, and addresses as numbers, are in another order than a table's text.
  if (isOrder && a.kind !== "number") return TRUE;
  const [x, y] = a.kind === "number" ? sameNumbers(left, right, a.sql, b.sql, scope.dialect) : [a.sql, b.sql];
  const shown = wanted ? comparisons[operator] : opposites[operator];
  return any([`${x} ${shown} ${y}`, ...unsureOf(a), ...unsureOf(b)]);
}

/** Whole numbers are compared as they are, others as doubles. */
function sameNumbers(
  left: Expression,
  right: Expression,
  a: string,
  b: string,
  { double }: SqlDialect,
): readonly [string, string] {
  const isWhole = ({ type }: Expression): boolean =>
    type.kind === "count" || type.kind === "int" || type.kind === "port";
  return isWhole(left) && isWhole(right) ? [a, b] : [double(a), double(b)];
}

function holdsPattern(
  source: string,
  subject: Expression,
  whole: boolean,
  wanted: boolean,
  scope: Scope,
): string {
  const value = sqlOf(subject, scope);
  const re2 = re2Of(source);
  if (value === null || value.kind !== "text" || re2 === null) return TRUE;
  if (!wanted && !re2.isExact && !whole) return TRUE;
  const { matches } = scope.dialect;
  const pattern = whole ? `^(?:${re2.source})$` : re2.source;
  // What is escaped is not plain either.
  return wanted
    ? any([matches(value.sql, `${pattern}|${notPlain}`), ...value.unsure])
    : any([`NOT ${matches(value.sql, pattern)}`, matches(value.sql, notPlain), ...value.unsure]);
}

function holdsMember(left: Expression, right: Expression, wanted: boolean, scope: Scope): string {
  const networks =
    right.kind === "global"
      ? scope.localNets
      : right.kind === "literal" && right.type.kind === "subnet"
        ? [String(right.value)]
        : null;
  const value = sqlOf(left, scope);
  if (networks !== null) {
    if (value === null || value.kind !== "address") return TRUE;
    const { maybe, surely } = inNetworks(value.sql, networks, scope.dialect);
    return any([wanted ? maybe : surely === null ? TRUE : `NOT ${surely}`, ...value.unsure]);
  }
  if (right.kind === "set") {
    const elements = right.elements.map((element) => literalSql(element, scope.dialect));
    const known = elements.flatMap((element) => element?.sql ?? []);
    if (value === null || value.kind === "bool") return TRUE;
    // What has no form in SQL is escaped in the table, and escaped text is let through.
    if (known.length < elements.length && value.kind !== "text") return TRUE;
    const list = known.length === 0 ? FALSE : `${value.sql} IN (${known.join(", ")})`;
    const outside = known.length === 0 ? TRUE : `${value.sql} NOT IN (${known.join(", ")})`;
    const odd = known.length < elements.length ? [scope.dialect.matches(value.sql, notPlain)] : [];
    return any([wanted ? list : outside, ...odd, ...unsureOf(value)]);
  }
  const text = sqlOf(right, scope);
  if (left.kind !== "literal" || value?.kind !== "text" || text?.kind !== "text") return TRUE;
  const found = scope.dialect.contains(text.sql, value.sql);
  return any([wanted ? found : `NOT ${found}`, ...unsureOf(text)]);
}

function holdsCall(node: Expression & { readonly kind: "call" }, wanted: boolean, scope: Scope): string {
  const [first, second] = node.arguments;
  const value = first === undefined ? null : sqlOf(first, scope);
  const { dialect } = scope;
  const told = (condition: string): string =>
    any([wanted ? condition : `NOT (${condition})`, ...(value === null ? [] : unsureOf(value))]);
  switch (node.function) {
    case "is_v4_addr":
    case "is_v6_addr": {
      if (value?.kind !== "address") return TRUE;
      const colon = dialect.contains(value.sql, dialect.text(":"));
      return told(node.function === "is_v6_addr" ? colon : `NOT ${colon}`);
    }
    case "starts_with":
    case "ends_with": {
      if (value?.kind !== "text" || second?.kind !== "literal") return TRUE;
      const part = String(second.value);
      if (!isPlainText(part)) return TRUE;
      const escaped = part.replace(/[^A-Za-z0-9 ]/g, (character) => `\\${character}`);
      return told(
        dialect.matches(value.sql, node.function === "starts_with" ? `^${escaped}` : `${escaped}$`),
      );
    }
    case "is_tcp_port":
    case "is_udp_port":
    case "is_icmp_port": {
      const { proto } = scope.fields;
      if (value === null || proto === null) return TRUE;
      const name = node.function.slice("is_".length, -"_port".length);
      return any([
        wanted ? `${proto} = '${name}'` : `${proto} <> '${name}'`,
        `${proto} IS NULL`,
        ...value.unsure,
      ]);
    }
    default:
      return TRUE;
  }
}

function sqlOf(node: Expression, scope: Scope): SqlValue | null {
  const { dialect, fields } = scope;
  switch (node.kind) {
    case "literal":
      return literalSql(node, dialect);
    case "field": {
      const field = fields.field(node.parameter, node.path, node.type);
      if (field.kind !== "value") return null;
      const { value, present } = field;
      return present === true ? value : { ...value, unsure: [`NOT (${present})`, ...value.unsure] };
    }
    case "let":
      return sqlOf(node.body, named(node, scope));
    case "variable": {
      const value = scope.variables.get(node.name);
      return value === undefined ? null : sqlOf(value, scope);
    }
    case "call": {
      const [only] = node.arguments;
      if (only === undefined) return null;
      if (node.function === "interval_to_double" || node.function === "time_to_double")
        return sqlOf(only, scope);
      if (node.function !== "port_to_count") return null;
      const port = sqlOf(only, scope);
      if (port !== null) return { ...port, sql: `(${port.sql} % 65536)` };
      return null;
    }
    case "conditional": {
      // `c?$x ? c$x : constant`, as the compiler writes an optional number.
      const { condition, whenTrue, whenFalse } = node;
      if (condition.kind !== "presence" || whenTrue.kind !== "field" || whenFalse.kind !== "literal")
        return null;
      if (condition.path.join("$") !== whenTrue.path.join("$")) return null;
      const field = fields.field(whenTrue.parameter, whenTrue.path, whenTrue.type);
      const other = literalSql(whenFalse, dialect);
      if (field.kind === "absent") return other;
      if (field.kind !== "value" || other === null || field.value.kind !== other.kind) return null;
      if (field.present === true) return field.value;
      return { ...field.value, sql: `coalesce(${field.value.sql}, ${other.sql})` };
    }
    case "unary": {
      if (node.operator === "plus") return sqlOf(node.operand, scope);
      if (node.operator !== "size") return null;
      const text = sqlOf(node.operand, scope);
      return text?.kind === "text"
        ? { kind: "number", sql: dialect.bytes(text.sql), unsure: text.unsure, escaped: text.escaped }
        : null;
    }
    case "binary": {
      if (node.operator !== "+" && node.operator !== "-" && node.operator !== "*") return null;
      const [a, b] = [sqlOf(node.left, scope), sqlOf(node.right, scope)];
      if (a?.kind !== "number" || b?.kind !== "number" || isPort(node.left.type)) return null;
      const sql = `(${dialect.double(a.sql)} ${node.operator} ${dialect.double(b.sql)})`;
      const odd = [a, b].flatMap(({ escaped }) => escaped ?? []);
      const escaped = odd.length === 0 ? null : any(odd);
      return { kind: "number", sql, unsure: [...a.unsure, ...b.unsure], escaped };
    }
    default:
      return null;
  }
}

const isPort = ({ kind }: ZeekType): boolean => kind === "port";

function literalSql(node: LiteralExpression, dialect: SqlDialect): SqlValue | null {
  const { type, value } = node;
  if (type.kind === "port") {
    const port = parsePort(String(value));
    return port === undefined ? null : { kind: "number", sql: String(port), unsure: [], escaped: null };
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value) || Math.abs(value) >= Number.MAX_SAFE_INTEGER) return null;
    const sql = Number.isInteger(value) ? String(value) : dialect.double(`'${value}'`);
    return { kind: "number", sql: value < 0 ? `(${sql})` : sql, unsure: [], escaped: null };
  }
  if (typeof value !== "string" || !isPlainText(value)) return null;
  if (type.kind === "addr") return { kind: "address", sql: dialect.text(value), unsure: [], escaped: null };
  if (type.kind !== "string" && type.kind !== "enum") return null;
  return { kind: "text", sql: dialect.text(value), unsure: [], escaped: null };
}
