/** Elements of a rule (rules.c, docs/reference/ossec.md#rule-elements). */
import { parseAddressEntry } from "../addresses/address.js";
import type { IgnoreField, RuleCategory, RuleInfoDetail } from "../definitions.js";
import { compiledRules } from "../engine/compiled-rules.js";
import type { XmlElement } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import { asPattern, checkPattern, type JoinedText } from "./patterns.js";
import { addressSlots, furtherSlots } from "./rule-draft.js";
import { applyOption, applySwitch } from "./rule-flags.js";
import { readList } from "./rule-list.js";
import { patternElements } from "./rule-patterns.js";
import { fail, joinPattern, joinText, type RuleReading, valueLimit } from "./rule-reading.js";
import { atoi, isDigits, lowerCase } from "./text.js";
import { parseTime, parseWeekday } from "./time.js";

const categories: ReadonlyMap<string, RuleCategory> = new Map<string, RuleCategory>(
  (["firewall", "ids", "syslog", "web-log", "squid", "windows", "ossec"] as const).map((name) => [
    name,
    name,
  ]),
);

const infoTypes: ReadonlyMap<string, RuleInfoDetail["type"]> = new Map<string, RuleInfoDetail["type"]>(
  (["text", "link", "cve", "osvdb"] as const).map((type) => [type, type]),
);

/** Looked for as substrings, all of them. */
const ignoreWords: readonly (readonly [string, IgnoreField])[] = [
  ["user", "dstuser"],
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["id", "id"],
  ["location", "location"],
  ["data", "extradata"],
  ["name", "name"],
];

export function readElement(reading: RuleReading, child: XmlElement): void {
  const { draft, context } = reading;
  const name = lowerCase(child.name);
  const { value } = child;
  const pattern = patternElements.get(name);
  if (pattern !== undefined) {
    const { slot } = pattern;
    if (slot === null) draft.data.context = true;
    else if (addressSlots.includes(slot)) draft.data.asksAddresses = true;
    else if (furtherSlots.includes(slot)) draft.data.asksFurther = true;
    joinPattern(reading, pattern, child);
    return;
  }
  switch (name) {
    case "description":
      joinText(reading, "description", value.includes("\n") ? value.replace("\n", " ") : value, child);
      return;
    case "cve":
      draft.info = [...draft.info, { type: "cve", data: value }];
      joinText(reading, "cve", value, child);
      return;
    case "group":
      joinText(reading, "group", value, child);
      return;
    case "action":
      joinText(reading, "action", value, child);
      return;
    case "if_sid":
      joinText(reading, "if_sid", value, child);
      return;
    case "if_group":
      joinText(reading, "if_group", value, child);
      return;
    case "decoded_as":
      if (!context.decoders.names.has(value) && !context.decoders.incomplete) {
        fail(reading, codes.ruleReference, child.content, `there is no decoder "${value}"`, {
          unresolved: context.references.open,
        });
      }
      draft.data.decodedAs = value;
      return;
    case "info":
      readInfo(reading, child);
      return;
    case "time":
      draft.data.asksFurther = true;
      draft.data.time = parseTime(value);
      if (draft.data.time === null) {
        fail(reading, codes.ruleValue, child.content, `"${value}" is no time range such as 6 pm - 8:30 am`, {
          engineMessage: 1274,
        });
      }
      return;
    case "weekday":
      draft.data.asksFurther = true;
      draft.data.weekday = parseWeekday(value);
      if (draft.data.weekday === null) {
        fail(
          reading,
          codes.ruleValue,
          child.content,
          `"${value}" is no list of English weekdays (ranges and ! are not understood)`,
          { engineMessage: 1274 },
        );
      }
      return;
    case "srcip":
    case "dstip": {
      draft.data.asksAddresses = true;
      const entry = parseAddressEntry(value);
      if (entry === null) {
        fail(reading, codes.ruleAddress, child.content, `"${value}" is no address or prefix`, {
          engineMessage: 1237,
        });
      } else draft.data[name] = [...draft.data[name], entry];
      return;
    }
    case "list":
      readList(reading, child);
      return;
    case "field":
      readField(reading, child);
      return;
    case "compiled_rule":
      if (Object.hasOwn(compiledRules, value)) draft.data.compiledRule = value;
      else {
        fail(reading, codes.ruleValue, child.content, `there is no compiled rule "${value}"`, {
          engineMessage: 1274,
          help: `Known are ${Object.keys(compiledRules).join(", ")}.`,
        });
      }
      return;
    case "category": {
      const category = categories.get(value);
      if (category === undefined) {
        fail(reading, codes.ruleValue, child.content, `there is no category "${value}"`, {
          engineMessage: 1273,
          help: `Known are ${[...categories.keys()].join(", ")}.`,
        });
      } else draft.category = category;
      return;
    }
    case "if_level":
      if (isDigits(value)) joinText(reading, "if_level", value, child);
      else {
        fail(
          reading,
          codes.ruleValue,
          child.content,
          `if_level is a number of digits alone, not "${value}"`,
          {
            engineMessage: 1274,
          },
        );
      }
      return;
    case "if_matched_sid":
      draft.data.context = true;
      if (isDigits(value)) draft.data.ifMatchedSid = atoi(value);
      else {
        fail(reading, codes.ruleValue, child.content, `if_matched_sid is one rule id, not "${value}"`, {
          engineMessage: 1274,
        });
      }
      return;
    case "options":
      if (!applyOption(draft, value)) {
        fail(reading, codes.ruleValue, child.content, `there is no option "${value}"`, {
          engineMessage: 1235,
          help: "One option an element: alert_by_email, no_email_alert, log_alert, no_log or no_ar.",
        });
      }
      return;
    case "ignore":
    case "check_if_ignored": {
      const slot = name === "ignore" ? "ignoreFields" : "checkIfIgnored";
      const found = ignoreWords.flatMap(([word, field]) => (value.includes(word) ? [field] : []));
      draft[slot] = [...new Set([...draft[slot], ...found])];
      if (draft[slot].length === 0) {
        fail(reading, codes.ruleValue, child.content, `${name} finds no field in "${value}"`, {
          help: `It looks for ${ignoreWords.map(([word]) => word).join(", ")}.`,
        });
      }
      return;
    }
    default:
      if (applySwitch(draft, child.name, name)) return;
      fail(reading, codes.ruleElement, child.opening, `a rule has no element <${child.name}>`);
  }
}

/** Any attribute but a known `type` makes the loader loop for ever. */
function readInfo(reading: RuleReading, child: XmlElement): void {
  const attribute = child.attributes[0];
  let type: RuleInfoDetail["type"] = "text";
  if (attribute !== undefined) {
    const known = lowerCase(attribute.name) === "type" ? infoTypes.get(attribute.value) : undefined;
    if (known === undefined) {
      fail(
        reading,
        codes.ruleInfoHang,
        attribute.valuePlace,
        lowerCase(attribute.name) === "type"
          ? `the loader hangs for ever on the info type "${attribute.value}"`
          : `the loader hangs for ever on an <info> with the attribute ${attribute.name}`,
        { outcome: "hang", help: "The types are text, link, cve and osvdb." },
      );
      return;
    }
    type = known;
  }
  reading.draft.info = [...reading.draft.info, { type, data: child.value }];
  joinText(reading, "info", child.value, child);
}

function readField(reading: RuleReading, child: XmlElement): void {
  const { draft, context } = reading;
  const opening = child.opening;
  // The first attribute counts, the others do not; a field without a name is never there (docs/reference/ossec.md#corner-cases-of-configuration).
  const [attribute] = child.attributes;
  const die = (at: SourceRange, what: string): void =>
    fail(reading, codes.ruleFieldCrash, at, `the loader dies on ${what}`, { outcome: "crash" });
  if (attribute === undefined) {
    die(opening, "a <field> without the attribute name");
    return;
  }
  const name = lowerCase(attribute.name) === "name" ? attribute.value : "";
  if (name.length >= valueLimit) {
    die(attribute.valuePlace, `a field name of ${valueLimit} bytes or more`);
    return;
  }
  const limit = context.options.orderSize;
  if (draft.fields.length >= limit) {
    die(opening, `more than ${limit} <field>s of a rule`);
    return;
  }
  const read: Readonly<JoinedText> = { text: child.value, places: [child.content] };
  const pattern = asPattern("osregex", read, context.patterns);
  if (!checkPattern(pattern, read.places, context, "<field>").ok) draft.refused = true;
  draft.fields = [...draft.fields, { name, pattern }];
}
