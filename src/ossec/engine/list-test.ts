/** `<list>`: look-ups in key-value lists (docs/reference/ossec.md#rule-elements). */

import type { ListCondition, ListField, ListLookup, Ruleset } from "../definitions.js";
import type { EngineDialect } from "../dialect.js";
import type { Matcher } from "../patterns/index.js";
import type { Event } from "./event.js";
import { namedValue } from "./named-fields.js";
import type { PatternCompiler } from "./patterns.js";

export interface ListTest {
  readonly condition: ListCondition;
  readonly field: ListField;
  readonly lookup: ListLookup;
  /** null: the list is not loaded and the look-up is never met. */
  readonly entries: ReadonlyMap<string, string> | null;
  readonly value: Matcher | null;
}

/** In a list that is not loaded versions before 4.3 find no key, so that negated look-ups are met. */
const nothingIn: ReadonlyMap<string, string> = new Map();

export function listTest(
  condition: ListCondition,
  loaded: Ruleset,
  compiler: PatternCompiler,
  { missingList }: EngineDialect,
): ListTest {
  const entries = condition.loaded ? loaded.lists.get(condition.list)?.entries : undefined;
  return {
    condition,
    field: condition.field,
    lookup: condition.lookup,
    entries: entries ?? (missingList === "never-met" ? null : nothingIn),
    value: compiler.compile(condition.checkValue),
  };
}

/** The text that is looked up; `user` is srcuser before dstuser here. */
export function listSubject(field: ListField, event: Event): string | null {
  if (typeof field !== "string") return namedValue(event, field.dynamic.toLowerCase());
  switch (field) {
    case "user":
      return event.srcuser ?? event.dstuser;
    case "program_name":
      return event.programName;
    default:
      return event[field];
  }
}

/** The address itself, then its parts that end in a dot, longest first. */
function addressValue(entries: ReadonlyMap<string, string>, key: string): string | undefined {
  const exact = entries.get(key);
  if (exact !== undefined) return exact;
  for (let end = key.lastIndexOf("."); end >= 0; end = end === 0 ? -1 : key.lastIndexOf(".", end - 1)) {
    const value = entries.get(key.slice(0, end + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Is the list condition met? An absent field never is. */
export function listMatches(test: ListTest, event: Event): boolean {
  const { entries } = test;
  const key = listSubject(test.field, event);
  if (key === null || entries === null) return false;
  switch (test.lookup) {
    case "match_key":
      return entries.has(key);
    case "not_match_key":
      return !entries.has(key);
    case "match_key_value": {
      const value = entries.get(key);
      return value !== undefined && test.value?.test(value) === true;
    }
    case "address_match_key":
      return addressValue(entries, key) !== undefined;
    case "not_address_match_key":
      return addressValue(entries, key) === undefined;
    case "address_match_key_value": {
      // The engine has this one upside down: it is met when the value does NOT match, or there is no key.
      const value = addressValue(entries, key);
      return value === undefined || test.value?.test(value) !== true;
    }
  }
}
