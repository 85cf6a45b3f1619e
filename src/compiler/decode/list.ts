import type { HostList, ListCondition, ListEntries, ValueList } from "../../dsl/list.js";
import { codes } from "../codes.js";
import {
  type Accepts,
  byType,
  type Decoder,
  exactlyOne,
  list,
  type Output,
  object,
  optional,
  record,
  refined,
  text,
  yes,
} from "./decoder.js";
import { type Field, isObject } from "./field.js";
import { lineProblem } from "./line.js";
import { pattern } from "./pattern.js";
import { matching } from "./scalars.js";

const longestKey = 400;
const mostEntries = 65_536;

/** The line of a list cannot hold more than one (docs/reference/ossec.md#rule-elements). */
function problemOf(key: string, value: string): string | null {
  if (key === "") return "an empty key is found in nothing";
  const problem = lineProblem(key, longestKey) ?? (value === "" ? null : lineProblem(value, longestKey));
  if (problem !== null) return problem;
  return /["]/.test(key + value) ? 'a list has no way to write `"`' : null;
}

export interface ListEntry {
  readonly key: string;
  /** Empty: the list has keys alone. */
  readonly value: string;
}

const keys = list(text, { least: 1, most: mostEntries, expected: `a list of 1 to ${mostEntries} keys` });
const pairs = refined(record(text), (found, field) =>
  Object.keys(found).length > 0 ? found : field.refuse("an object with at least one key"),
);

const entries: Decoder<readonly ListEntry[], ListEntries> = refined(
  byType("a list of keys, or an object of keys and values", { list: keys, object: pairs }),
  (found, field) => {
    const all = isList(found)
      ? found.map((key) => ({ key, value: "" }))
      : Object.entries(found).map(([key, value]) => ({ key, value }));
    return checked(all, field);
  },
);

function isList(found: readonly string[] | Readonly<Record<string, string>>): found is readonly string[] {
  return Array.isArray(found);
}

function checked(all: readonly ListEntry[], field: Field): readonly ListEntry[] | null {
  const seen = new Set<string>();
  let whole = true;
  for (const { key, value } of all) {
    const problem = seen.has(key) ? "it is there twice, and the first one counts" : problemOf(key, value);
    seen.add(key);
    if (problem === null) continue;
    whole = false;
    field.report(
      codes.list(
        field.span(),
        `${field.label}: ${JSON.stringify(key.slice(0, 60))} cannot be a key: ${problem}`,
      ),
    );
  }
  return whole ? all : null;
}

const name = matching(
  /^[a-z][a-z0-9_-]{0,30}$/,
  "a name of a-z, 0-9, _ and -, at most 31, starting with a letter",
);

const valueList = object({ name, entries }) satisfies Accepts<ValueList>;

/** As ossec.conf names it. */
const hostList = object({
  path: matching(
    /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/,
    "the path of a list below the home: etc/lists/audit-keys",
  ),
}) satisfies Accepts<HostList>;

const anyList: Decoder<ValueListDeclaration | HostListDeclaration, ValueList | HostList> = (field) =>
  isObject(field.value) && !("name" in field.value) && !("entries" in field.value)
    ? hostList(field)
    : valueList(field);

const lookup = exactlyOne(
  "{ in: … } or { notIn: … } with a list",
  { in: anyList, notIn: anyList },
  { having: optional(pattern("osmatch")), whole: optional(yes) },
) satisfies Accepts<ListCondition>;

export type ValueListDeclaration = Output<typeof valueList>;
export type HostListDeclaration = Output<typeof hostList>;
export type LookupDeclaration = Output<typeof lookup>;

/** Whether a condition is a look-up, perhaps a misspelt one, and not a pattern. */
export function isLookup(value: unknown): boolean {
  return isObject(value) && !Array.isArray(value) && !("language" in value) && !("text" in value);
}

export { lookup as listCondition };
