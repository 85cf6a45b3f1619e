import type { Span } from "../../diagnostics/diagnostic.js";
import type { Expression, ZeekType } from "../../model/expression.js";
import { and, BOOL, binary, call, not, STRING, text } from "../../model/expression-builders.js";
import type { CountModel, OwnLogModel, TypedExpression } from "../../model/model.js";
import { zeekRecord } from "../../zeek-records/records.js";
import { codes } from "../codes.js";
import type { BundleFunction } from "../decode/decoder.js";
import type { SourceRange } from "../decode/field.js";
import type { OwnLogDeclaration, ZeekDetectionDeclaration } from "../decode/zeek-detection.js";
import type { Expected, ParameterType } from "../expressions/index.js";
import { linkCaps } from "./caps.js";
import { boundMessage } from "./message.js";
import { identifierOf } from "./names.js";
import type { UnlinkedZeek, ZeekContext } from "./zeek-context.js";
import { type EventChoice, linkEvent } from "./zeek-event.js";

/** Compiles the functions of a Zeek detection; null where one cannot become Zeek. */
export function linkZeekDetection(
  context: ZeekContext,
  declared: ZeekDetectionDeclaration,
): UnlinkedZeek | null {
  const { places, functions } = context;
  const { name, threshold } = declared;
  const span = places.of(declared).span();
  const chosen = linkEvent(declared.event);
  const c: readonly ParameterType[] = [chosen.parameter];
  const one = (
    fn: BundleFunction,
    place: SourceRange,
    parameters: readonly ParameterType[],
    expected: Expected,
  ): Expression | null => functions.compile(fn, place, parameters, expected)?.expressions[0] ?? null;

  const where =
    declared.where === undefined ? undefined : one(declared.where, places.at(declared, "where"), c, "bool");
  const per = functions.compile(declared.per, places.at(declared, "per"), c, "value");
  const count = linkCount(context, declared.count, c);
  if (per === null || where === null) return null;
  const key = per.expressions.map(typed);
  const keyed = isKey(context, places.at(declared, "per"), key);
  const hit: readonly ParameterType[] = [
    {
      kind: "hit",
      name: "hit",
      key: key.map(({ type }) => type),
      tuple: per.tuple,
      count: count?.kind === "sum" ? count.of.type : { kind: "count" },
    },
  ];
  const messagePlace = places.at(declared.notice, "message");
  const text = one(declared.notice.message, messagePlace, hit, "string");
  const message = text === null ? null : boundMessage(context, messagePlace, text);
  const source =
    declared.source === undefined
      ? sourceInKey(context, places.at(declared, "per"), key, per.tuple)
      : one(declared.source, places.at(declared, "source"), hit, "addr");
  const log = declared.log === undefined ? undefined : linkOwnLog(context, declared.log, hit);
  if (!keyed || count === null || message === null || source === null || log === null) return null;
  const window = { kind: declared.window.kind, seconds: declared.window.value };
  return {
    kind: "zeek",
    name,
    note: `${context.module}::${name}`,
    identifier: identifierOf(name),
    event: chosen.event,
    rows: chosen.rows,
    where: withoutUnlogged(chosen, withoutOwn(context.module, chosen, where ?? null, span), span),
    ignoreFlipped: (declared.flipped ?? "ignore") === "ignore",
    key,
    count,
    threshold,
    window,
    caps: linkCaps(declared.caps, { count: count.kind, window: window.kind, threshold }),
    message,
    source,
    log: log ?? null,
    span,
  };
}

/** Notices of the bundle itself are left out of what it counts in notice.log, so that none raises another. */
function withoutOwn(
  module: string,
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
  const own = call("starts_with", [call("cat", [note], STRING, span), text(`${module}::`, span)], BOOL, span);
  return where === null ? not(own) : and(not(own), where, span);
}

/** Rows that Zeek's own policy keeps out of the log are left out, though their event comes: certificates of files.log. */
function withoutUnlogged({ rows }: EventChoice, where: Expression | null, span: Span): Expression | null {
  const unless = rows === null ? undefined : zeekRecord(rows.record)?.stream?.unless;
  if (unless === undefined) return where;
  const field: Expression = {
    kind: "field",
    parameter: "c",
    path: [unless.field],
    type: { kind: "set", of: [STRING] },
    span,
  };
  const logged = binary("!in", text(unless.has, span), field, BOOL, span);
  return where === null ? logged : and(logged, where, span);
}

export function typed(expression: Expression): TypedExpression {
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

/** Whether values can be counted per this; reported where they cannot. */
function isKey(context: ZeekContext, place: SourceRange, key: readonly TypedExpression[]): boolean {
  if (key.length === 0)
    context.report(
      codes.shape(place.span(), `${place.label} must be a value or a list of at least one value`),
    );
  const wrong = key.filter(({ type }) => !keyKinds.has(type.kind));
  for (const { type, expression } of wrong)
    context.report(
      codes.shape(expression.span, `a ${type.kind} cannot be part of a key`, "use a single value of it"),
    );
  return key.length > 0 && wrong.length === 0;
}

function linkCount(
  context: ZeekContext,
  declared: ZeekDetectionDeclaration["count"],
  c: readonly ParameterType[],
): CountModel | null {
  const { kind } = declared;
  const place = context.places.at(declared, kind);
  switch (kind) {
    case "events":
      return { kind };
    case "distinct": {
      const of = context.functions.compile(declared.value, place, c, "value")?.expressions.map(typed);
      return of !== undefined && isKey(context, place, of) ? { kind, of } : null;
    }
    case "sum": {
      const of = context.functions.compile(declared.value, place, c, "number")?.expressions[0];
      return of === undefined ? null : { kind, of: typed(of) };
    }
  }
}

/** The first part of the key that is an address. */
function sourceInKey(
  context: ZeekContext,
  per: SourceRange,
  key: readonly TypedExpression[],
  tuple: boolean,
): Expression | null {
  const index = key.findIndex(({ type }) => type.kind === "addr");
  const part = key[index];
  if (part !== undefined) return partOfKey(key, tuple, index, part.expression.span);
  return context.report(
    codes.source(
      per.span(),
      "no part of the key is an address, so OSSEC would get no srcip",
      "count per address, or name one with source: (hit) => ...",
    ),
  );
}

/** A part of the key, as the hit has it. */
export function partOfKey(
  key: readonly TypedExpression[],
  tuple: boolean,
  index: number,
  span: Span,
): Expression {
  const type: ZeekType = key[index]?.type ?? STRING;
  return { kind: "field", parameter: "hit", path: tuple ? ["key", String(index)] : ["key"], type, span };
}

function linkOwnLog(
  context: ZeekContext,
  { path, columns }: OwnLogDeclaration,
  hit: readonly ParameterType[],
): OwnLogModel | null {
  const compiled = Object.entries(columns).map(([name, fn]) => {
    const place = context.places.at(columns, name);
    const expression = context.functions.compile(fn, place, hit, "value")?.expressions[0];
    return expression === undefined ? null : { name, type: expression.type, expression };
  });
  const whole = compiled.filter((column) => column !== null);
  return whole.length === compiled.length ? { path, columns: whole } : null;
}
