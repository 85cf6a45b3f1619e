/** `<list>` of a rule (docs/reference/ossec.md#rule-elements). */
import type { DynamicName, ListField, ListLookup, PatternDefinition } from "../definitions.js";
import type { XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import { asPattern, checkPattern } from "./patterns.js";
import { fail, type RuleReading } from "./rule-reading.js";
import { lowerCase } from "./text.js";

function namesOf<T extends string>(names: readonly T[]): ReadonlyMap<string, T> {
  return new Map(names.map((name) => [name, name]));
}

const fields: ReadonlyMap<string, ListField> = namesOf<Exclude<ListField, DynamicName>>([
  "srcip",
  "srcport",
  "dstip",
  "dstport",
  "user",
  "url",
  "id",
  "hostname",
  "program_name",
  "status",
  "action",
]);

const lookups = namesOf<ListLookup>([
  "match_key",
  "not_match_key",
  "match_key_value",
  "address_match_key",
  "not_address_match_key",
  "address_match_key_value",
]);

export function readList(reading: RuleReading, child: XmlElement): void {
  const { context, draft } = reading;
  const opening = child.opening;
  if (child.attributes.length === 0) {
    fail(reading, codes.ruleValue, opening, "a list needs the attribute field", { engineMessage: 1274 });
    return;
  }
  let field: ListField | undefined;
  let lookup: ListLookup = "match_key";
  let checkValue: PatternDefinition | null = null;
  for (const attribute of child.attributes) {
    const at = attribute.valuePlace;
    const value = lowerCase(attribute.value);
    switch (lowerCase(attribute.name)) {
      case "lookup": {
        const known = lookups.get(value);
        if (known === undefined) {
          fail(reading, codes.ruleValue, at, `a list has no lookup "${attribute.value}"`, {
            engineMessage: 1274,
            help: `Known are ${[...lookups.keys()].join(", ")}.`,
          });
          return;
        }
        lookup = known;
        break;
      }
      case "field": {
        const known = fields.get(value);
        if (known === undefined) {
          fail(reading, codes.ruleValue, at, `a list cannot look up the field "${attribute.value}"`, {
            engineMessage: 1274,
            help: `It can look up ${[...fields.keys()].join(", ")}.`,
          });
          return;
        }
        field = known;
        break;
      }
      case "check_value":
        checkValue = asPattern("osmatch", { text: attribute.value, places: [at] }, context.patterns);
        if (!checkPattern(checkValue, [at], context, "check_value").ok) {
          draft.refused = true;
          return;
        }
        break;
      default:
        fail(reading, codes.ruleValue, at, `a list has no attribute ${attribute.name}`, {
          engineMessage: 1274,
        });
        return;
    }
  }
  if (field === undefined) {
    fail(reading, codes.ruleValue, opening, "a list needs the attribute field", { engineMessage: 1274 });
    return;
  }
  const loaded = context.lists.has(child.value);
  if (!loaded) {
    context.problems.report(
      codes.list,
      child.content,
      `the list "${child.value}" is not loaded, so no key is in it`,
      { outcome: "warning", unresolved: context.references.open },
    );
  }
  draft.lists = [...draft.lists, { list: child.value, field, lookup, checkValue, loaded }];
}
