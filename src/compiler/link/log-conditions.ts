import { parsePrefix } from "../../firewall/address.js";
import type { RuleConditionModel } from "../../model/model.js";
import type { PatternLanguage } from "../../ossec/patterns/index.js";
import { checkRuleText } from "../../targets/ossec/text.js";
import { codes } from "./codes.js";
import { child, describe, type Field, isObject, type LinkContext, readObject } from "./field.js";
import type { OrderEntry } from "./log-order.js";
import { readPattern } from "./pattern.js";

/** Elements whose value is OS_Match, or PCRE2 under a second name (spec/ossec.md 3). */
const matched: ReadonlyMap<string, string> = new Map([
  ["dstuser", "user"],
  ["srcuser", "user"],
  ["id", "id"],
  ["url", "url"],
  ["status", "status"],
  ["extra_data", "extra_data"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
]);

/** The conditions in `where` and `match`. */
export function readConditions(
  context: LinkContext,
  field: Field,
  order: readonly OrderEntry[],
  keepsTabs: boolean,
): readonly RuleConditionModel[] {
  const conditions: RuleConditionModel[] = [];
  const matchField = child(context, field, "match");
  if (matchField.value !== undefined) {
    const read = readPattern(context, matchField, ["osmatch", "osregex", "pcre2"], { keepsTabs });
    if (read !== null)
      conditions.push({ element: wholeLine[read.model.language], field: null, value: read.model.text });
  }
  const whereField = child(context, field, "where");
  if (whereField.value === undefined) return conditions;
  if (readObject(context, whereField) === null || !isObject(whereField.value)) return conditions;
  for (const name of Object.keys(whereField.value)) {
    const entryField = child(context, whereField, name);
    if (entryField.value === undefined) continue;
    const entry = order.find((one) => one.name === name);
    if (entry === undefined) {
      context.diagnostics.push(
        codes.order(
          entryField.span(),
          `${whereField.label}: the order has no field ${JSON.stringify(name.slice(0, 60))}, so the rule would never fire`,
          order.length === 0 ? undefined : `there are: ${order.map((one) => one.name).join(", ")}`,
        ),
      );
      continue;
    }
    const condition = readCondition(context, entryField, entry, order, keepsTabs);
    if (condition !== null) conditions.push(condition);
  }
  return conditions;
}

const wholeLine: Readonly<Record<PatternLanguage, string>> = {
  osmatch: "match",
  osregex: "regex",
  pcre2: "pcre2",
};

function readCondition(
  context: LinkContext,
  field: Field,
  entry: OrderEntry,
  order: readonly OrderEntry[],
  keepsTabs: boolean,
): RuleConditionModel | null {
  if (entry.slot === "srcip" || entry.slot === "dstip") return readAddress(context, field, entry.slot);
  if (entry.slot === "action") return readAction(context, field);
  if (entry.dynamic) {
    const asked = exact(field, "osregex");
    if (asked === null) return noExact(context, field);
    const read = readPattern(context, asked, ["osregex"], { keepsTabs });
    return read === null ? null : { element: "field", field: entry.name, value: read.model.text };
  }
  const element = matched.get(entry.slot);
  if (element === undefined) {
    context.diagnostics.push(
      codes.order(
        field.span(),
        `${field.label}: OSSEC's rules have no condition on ${entry.name}`,
        "write it into the regex",
      ),
    );
    return null;
  }
  if (entry.slot === "srcuser" && order.some(({ slot }) => slot === "dstuser")) {
    context.diagnostics.push(
      codes.order(
        field.span(),
        `${field.label}: OSSEC's <user> looks at dstuser, which the order fills too, and never at srcuser then`,
      ),
    );
    return null;
  }
  const asked = exact(field, "osmatch");
  if (asked === null) return noExact(context, field);
  const read = readPattern(context, asked, ["osmatch", "pcre2"], { keepsTabs });
  if (read === null) return null;
  const { language, text } = read.model;
  return { element: language === "pcre2" ? `${element}_pcre2` : element, field: null, value: text };
}

/** A string as the pattern that only that value fits; null where the language has no such pattern. */
function exact(field: Field, language: "osmatch" | "osregex"): Field | null {
  const { value } = field;
  if (typeof value !== "string") return field;
  if (value === "" || !/^[\w @./:,;=+%~-]+$/.test(value)) return null;
  return { ...field, value: { language, text: `^${value}$` } };
}

function noExact(context: LinkContext, field: Field): null {
  context.diagnostics.push(
    codes.pattern(
      field.span(),
      `${field.label} is ${describe(field.value)}, which has characters that mean something in a pattern`,
      "write it as a pattern",
    ),
  );
  return null;
}

function readAction(context: LinkContext, field: Field): RuleConditionModel | null {
  const { value } = field;
  const problem =
    typeof value === "string" ? checkRuleText(value) : "OSSEC compares an action with a plain text";
  if (typeof value === "string" && problem === null) return { element: "action", field: null, value };
  context.diagnostics.push(
    codes.pattern(field.span(), `${field.label}: ${problem ?? ""}`, 'write it as a string: action: "DROP"'),
  );
  return null;
}

function readAddress(
  context: LinkContext,
  field: Field,
  element: "srcip" | "dstip",
): RuleConditionModel | null {
  const { value } = field;
  if (typeof value === "string") {
    const negated = value.startsWith("!");
    const prefix = parsePrefix(negated ? value.slice(1) : value);
    if (prefix !== null) return { element, field: null, value };
  }
  context.diagnostics.push(
    codes.network(
      field.span(),
      `${field.label} is ${describe(value)}, which is not an address or a prefix`,
      'write "192.0.2.1", "10.0.0.0/8", or "!10.0.0.0/8" for all others',
    ),
  );
  return null;
}
