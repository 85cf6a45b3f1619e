/** A document of YAML as a Sigma rule or correlation. */
import type { Span } from "../../diagnostics/diagnostic.js";
import { parseCondition } from "./condition.js";
import {
  type Correlation,
  type CorrelationType,
  type EventRule,
  type LogSource,
  Refusal,
  type RuleInfo,
  type SigmaRule,
  type Test,
} from "./rule.js";
import { parseModifiers } from "./values.js";
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

/** @throws Refusal */
export function parseRule(rule: YamlMap): SigmaRule {
  const correlation = entry(rule, "correlation");
  if (correlation !== null) return parseCorrelation(rule, correlation);
  if (entry(rule, "filter") !== null)
    throw new Refusal(
      rule.place,
      "filters change other rules, which stand by themselves here",
      "write it into the rule",
    );
  const source = logSourceOf(rule);
  const detection = entry(rule, "detection");
  if (detection?.kind !== "map") throw new Refusal(rule.place, "detection is not a map of selections");
  const selections = new Map<string, Test>();
  for (const { key, value } of detection.entries)
    if (key !== "condition" && key !== "timeframe") selections.set(key, selection(value));
  const condition = entry(detection, "condition");
  if (condition === null) throw new Refusal(detection.place, "it has no condition");
  const conditions = condition.kind === "list" ? condition.items : [condition];
  const tests = conditions.map((one) => {
    if (one.kind !== "scalar") throw new Refusal(one.place, "the condition is no text");
    return parseCondition(one.text, selections, one.place);
  });
  const timeframe = entry(detection, "timeframe");
  if (timeframe !== null)
    throw new Refusal(timeframe.place, "a timeframe without a correlation", "write a correlation rule");
  const [first] = tests;
  if (first === undefined) throw new Refusal(detection.place, "it has no condition");
  return {
    kind: "rule",
    ...infoOf(rule),
    source,
    test: tests.length === 1 ? first : { kind: "any", of: tests },
  } satisfies EventRule;
}

function selection(value: YamlValue): Test {
  switch (value.kind) {
    case "scalar":
      return keyword(value);
    case "list":
      if (value.items.length === 0) throw new Refusal(value.place, "a selection without values");
      return anyOf(value.items.map(selection));
    case "map":
      if (value.entries.length === 0) throw new Refusal(value.place, "a selection without fields");
      return allOf(value.entries.map(({ key, place, value: held }) => fieldTest(key, place, held)));
  }
}

/** A keyword stands anywhere in the event. */
function keyword(value: YamlScalar): Test {
  const { make } = parseModifiers("|contains", value.place);
  if (value.value === null) throw new Refusal(value.place, "a keyword without a text");
  // A number is looked for as it is written.
  const test = make({ ...value, value: value.text });
  return { kind: "keyword", test, place: value.place };
}

function fieldTest(key: string, place: Span, value: YamlValue): Test {
  const { field, all, make } = parseModifiers(key, place);
  const values = value.kind === "list" ? value.items : [value];
  if (values.length === 0) throw new Refusal(value.place, `${key} has no values`);
  const tests = values.map((one): Test => {
    if (one.kind !== "scalar") throw new Refusal(one.place, `a value of ${key} is no text and no number`);
    if (field !== "") return { kind: "field", field, test: make(one), place: one.place };
    const test = make(one);
    return test.kind === "text" ? keyword(one) : { kind: "keyword", test, place: one.place };
  });
  return all ? allOf(tests) : anyOf(tests);
}

const allOf = (of: readonly Test[]): Test =>
  of.length === 1 && of[0] !== undefined ? of[0] : { kind: "all", of };
const anyOf = (of: readonly Test[]): Test =>
  of.length === 1 && of[0] !== undefined ? of[0] : { kind: "any", of };

function logSourceOf(rule: YamlMap): LogSource {
  const source = entry(rule, "logsource");
  if (source?.kind !== "map") throw new Refusal(rule.place, "it has no logsource");
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
  if (value.kind !== "map") throw new Refusal(value.place, "correlation is no map");
  const named = textOf(value, "type") ?? "";
  const type = types.get(named);
  if (type === undefined)
    throw new Refusal(value.place, `the correlation ${named || "without a type"} has no form here`);
  if (entry(value, "aliases") !== null) throw new Refusal(value.place, "aliases of fields have no form here");
  const rules = textsOf(value, "rules");
  if (rules.length === 0) throw new Refusal(value.place, "the correlation names no rules");
  const condition = entry(value, "condition");
  const isTemporal = type === "temporal" || type === "temporal_ordered";
  if (condition === null && !isTemporal) throw new Refusal(value.place, "the correlation has no condition");
  const { atLeast, field } = condition === null ? { atLeast: rules.length, field: null } : countOf(condition);
  if (type === "value_count" && field === null)
    throw new Refusal(value.place, "value_count names no field in its condition");
  return {
    kind: "correlation",
    ...infoOf(rule),
    type,
    rules,
    groupBy: textsOf(value, "group-by"),
    seconds: secondsOf(value),
    atLeast,
    field,
    generate: textOf(value, "generate") === "true",
  };
}

function countOf(condition: YamlValue): { readonly atLeast: number; readonly field: string | null } {
  if (condition.kind !== "map")
    throw new Refusal(condition.place, "a condition that combines rules has no form here");
  let atLeast: number | null = null;
  for (const { key, value, place } of condition.entries) {
    if (key === "field") continue;
    const number = value.kind === "scalar" ? Number(value.text) : Number.NaN;
    if (!Number.isSafeInteger(number)) throw new Refusal(place, `${key} must have a whole number`);
    if (key === "gte") atLeast = number;
    else if (key === "gt") atLeast = number + 1;
    else
      throw new Refusal(
        place,
        `a correlation with ${key} has no form: only gte and gt are reached by counting up`,
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

function secondsOf(value: YamlMap): number {
  const span = entry(value, "timespan");
  const [, count, unit = ""] = /^([1-9]\d{0,6})([smhd])$/.exec(textOf(value, "timespan") ?? "") ?? [];
  const seconds = Number(count) * (units.get(unit) ?? Number.NaN);
  if (!Number.isFinite(seconds))
    throw new Refusal(span?.place ?? value.place, 'timespan must be like "10m": a number, then s, m, h or d');
  return seconds;
}

/** Remarks that become comments, in this order. */
const remarked = ["description", "author", "date", "modified", "references", "falsepositives", "license"];

function infoOf(rule: YamlMap): RuleInfo {
  return {
    title: titleOf(rule),
    id: textOf(rule, "id"),
    name: textOf(rule, "name"),
    level: textOf(rule, "level")?.toLowerCase() ?? null,
    status: textOf(rule, "status"),
    tags: textsOf(rule, "tags"),
    remarks: remarked.flatMap((key) =>
      textsOf(rule, key).map((text) => (key === "description" ? text.trim() : `${key}: ${text.trim()}`)),
    ),
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
