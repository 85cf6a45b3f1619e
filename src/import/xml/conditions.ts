/** Conditions of a loaded rule in the words of the language. */

import { parseNetwork } from "../../compiler/decode/network.js";
import { checkPattern } from "../../compiler/decode/pattern.js";
import type {
  AddressCondition,
  EventConditions,
  LineCondition,
  Moments,
  TextCondition,
  Weekday,
} from "../../dsl/conditions.js";
import type { ListCondition as DslListCondition } from "../../dsl/list.js";
import type { AddressEntry } from "../../ossec/addresses/address.js";
import type {
  ListCondition,
  PatternDefinition,
  RuleDefinition,
  TextDefinition,
  TimeRange,
  WeekdaySet,
} from "../../ossec/definitions.js";
import type { ImportedLists } from "./lists.js";
import { NoForm } from "./no-form.js";
import { type Pattern, patternOf } from "./patterns.js";
import { utf8Text } from "./texts.js";

/** What conditions are said with. */
export interface Words {
  readonly lists: ImportedLists;
  readonly isWazuh: boolean;
}

/** What a rule asks of an event. */
export interface Asked {
  readonly where: EventConditions | null;
  readonly match: LineCondition | readonly LineCondition[] | null;
  readonly moments: Moments;
}

/** Conditions of the definition that are tests of one text. */
const texts = [
  ["program", "programName"],
  ["hostname", "hostname"],
  ["id", "idPattern"],
  ["url", "url"],
  ["status", "status"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["user", "user"],
  ["extra_data", "extraData"],
  ["data", "data"],
  ["protocol", "protocol"],
  ["system_name", "systemName"],
  ["action", "action"],
] as const satisfies readonly (readonly [keyof EventConditions, keyof RuleDefinition])[];

type MutableConditions = { -readonly [Key in keyof EventConditions]: EventConditions[Key] };

/** @param isRoot - it stands below no other: its category is asked for */
export function conditionsOf(
  rule: RuleDefinition,
  { lists, isWazuh }: Words,
  isRoot: boolean,
): Asked | NoForm {
  const where: MutableConditions = {};
  if (isRoot && rule.category !== "syslog") where.category = rule.category;
  if (rule.decodedAs !== null) where.decoder = rule.decodedAs;
  for (const [key, member] of texts) {
    const definition = rule[member];
    if (definition === null) continue;
    const made = textCondition(definition, `where.${key}`, isWazuh);
    if (made instanceof NoForm) return made;
    where[key] = made;
  }
  if (rule.location !== null) {
    const made = usablePattern(rule.location, "where.location", isWazuh);
    if (made instanceof NoForm) return made;
    if ("not" in made) return new NoForm("it asks for a location that is not so");
    where.location = made;
  }
  for (const key of ["srcip", "dstip"] as const) {
    if (rule[key].length === 0) continue;
    const made = addresses(rule[key], isWazuh);
    if (made instanceof NoForm) return made;
    where[key] = made;
  }
  const fields = fieldConditions(rule, isWazuh);
  if (fields instanceof NoForm) return fields;
  if (fields !== null) where.fields = fields;
  for (const condition of rule.lists) {
    const problem = addLookup(where, condition, { lists, isWazuh });
    if (problem !== null) return problem;
  }
  const match = lineConditions(rule, isWazuh);
  if (match instanceof NoForm) return match;
  const moments = momentsOf(rule);
  return { where: Object.keys(where).length === 0 ? null : where, match, moments };
}

function lineConditions(
  { match, regex }: RuleDefinition,
  isWazuh: boolean,
): LineCondition | readonly LineCondition[] | null | NoForm {
  const found: LineCondition[] = [];
  for (const one of [match, regex]) {
    if (one === null) continue;
    const label = match === null || regex === null ? "match" : `match[${found.length}]`;
    const made = usablePattern(one, label, isWazuh);
    if (made instanceof NoForm) return made;
    found.push(made);
  }
  const [only, ...more] = found;
  return only === undefined ? null : more.length === 0 ? only : found;
}

type FieldConditions = NonNullable<EventConditions["fields"]>;

/** The conditions with one more; of several on one field each must be met. */
function withField(fields: FieldConditions, name: string, made: TextCondition): FieldConditions {
  const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (known === undefined) return { ...fields, [name]: made };
  const before = typeof known === "object" && "all" in known ? known.all : [known];
  return { ...fields, [name]: { all: [...before, made] } };
}

function fieldConditions({ fields }: RuleDefinition, isWazuh: boolean): FieldConditions | null | NoForm {
  let found: FieldConditions = {};
  for (const { name, pattern } of fields) {
    const text = utf8Text(name);
    if (text === null || text === "__proto__") return new NoForm("a field's name is no text");
    const made = textCondition(pattern, `where.fields.${text}`, isWazuh, "osregex");
    if (made instanceof NoForm) return made;
    found = withField(found, text, made);
  }
  return fields.length === 0 ? null : found;
}

/** Characters that mean nothing in OS_Match and OS_Regex. */
const plain = /^[\w @./:,;=+%~-]+$/;

/**
 * Words that stand for themselves: `^one$|^other$`.
 *
 * @param usual - the language of strings in a bundle there
 */
export function wholeWords(
  { language, text }: Pick<PatternDefinition, "language" | "text">,
  usual: "osmatch" | "osregex" = "osmatch",
): readonly string[] | null {
  if (language !== usual) return null;
  const words = text.split("|").map((word) => /^\^(.*)\$$/.exec(word)?.[1] ?? "");
  return words.every((word) => plain.test(word)) ? words : null;
}

/**
 * @param label - how the condition is called in the bundle
 * @param usual - the language of strings in a bundle there
 */
function textCondition(
  definition: PatternDefinition | TextDefinition,
  label: string,
  isWazuh: boolean,
  usual: "osmatch" | "osregex" = "osmatch",
): TextCondition | NoForm {
  if (definition.language === "text") {
    const text = utf8Text(definition.text);
    if (text === null) return new NoForm("its bytes are no UTF-8");
    return definition.negated === true ? { not: text } : text;
  }
  const words = wholeWords(definition, usual);
  if (words !== null && definition.negated !== true) {
    const [only, ...more] = words;
    if (only !== undefined) return more.length === 0 ? only : words;
  }
  return usablePattern(definition, label, isWazuh);
}

/** The pattern, unless a bundle may not hold it: the whole would not compile. */
function usablePattern(definition: PatternDefinition, label: string, isWazuh: boolean): Pattern | NoForm {
  const made = patternOf(definition, isWazuh);
  if (made instanceof NoForm) return made;
  const isNot = "not" in made;
  // What reads like something else its rule accepts.
  const checked = checkPattern(isNot ? made.not : made, () => true);
  return "matcher" in checked ? made : new NoForm(`its ${label}${isNot ? ".not" : ""} ${checked.message}`);
}

function addresses(entries: readonly AddressEntry[], isWazuh: boolean): AddressCondition | NoForm {
  const known: string[] = [];
  for (const entry of entries) {
    // To OSSEC a network of no bits holds all addresses, IPv6 too.
    const text = entry.kind === "any" && !isWazuh ? "0.0.0.0/0" : addressText(entry);
    if (text === null) return new NoForm("an address of it has a form that the language has not");
    known.push(entry.negated ? `!${text}` : text);
  }
  const [only, ...more] = known;
  return only !== undefined && more.length === 0 ? only : known;
}

/** An address or a prefix as the language has it; null: it has no such form. */
export function addressText(entry: AddressEntry): string | null {
  return parseNetwork(entry.text.replace(/^!/, "").trim())?.network ?? canonical(entry);
}

/** IPv4 in whatever form it was written. */
function canonical({ kind, network, prefix, mask }: AddressEntry): string | null {
  if (kind !== "ipv4" || mask !== undefined) return null;
  return prefix === 32 ? network.join(".") : `${network.join(".")}/${prefix}`;
}

/** Fields of a look-up, and the condition that each becomes one of. */
const lookedUp: ReadonlyMap<string, "srcip" | "dstip" | (typeof texts)[number][0]> = new Map([
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["user", "user"],
  ["url", "url"],
  ["id", "id"],
  ["hostname", "hostname"],
  ["program_name", "program"],
  ["status", "status"],
  ["action", "action"],
  ["systemname", "system_name"],
  ["protocol", "protocol"],
  ["data", "data"],
  ["extradata", "extra_data"],
] as const);

function addLookup(
  where: MutableConditions,
  condition: ListCondition,
  { lists, isWazuh }: Words,
): NoForm | null {
  const { field, lookup, checkValue } = condition;
  const isAddress = lookup.includes("address");
  const list = lists.take(condition.list, isAddress);
  if (list === null) return new NoForm("its list has a name or entries that the language does not take");
  const having = checkValue === null ? null : patternOf(checkValue, isWazuh);
  if (having instanceof NoForm) return having;
  if (having !== null && ("not" in having || having.language !== "osmatch"))
    return new NoForm("it asks for the value of a list in another way than by words");
  const made: DslListCondition = lookup.startsWith("not_")
    ? { notIn: list }
    : {
        in: list,
        ...(having === null || "not" in having || having.language !== "osmatch"
          ? {}
          : { having: { language: "osmatch", text: having.text } }),
      };
  if (typeof field === "string") {
    const key = lookedUp.get(field);
    if (key === undefined) return new NoForm(`it looks up ${field} in a list`);
    const takesAddresses = key === "srcip" || key === "dstip";
    if (isAddress && !takesAddresses) return new NoForm(`it looks ${field} up as an address`);
    if (where[key] !== undefined) return new NoForm(`it asks for ${field} twice`);
    where[key] = takesAddresses && !isAddress ? { ...made, whole: true } : made;
    return null;
  }
  const name = utf8Text(field.dynamic);
  if (name === null || name === "__proto__" || isAddress)
    return new NoForm("it looks a field of the decoder up as an address");
  where.fields = withField(where.fields ?? {}, name, made);
  return null;
}

function momentsOf({ time, weekday }: RuleDefinition): Moments {
  return {
    ...(time === null ? {} : { time: timeText(time) }),
    ...(weekday === null ? {} : { weekdays: weekdaysOf(weekday) }),
  };
}

/** The engine's range holds its last minute, that of the language does not. */
function timeText({ negated, from, to }: TimeRange): string {
  const clock = (minute: number): string =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  return negated
    ? `${clock((to + 1) % 1440)}-${clock(from === 0 ? 1440 : from)}`
    : `${clock(from)}-${clock(to + 1)}`;
}

const dayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

function weekdaysOf({ days }: WeekdaySet): Weekday | readonly Weekday[] {
  const named = dayNames.filter((_, index) => days[index] === true);
  const joined = named.join(" ");
  if (joined === "sunday saturday") return "weekends";
  if (joined === "monday tuesday wednesday thursday friday") return "weekdays";
  const [only, ...more] = named;
  return only !== undefined && more.length === 0 ? only : named;
}
