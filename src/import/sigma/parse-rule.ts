/** A document of YAML as a Sigma rule or correlation. */
import type { Span } from "../../diagnostics/diagnostic.js";
import { parseCondition } from "./condition.js";
import {
  Broken,
  type Correlation,
  type CorrelationType,
  type Filter,
  type LogSource,
  Refusal,
  type RuleInfo,
  type SigmaRule,
  type Test,
  type ValueTest,
} from "./rule.js";
import { type Placeholders, parseModifiers } from "./values.js";
import type { YamlValue } from "./yaml-file.js";

type YamlMap = Extract<YamlValue, { kind: "map" }>;
type YamlScalar = Extract<YamlValue, { kind: "scalar" }>;

/** Whether a document is of Sigma at all. */
export function isSigma(value: YamlValue): value is YamlMap {
  return (
    value.kind === "map" &&
    entry(value, "title") !== null &&
    ["detection", "correlation", "filter"].some((key) => entry(value, key) !== null)
  );
}

export function titleOf(rule: YamlMap): string {
  return textOf(rule, "title") ?? "";
}

/**
 * A rule that counts in its condition is two: what is counted, and the correlation.
 *
 * @throws Refusal
 */
export function parseRule(rule: YamlMap, placeholders: Placeholders = new Map()): readonly SigmaRule[] {
  const correlation = entry(rule, "correlation");
  if (correlation !== null) return [parseCorrelation(rule, correlation)];
  const filter = entry(rule, "filter");
  if (filter !== null) return [parseFilter(rule, filter, placeholders)];
  const detection = entry(rule, "detection");
  if (detection?.kind !== "map") throw new Broken(rule.place, "detection is not a map of selections");
  const info = infoOf(rule);
  const source = logSourceOf(rule);
  const counted = countedIn(detection);
  if (counted === null)
    return [{ kind: "rule", ...info, source, test: testOf(detection, new Set(), placeholders) }];
  // No other rule can call it by this name.
  const name = `${rule.place.file}:${rule.place.line}:${rule.place.column}`;
  return [
    {
      kind: "rule",
      ...info,
      id: null,
      name,
      source,
      test: testOf(
        {
          ...detection,
          entries: detection.entries.map((one) => (one.key === "condition" ? counted.rest : one)),
        },
        new Set(["timeframe"]),
        placeholders,
      ),
    },
    {
      kind: "correlation",
      ...info,
      type: counted.field === null ? "event_count" : "value_count",
      rules: [name],
      aliases: new Map(),
      groupBy: counted.groupBy,
      seconds: secondsOf(detection, "timeframe"),
      atLeast: counted.atLeast,
      field: counted.field,
      generate: false,
    },
  ];
}

/** `selection | count(field) by group > 5`: how conditions counted before there were correlations. */
function countedIn(detection: YamlMap) {
  const condition = detection.entries.find(({ key }) => key === "condition");
  if (condition?.value.kind !== "scalar") return null;
  const [, selection = "", field = "", groups = "", sign, number] =
    /^([^|]+)\|\s*count\(\s*([^()\s]*)\s*\)(?:\s*by\s+([^\s,<>=]+(?:\s*,\s*[^\s,<>=]+)*))?\s*(>=?)\s*(\d{1,9})\s*$/.exec(
      condition.value.text,
    ) ?? [];
  if (sign === undefined) return null;
  return {
    rest: { ...condition, value: { ...condition.value, value: selection, text: selection } },
    field: field === "" ? null : field,
    groupBy: groups === "" ? [] : groups.split(/\s*,\s*/),
    atLeast: Math.max(1, Number(number) + (sign === ">" ? 1 : 0)),
  };
}

function parseFilter(rule: YamlMap, filter: YamlValue, placeholders: Placeholders): Filter {
  if (filter.kind !== "map") throw new Broken(filter.place, "filter is not a map of selections");
  const named = entry(filter, "rules");
  const condition = textOf(filter, "condition") ?? "";
  if (!/^\s*not\b/i.test(condition))
    throw new Refusal(
      filter.place,
      "Sigma's description and its tools disagree on what a filter's condition says unless it begins with not",
      "write not in front of what is to be left out",
    );
  const isAny = named === null || (named.kind === "scalar" && /^(?:any|all)$/i.test(named.text));
  return {
    kind: "filter",
    ...infoOf(rule),
    source: logSourceOf(rule),
    rules: isAny ? null : textsOf(filter, "rules"),
    test: testOf(filter, new Set(["rules"]), placeholders),
  };
}

/** @param others - keys that are no selections */
function testOf(detection: YamlMap, others: ReadonlySet<string>, placeholders: Placeholders): Test {
  const selections = new Map<string, Test>();
  for (const { key, value } of detection.entries)
    if (key !== "condition" && key !== "timeframe" && !others.has(key))
      selections.set(key, selection(value, placeholders));
  const condition = entry(detection, "condition");
  if (condition === null) throw new Broken(detection.place, "it has no condition");
  const conditions = condition.kind === "list" ? condition.items : [condition];
  const tests = conditions.map((one) => {
    if (one.kind !== "scalar") throw new Broken(one.place, "the condition is no text");
    return parseCondition(one.text, selections, one.place);
  });
  const timeframe = others.has("timeframe") ? null : entry(detection, "timeframe");
  if (timeframe !== null)
    throw new Refusal(timeframe.place, "a timeframe without a correlation", "write a correlation rule");
  const [first] = tests;
  if (first === undefined) throw new Broken(detection.place, "it has no condition");
  return tests.length === 1 ? first : { kind: "any", of: tests };
}

function selection(value: YamlValue, placeholders: Placeholders): Test {
  switch (value.kind) {
    case "scalar":
      return keyword(value);
    case "list":
      if (value.items.length === 0) throw new Broken(value.place, "a selection without values");
      return anyOf(value.items.map((one) => selection(one, placeholders)));
    case "map":
      if (value.entries.length === 0) throw new Broken(value.place, "a selection without fields");
      return allOf(
        value.entries.map(({ key, place, value: held }) => fieldTest(key, place, held, placeholders)),
      );
  }
}

/** A keyword stands anywhere in the event. */
function keyword(value: YamlScalar): Test {
  return keywordTests(value, parseModifiers("|contains", value.place).make);
}

function keywordTests(value: YamlScalar, make: (value: YamlScalar) => readonly ValueTest[]): Test {
  if (value.value === null) throw new Broken(value.place, "a keyword without a text");
  // A number is looked for as it is written.
  return anyOf(
    make({ ...value, value: value.text }).map((test) => ({ kind: "keyword", test, place: value.place })),
  );
}

function fieldTest(key: string, place: Span, value: YamlValue, placeholders: Placeholders): Test {
  const { field, all, negated, make } = parseModifiers(
    // Keywords are looked for anywhere, unless they say where.
    key.startsWith("|") && !/\|(?:contains|startswith|endswith|re)(?:\||$)/.test(key)
      ? `${key}|contains`
      : key,
    place,
    placeholders,
  );
  const values = value.kind === "list" ? value.items : [value];
  if (values.length === 0) throw new Broken(value.place, `${key} has no values`);
  const tests = values.map((one): Test => {
    if (one.kind !== "scalar") throw new Broken(one.place, `a value of "${key}" is no text and no number`);
    if (field === "") return keywordTests(one, make);
    return anyOf(make(one).map((test) => ({ kind: "field", field, test, place: one.place })));
  });
  const test = all ? allOf(tests) : anyOf(tests);
  return negated ? { kind: "not", of: test } : test;
}

const allOf = (of: readonly Test[]): Test =>
  of.length === 1 && of[0] !== undefined ? of[0] : { kind: "all", of };
const anyOf = (of: readonly Test[]): Test =>
  of.length === 1 && of[0] !== undefined ? of[0] : { kind: "any", of };

function logSourceOf(rule: YamlMap): LogSource {
  const source = entry(rule, "logsource");
  if (source?.kind !== "map") throw new Broken(rule.place, "it has no logsource");
  const word = (key: string): string | null => textOf(source, key)?.toLowerCase() ?? null;
  return {
    category: word("category"),
    product: word("product"),
    service: word("service"),
    place: source.place,
  };
}

const types: ReadonlyMap<string, CorrelationType> = new Map([
  ["event_count", "event_count"],
  ["value_count", "value_count"],
  ["temporal", "temporal"],
  ["temporal_ordered", "temporal_ordered"],
]);

function parseCorrelation(rule: YamlMap, value: YamlValue): Correlation {
  if (value.kind !== "map") throw new Broken(value.place, "correlation is no map");
  const named = textOf(value, "type") ?? "";
  const type = types.get(named);
  if (type === undefined)
    throw new Refusal(value.place, `the correlation ${named || "without a type"} has no form here`);
  const rules = textsOf(value, "rules");
  if (rules.length === 0) throw new Broken(value.place, "the correlation names no rules");
  const condition = entry(value, "condition");
  const isTemporal = type === "temporal" || type === "temporal_ordered";
  if (condition === null && !isTemporal) throw new Broken(value.place, "the correlation has no condition");
  const { atLeast, field } = condition === null ? { atLeast: rules.length, field: null } : countOf(condition);
  if (type === "value_count" && field === null)
    throw new Broken(value.place, "value_count names no field in its condition");
  return {
    kind: "correlation",
    ...infoOf(rule),
    type,
    rules,
    aliases: aliasesOf(value),
    groupBy: textsOf(value, "group-by"),
    seconds: secondsOf(value, "timespan"),
    atLeast,
    field,
    generate: textOf(value, "generate") === "true",
  };
}

/** Rules that a correlation keeps from being detections of their own, whether it can be read or not. */
export function onlyCountedBy(rule: YamlMap): readonly string[] {
  const correlation = entry(rule, "correlation");
  return correlation?.kind === "map" && textOf(correlation, "generate") !== "true"
    ? textsOf(correlation, "rules")
    : [];
}

function aliasesOf(value: YamlMap): Correlation["aliases"] {
  const aliases = entry(value, "aliases");
  if (aliases === null) return new Map();
  if (aliases.kind !== "map") throw new Broken(aliases.place, "aliases is no map");
  return new Map(
    aliases.entries.map(({ key, value: fields, place }) => {
      if (fields.kind !== "map") throw new Refusal(place, `the alias "${key}" names no fields by rule`);
      return [
        key,
        new Map(
          fields.entries.map(({ key: rule, value: field }) => [
            rule,
            field.kind === "scalar" ? field.text : "",
          ]),
        ),
      ];
    }),
  );
}

function countOf(condition: YamlValue): { readonly atLeast: number; readonly field: string | null } {
  if (condition.kind !== "map")
    throw new Refusal(condition.place, "a condition that combines rules has no form here");
  let atLeast: number | null = null;
  for (const { key, value, place } of condition.entries) {
    if (key === "field") continue;
    const number = value.kind === "scalar" ? Number(value.text) : Number.NaN;
    if (!Number.isSafeInteger(number)) throw new Broken(place, `${key} must have a whole number`);
    if (key === "gte") atLeast = Math.max(atLeast ?? 0, number);
    else if (key === "gt") atLeast = Math.max(atLeast ?? 0, number + 1);
    else
      throw new Refusal(
        place,
        `a correlation with "${key}" has no form: only gte and gt are reached by counting up`,
      );
  }
  if (atLeast === null || atLeast < 1)
    throw new Refusal(condition.place, "the condition has no gte of 1 or more");
  return { atLeast, field: textOf(condition, "field") };
}

const units: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 86400],
]);

function secondsOf(value: YamlMap, key: "timespan" | "timeframe"): number {
  const span = entry(value, key);
  if (span === null) throw new Refusal(value.place, `it has no "${key}"`);
  const [, count, unit = ""] = /^([1-9]\d{0,6})([smhd])$/.exec(textOf(value, key) ?? "") ?? [];
  const seconds = Number(count) * (units.get(unit) ?? Number.NaN);
  if (!Number.isFinite(seconds))
    throw new Broken(span.place, `${key} must be like "10m": a number, then s, m, h or d`);
  return seconds;
}

/** Remarks that become comments, in this order. */
const remarked = ["description", "author", "date", "modified", "references", "falsepositives", "license"];

const levels: ReadonlySet<string> = new Set(["informational", "low", "medium", "high", "critical"]);

function infoOf(rule: YamlMap): RuleInfo {
  const title = entry(rule, "title");
  if (title !== null && textOf(rule, "title") === null) throw new Broken(title.place, "its title is no text");
  const level = entry(rule, "level");
  const named = textOf(rule, "level")?.toLowerCase() ?? null;
  if (level !== null && named !== null && !levels.has(named))
    throw new Broken(level.place, `the level "${named}" is none of Sigma's`);
  return {
    title: titleOf(rule),
    id: textOf(rule, "id"),
    name: textOf(rule, "name"),
    level: named,
    status: textOf(rule, "status"),
    tags: textsOf(rule, "tags"),
    remarks: remarked.flatMap((key) => {
      const texts = textsOf(rule, key).map((text) => text.trim());
      // Long as they are, each has its own line.
      if (key === "references" && texts.length > 0) return ["references:", ...texts];
      return texts.map((text) => (key === "description" ? text : `${key}: ${text}`));
    }),
    place: rule.place,
  };
}

function entry(map: YamlMap, key: string): YamlValue | null {
  return map.entries.find((one) => one.key === key)?.value ?? null;
}

function textOf(map: YamlMap, key: string): string | null {
  const value = entry(map, key);
  return value?.kind === "scalar" && value.value !== null ? value.text : null;
}

function textsOf(map: YamlMap, key: string): readonly string[] {
  const value = entry(map, key);
  const values = value === null ? [] : value.kind === "list" ? value.items : [value];
  return values.flatMap((one) => (one.kind === "scalar" && one.value !== null ? [one.text] : []));
}
