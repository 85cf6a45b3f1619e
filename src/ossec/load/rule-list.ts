/** `<list>` of a rule (docs/reference/ossec.md#rule-elements). */
import type { ListCondition, ListField, ListLookup, PatternDefinition } from "../definitions.js";
import type { XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import { asPattern, checkPattern } from "./patterns.js";
import type { ElementReader } from "./rule-language.js";
import { fail, type RuleReading } from "./rule-reading.js";
import { lowerCase } from "./text.js";

function namesOf<T extends string>(names: readonly T[]): ReadonlyMap<string, T> {
  return new Map(names.map((name) => [name, name]));
}

const lookups = namesOf<ListLookup>([
  "match_key",
  "not_match_key",
  "match_key_value",
  "address_match_key",
  "not_address_match_key",
  "address_match_key_value",
]);

/** What `<list>` is in a dialect. */
export interface ListLanguage {
  /** The field of that name; undefined: there is none. */
  readonly fieldOf: (name: string) => ListField | undefined;
  /** The list is not loaded. */
  readonly missing: (reading: RuleReading, child: XmlElement) => void;
}

export function readList({ fieldOf, missing }: ListLanguage): ElementReader {
  return (reading, child) => {
    const condition = listCondition(reading, child, fieldOf);
    if (condition === null) return;
    if (!condition.loaded) missing(reading, child);
    const { draft } = reading;
    draft.lists = [...draft.lists, condition];
  };
}

/** null: it is refused. */
function listCondition(
  reading: RuleReading,
  child: XmlElement,
  fieldOf: ListLanguage["fieldOf"],
): ListCondition | null {
  const { context, draft } = reading;
  const opening = child.opening;
  if (child.attributes.length === 0) {
    fail(reading, codes.ruleValue, opening, "a list needs the attribute field", { engineMessage: 1274 });
    return null;
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
          return null;
        }
        lookup = known;
        break;
      }
      case "field": {
        const known = fieldOf(value);
        if (known === undefined) {
          fail(reading, codes.ruleValue, at, `a list cannot look up the field "${attribute.value}"`, {
            engineMessage: 1274,
          });
          return null;
        }
        field = known;
        break;
      }
      case "check_value":
        checkValue = asPattern("osmatch", { text: attribute.value, places: [at] }, context.patterns);
        if (!checkPattern(checkValue, [at], context, "check_value").ok) {
          draft.refused = true;
          return null;
        }
        break;
      default:
        fail(reading, codes.ruleValue, at, `a list has no attribute ${attribute.name}`, {
          engineMessage: 1274,
        });
        return null;
    }
  }
  if (field === undefined) {
    fail(reading, codes.ruleValue, opening, "a list needs the attribute field", { engineMessage: 1274 });
    return null;
  }
  const loaded = context.lists.has(child.value);
  return { list: child.value, field, lookup, checkValue, loaded };
}
