import type { Span } from "../../diagnostics/diagnostic.js";
import type { Expression, ZeekType } from "../../model/expression.js";
import { and, BOOL, call, not, STRING, text } from "../../model/expression-builders.js";
import type {
  CountModel,
  OwnLogModel,
  TypedExpression,
  WindowModel,
  ZeekDetectionModel,
} from "../../model/model.js";
import type { ParameterType } from "../expressions/index.js";
import { readCaps } from "./caps.js";
import { codes } from "./codes.js";
import { readDuration } from "./duration.js";
import {
  child,
  type Field,
  isObject,
  type LinkContext,
  readInteger,
  readObject,
  readOneOf,
  readString,
  wrongShape,
} from "./field.js";
import type { Functions } from "./functions.js";
import { boundMessage } from "./message.js";
import { identifierOf, isColumnName, logPathProblem } from "./names.js";
import { type Victim, victimOf } from "./victim.js";
import { type EventChoice, readEvent } from "./zeek-event.js";

/** A Zeek detection without what only the whole bundle can tell: its rule, and how long it may stay quiet. */
export interface UnlinkedZeekDetection extends Omit<ZeekDetectionModel, "rule" | "suppress"> {
  /** Seconds as asked, or null for the default. */
  readonly asked: number | null;
  readonly suppressField: Field;
  readonly flippedField: Field;
  /** Why the source must not be blocked; null where it may. */
  readonly innocent: string | null;
  /** Null where the source is not who is contacted, or the bundle says that he is meant. */
  readonly victim: Victim | null;
}

export interface ZeekContext {
  readonly module: string;
  readonly functions: Functions;
}

const mostThreshold = 100_000;

export function readZeekDetection(
  context: LinkContext,
  zeek: ZeekContext,
  field: Field,
  name: string,
): UnlinkedZeekDetection | null {
  const chosen = readEvent(context, child(context, field, "event"));
  const window = readWindow(context, child(context, field, "window"));
  const flippedField = child(context, field, "flipped");
  const flipped = readOneOf(context, flippedField, ["ignore", "keep"], "ignore");
  const noticeField = child(context, field, "notice");
  if (chosen === null || readObject(context, noticeField) === null) return null;

  const c: readonly ParameterType[] = [chosen.parameter];
  const whereField = child(context, field, "where");
  const where = whereField.value === undefined ? null : zeek.functions.compile(whereField, c, "bool");
  const perField = child(context, field, "per");
  const per = zeek.functions.compile(perField, c, "value");
  const count = readCount(context, zeek, child(context, field, "count"), c);
  const threshold = readThreshold(context, child(context, field, "threshold"), count?.kind ?? null);
  const suppressField = child(context, noticeField, "suppress");
  const asked = suppressField.value === undefined ? null : readDuration(context, suppressField, "nothing");
  if (per === null || (where === null && whereField.value !== undefined)) return null;
  const key = per.expressions.map(typed);
  checkKey(context, perField, key);

  const hit: readonly ParameterType[] = [
    {
      kind: "hit",
      name: "hit",
      key: key.map(({ type }) => type),
      tuple: per.tuple,
      count: count?.kind === "sum" ? count.of.type : { kind: "count" },
    },
  ];
  const messageField = child(context, noticeField, "message");
  const message = zeek.functions.compile(messageField, hit, "string")?.expressions[0];
  const source = readSource(context, zeek, field, perField, key, per.tuple, hit);
  const log = readOwnLog(context, zeek, child(context, field, "log"), hit);
  const caps = readCaps(context, child(context, field, "caps"), {
    count: count?.kind ?? "events",
    window: window?.kind ?? "fixed",
    threshold: threshold ?? 1,
  });
  const messageExpression = message === undefined ? null : boundMessage(context, messageField, message);
  const whereExpression = where === null ? null : where.expressions[0];
  if (
    count === null ||
    threshold === null ||
    window === null ||
    flipped === null ||
    messageExpression === null ||
    whereExpression === undefined ||
    source === null ||
    log === undefined ||
    caps === null
  )
    return null;
  return {
    kind: "zeek",
    name,
    note: `${zeek.module}::${name}`,
    identifier: identifierOf(name),
    event: chosen.event,
    rows: chosen.rows,
    where: withoutOwn(zeek, chosen, whereExpression, field.span()),
    ignoreFlipped: flipped === "ignore",
    key,
    count,
    threshold,
    window,
    caps,
    message: messageExpression,
    source,
    asked,
    suppressField,
    flippedField,
    innocent: null,
    victim:
      child(context, field, "source").value === undefined ? victimOf(perField, key, whereExpression) : null,
    log,
    span: field.span(),
  };
}

/** Notices of the bundle itself are left out of what it counts in notice.log, so that none raises another. */
export function withoutOwn(
  zeek: ZeekContext,
  { rows }: EventChoice,
  where: Expression | null,
  span: Span,
): Expression | null {
  if (rows?.log !== "notice") return where;
  const note: Expression = {
    kind: "field",
    parameter: "c",
    path: ["note"],
    type: { kind: "enum", name: "Notice::Type" },
    span,
  };
  const own = call(
    "starts_with",
    [call("cat", [note], STRING, span), text(`${zeek.module}::`, span)],
    BOOL,
    span,
  );
  return where === null ? not(own) : and(not(own), where, span);
}

function typed(expression: Expression): TypedExpression {
  return { type: expression.type, expression };
}

/** Only these can be columns of a table's index in Zeek and stay what they are. */
const keyKinds = new Set<ZeekType["kind"]>([
  "bool",
  "count",
  "int",
  "double",
  "string",
  "addr",
  "subnet",
  "port",
  "interval",
  "time",
  "enum",
]);

function checkKey(context: LinkContext, field: Field, key: readonly TypedExpression[]): void {
  if (key.length === 0) wrongShape(context, field, "a value or a list of at least one value");
  for (const { type, expression } of key)
    if (!keyKinds.has(type.kind))
      context.diagnostics.push(
        codes.shape(expression.span, `a ${type.kind} cannot be part of a key`, "use a single value of it"),
      );
}

function readWindow(context: LinkContext, field: Field): WindowModel | null {
  if (readObject(context, field) === null) return null;
  const kinds = (["sliding", "fixed", "writeExpire", "readExpire"] as const).filter(
    (kind) => child(context, field, kind).value !== undefined,
  );
  const kind = kinds[0];
  if (kind === undefined || kinds.length > 1)
    return wrongShape(
      context,
      field,
      'one of { sliding: "1 min" }, { fixed }, { writeExpire }, { readExpire }',
    );
  const seconds = readDuration(context, child(context, field, kind));
  return seconds === null ? null : { kind, seconds };
}

function readCount(
  context: LinkContext,
  zeek: ZeekContext,
  field: Field,
  c: readonly ParameterType[],
): CountModel | null {
  if (readObject(context, field) === null || !isObject(field.value)) return null;
  if ("distinct" in field.value) {
    const distinctField = child(context, field, "distinct");
    const compiled = zeek.functions.compile(distinctField, c, "value");
    if (compiled === null) return null;
    const of = compiled.expressions.map(typed);
    checkKey(context, distinctField, of);
    return { kind: "distinct", of };
  }
  if ("sum" in field.value) {
    const compiled = zeek.functions.compile(child(context, field, "sum"), c, "number");
    const expression = compiled?.expressions[0];
    return expression === undefined ? null : { kind: "sum", of: typed(expression) };
  }
  if (child(context, field, "events").value === true) return { kind: "events" };
  return wrongShape(context, field, "{ distinct: (c) => ... }, { events: true } or { sum: (c) => ... }");
}

export function readThreshold(
  context: LinkContext,
  field: Field,
  count: CountModel["kind"] | null,
): number | null {
  if (count !== "sum") return readInteger(context, field, { least: 1, most: mostThreshold });
  if (typeof field.value === "number" && field.value > 0 && field.value <= Number.MAX_SAFE_INTEGER)
    return field.value;
  context.diagnostics.push(codes.number(field.span(), `${field.label} must be a number above 0`));
  return null;
}

/** The address for `$src`: what the bundle says, else the first part of the key that is one. */
function readSource(
  context: LinkContext,
  zeek: ZeekContext,
  field: Field,
  perField: Field,
  key: readonly TypedExpression[],
  tuple: boolean,
  hit: readonly ParameterType[],
): Expression | null {
  const sourceField = child(context, field, "source");
  if (sourceField.value !== undefined)
    return zeek.functions.compile(sourceField, hit, "addr")?.expressions[0] ?? null;
  const index = key.findIndex(({ type }) => type.kind === "addr");
  const part = key[index];
  if (part === undefined) {
    context.diagnostics.push(
      codes.source(
        perField.span(),
        "no part of the key is an address, so OSSEC would get no srcip",
        "count per address, or name one with source: (hit) => ...",
      ),
    );
    return null;
  }
  return {
    kind: "field",
    parameter: "hit",
    path: tuple ? ["key", String(index)] : ["key"],
    type: part.type,
    span: part.expression.span,
  };
}

function readOwnLog(
  context: LinkContext,
  zeek: ZeekContext,
  field: Field,
  hit: readonly ParameterType[],
): OwnLogModel | null | undefined {
  if (field.value === undefined) return null;
  if (readObject(context, field) === null) return undefined;
  const pathField = child(context, field, "path");
  const path = readString(context, pathField);
  if (path === null) return undefined;
  const problem = logPathProblem(path);
  if (problem !== null) {
    context.diagnostics.push(
      codes.name(
        pathField.span(),
        `${pathField.label} ${problem}`,
        "use lower case letters, digits and underscores, starting with a letter: port_scan",
      ),
    );
    return undefined;
  }
  const columnsField = child(context, field, "columns");
  if (readObject(context, columnsField) === null || !isObject(columnsField.value)) return undefined;
  const columns: { name: string; type: ZeekType; expression: Expression }[] = [];
  const names = Object.keys(columnsField.value);
  for (const name of names) {
    const column = child(context, columnsField, name);
    if (!isColumnName(name)) {
      context.diagnostics.push(
        codes.name(
          column.span(),
          `${JSON.stringify(name.slice(0, 60))} cannot be a column of a Zeek log`,
          "use lower case letters, digits and underscores, starting with a letter; Zeek's reserved words are taken",
        ),
      );
      continue;
    }
    const expression = zeek.functions.compile(column, hit, "value")?.expressions[0];
    if (expression !== undefined) columns.push({ name, type: expression.type, expression });
  }
  if (names.length === 0) {
    wrongShape(context, columnsField, "an object with at least one column");
    return undefined;
  }
  return columns.length === names.length ? { path, columns } : undefined;
}
