/** A loaded rule as a detection that means the same. */
import type { BurstBase, BurstKey, LastEventConditions } from "../../dsl/burst.js";
import type { Detection } from "../../dsl/detection.js";
import type { Duration } from "../../dsl/duration.js";
import type { Level, Rule, RuleInfo, RuleText } from "../../dsl/rule.js";
import type { RuleDetection, RuleEffect, RuleParent } from "../../dsl/rule-detection.js";
import type { ComparedField, RuleDefinition } from "../../ossec/definitions.js";
import type { ElementRange } from "../../ossec/source-map.js";
import { type Asked, conditionsOf, type Words } from "./conditions.js";
import { NoForm } from "./no-form.js";
import { acceptedTraps } from "./patterns.js";
import { shownText, utf8Text } from "./texts.js";

/** What is known of the rules around one. */
export interface Surroundings extends Words {
  /** Name of the detection that a rule became; undefined: it is the host's, or raw. */
  readonly nameOf: (id: number) => string | undefined;
  /** A rule of the files or of the home. */
  readonly ruleOf: (id: number) => RuleDefinition | undefined;
}

/** A rule as it is written, and what the engine made of it. */
export interface LoadedRule {
  readonly rule: RuleDefinition;
  readonly elements: readonly ElementRange[];
  readonly name: string;
  /** It changes a rule of the host. */
  readonly overwrites: boolean;
  /** A later definition of the files makes something else of it than a rule that is written once. */
  readonly rebuilt: boolean;
  /** Codes of findings of lint that would fail `check`. */
  readonly accept: readonly string[];
}

export function detectionOf(loaded: LoadedRule, around: Surroundings): Detection | NoForm {
  const made = plainOrComposite(loaded, around);
  if (made instanceof NoForm) return made;
  const accept = [...new Set([...loaded.accept, ...acceptedTraps(made)])];
  return accept.length === loaded.accept.length ? made : plainOrComposite({ ...loaded, accept }, around);
}

function plainOrComposite(loaded: LoadedRule, around: Surroundings): Detection | NoForm {
  const { rule, elements, rebuilt } = loaded;
  if (rebuilt) return new NoForm("it is overwritten below with another level or place, or counts");
  const problem = unsayable(rule, elements);
  if (problem !== null) return problem;
  const text = ruleText(loaded);
  if (text instanceof NoForm) return text;
  const level = levelOf(rule.level);
  if (level === null) return new NoForm(`it has the level ${rule.level}`);
  return rule.search === null
    ? plainRule(loaded, text, level, around)
    : composite(loaded, withLevel(text, level), around);
}

/** What the language has no form for, whatever the rest is. */
export function unsayable(rule: RuleDefinition, elements: readonly ElementRange[]): NoForm | null {
  const has = (name: string): boolean => elements.some((one) => one.name.toLowerCase() === name);
  if (rule.checkDiff) return new NoForm("check_diff compares the line with the last one of the rule");
  if (rule.compiledRule !== null) return new NoForm("compiled_rule names a function of the engine");
  if (rule.maxsize !== 0) return new NoForm("maxsize asks for the length of the line");
  if (has("ignore")) return new NoForm("<ignore> keeps values that other rules ask for");
  if (has("check_if_ignored")) return new NoForm("<check_if_ignored> asks for values that other rules keep");
  if (rule.parents.ifLevel !== null) return new NoForm("if_level puts it below every rule of a level");
  if (rule.accuracy === 0) return new NoForm("accuracy puts it behind its siblings");
  if (rule.srcgeoip !== null || rule.dstgeoip !== null) return new NoForm("it asks for a place on earth");
  if (rule.search?.kind === "events") return new NoForm("if_matched_regex looks through all earlier lines");
  if (rule.search?.kind === "unbound") return new NoForm("the engine dies of it");
  return null;
}

export function withLevel({ id, ...text }: RuleText, level: Level): Rule {
  return { ...(id === undefined ? {} : { id }), level, ...text };
}

export function levelOf(level: number): Level | null {
  const levels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] as const;
  return levels.find((one) => one === level) ?? null;
}

export function seconds(count: number): Duration {
  for (const [size, unit] of [
    [86_400, "day"],
    [3_600, "hr"],
    [60, "min"],
  ] as const) {
    if (count % size === 0 && count >= size) {
      const units = count / size;
      return units === 1 || unit !== "day" ? `${units} ${unit}` : `${units} days`;
    }
  }
  return `${count} sec`;
}

export function ruleText({ rule, elements, overwrites, accept }: LoadedRule): RuleText | NoForm {
  if (rule.description === null) return new NoForm("it has no description");
  // The engine writes it into alerts alone.
  const description = shownText(rule.description);
  const groups = utf8Text(rule.group);
  if (groups === null) return new NoForm("its groups are no UTF-8");
  const names = groups
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const info: RuleInfo[] = [];
  for (const { type, data } of rule.info) {
    const text = shownText(data);
    if (type === "osvdb") return new NoForm(`it has an <info> of type ${type}`);
    info.push(type === "text" ? { text } : type === "link" ? { link: text } : { cve: text });
  }
  if (rule.cve !== null) return new NoForm("it has a <cve>");
  const options = new Set(
    elements
      .filter((one) => one.name.toLowerCase() === "options")
      .flatMap(({ value }) => value.split(/[,\s]+/))
      .filter((word) => word !== ""),
  );
  const mail = options.has("no_email_alert") ? false : options.has("alert_by_email") ? true : null;
  const log = options.has("no_log") ? false : options.has("log_alert") ? true : null;
  if (options.has("no_counter")) return new NoForm("no_counter has no form");
  return {
    id: rule.id,
    ...(overwrites ? { overwrite: true } : {}),
    description,
    ...(names.length === 0 ? {} : { groups: names }),
    ...(info.length === 0 ? {} : { info }),
    ...(rule.mitre === null ? {} : { mitre: rule.mitre.ids.map(shownText) }),
    ...(mail === null ? {} : { mail }),
    ...(log === null ? {} : { log }),
    ...(rule.ignore === 0 ? {} : { ignore: seconds(rule.ignore) }),
    ...(options.has("no_ar") ? { respond: false } : {}),
    ...(options.has("no_full_log") ? { fullLog: false } : {}),
    ...(accept.length === 0 ? {} : { accept }),
  };
}

function plainRule(
  loaded: LoadedRule,
  text: RuleText,
  level: Level,
  around: Surroundings,
): RuleDetection | NoForm {
  const { rule, name, overwrites } = loaded;
  const under = overwrites ? null : parentOf(rule, around);
  if (under instanceof NoForm) return under;
  if (under !== null && idsOf(rule).includes(rule.id)) return new NoForm(`"${name}" stands below itself`);
  const asked = conditionsOf(rule, around, under === null && !overwrites);
  if (asked instanceof NoForm) return asked;
  return {
    kind: "rule",
    name,
    ...(under === null ? {} : { under }),
    ...conditions(asked),
    ...(rule.ifFts ? { firstTime: true } : {}),
    effect: effectOf(rule, level, around),
    rule: text,
  };
}

function conditions({ where, match, moments }: Asked): LastEventConditions {
  return {
    ...(where === null ? {} : { where }),
    ...(match === null ? {} : { match }),
    ...moments,
  };
}

function effectOf(rule: RuleDefinition, level: Level, around: Surroundings): RuleEffect {
  if (rule.noalert) return { onlyParent: level };
  if (level === 0) return { silence: true };
  const above = idsOf(rule).map((id) => around.ruleOf(id)?.level);
  const known = above.filter((one) => one !== undefined);
  if (known.length === 0 || known.length < above.length || known.includes(0)) return { level };
  if (known.every((one) => one < level)) return { raise: level };
  return known.every((one) => one > level) ? { lower: level } : { level };
}

/** The ids of `if_sid`, as the engine takes them: at commas and blanks. */
function idsOf({ parents }: RuleDefinition): readonly number[] {
  return (parents.ifSid ?? "")
    .split(/[, ]+/)
    .flatMap((text) => (/^\d+/.test(text) ? [Number.parseInt(text, 10)] : []));
}

/** null: it stands below its category. */
function parentOf(rule: RuleDefinition, around: Surroundings): RuleParent | null | NoForm {
  const { ifSid, ifGroup } = rule.parents;
  if (ifSid !== null) {
    const ids = [...new Set(idsOf(rule))];
    if (ids.includes(0) || ids.length === 0 || /[^0-9, ]/.test(ifSid))
      return new NoForm("its if_sid is no list of ids");
    const names = ids.flatMap((id) => around.nameOf(id) ?? []);
    const rules = ids.filter((id) => around.nameOf(id) === undefined);
    const [only, ...more] = names;
    const detection = only !== undefined && more.length === 0 ? only : names;
    if (rules.length === 0) return { detection };
    return names.length === 0 ? { rules } : { rules, detection };
  }
  if (ifGroup === null) return null;
  const group = utf8Text(ifGroup);
  return group === null ? new NoForm("its if_group is no UTF-8") : { group };
}

/** What the language compares, by the field of the engine. */
const keys: ReadonlyMap<ComparedField, BurstKey> = new Map<ComparedField, BurstKey>([
  ["srcip", "source"],
  ["dstuser", "user"],
  ["id", "id"],
  ["srcport", "sourcePort"],
  ["dstport", "destinationPort"],
  ["hostname", "location"],
  ["location", "location"],
  ["dstip", "destination"],
  ["srcuser", "sourceUser"],
  ["protocol", "protocol"],
  ["action", "action"],
  ["url", "url"],
  ["data", "data"],
  ["extradata", "extra_data"],
  ["status", "status"],
  ["systemname", "system_name"],
]);

function composite(loaded: LoadedRule, rule: Rule, around: Surroundings): Detection | NoForm {
  const { rule: definition, name, elements, overwrites } = loaded;
  if (overwrites) return new NoForm("it overwrites a rule with one that counts");
  if (definition.noalert) return new NoForm("it counts and raises no alert");
  if (definition.ifFts) return new NoForm("it counts what is seen for the first time");
  const counted = countedBy(loaded, around);
  if (counted instanceof NoForm) return counted;
  const compared = comparisons(definition);
  if (compared instanceof NoForm) return compared;
  const asked = conditionsOf(definition, around, false);
  if (asked instanceof NoForm) return asked;
  const within = seconds(definition.timeframe);
  const more = {
    within,
    per: compared.per,
    ...(compared.different === null ? {} : { different: compared.different }),
    ...conditions(asked),
    rule,
  };
  const written = (wanted: string): boolean => elements.some((one) => one.name.toLowerCase() === wanted);
  if (!written("if_sid") && !written("if_group"))
    return { kind: "burst", name, of: counted, events: definition.frequency + 2, ...more };
  const under = parentOf(definition, around);
  if (under instanceof NoForm) return under;
  const next = baseOfParent(under);
  if (next === null) return new NoForm("it counts one rule's events when another's of several comes");
  return { kind: "sequence", name, first: counted, times: definition.frequency + 1, next, ...more };
}

function countedBy(
  { rule: { search, ifMatchedGroup }, elements }: LoadedRule,
  { nameOf, ruleOf }: Surroundings,
): BurstBase | NoForm {
  const ways = new Set(
    elements.flatMap(({ name }) => (/^if_matched_/i.test(name) ? [name.toLowerCase()] : [])),
  );
  if (ways.size > 1) return new NoForm("it counts in two ways at once");
  if (search?.kind === "sid") {
    const counted = ruleOf(search.sid);
    if (counted !== undefined && (counted.level === 0 || counted.noalert))
      return new NoForm(`it counts rule ${search.sid}, of which the engine keeps no event: it never fires`);
    const detection = nameOf(search.sid);
    return detection === undefined ? { rule: search.sid } : { detection };
  }
  const group = ifMatchedGroup === null ? null : utf8Text(ifMatchedGroup.text);
  return group === null || ifMatchedGroup?.language !== "osmatch"
    ? new NoForm("it counts in a way of its own")
    : { group };
}

/** Null where it is several rules. */
function baseOfParent(under: RuleParent | null): BurstBase | null {
  if (under === null) return null;
  if ("group" in under) return { group: under.group };
  const { rules = [], detection } = under;
  const names = detection === undefined ? [] : typeof detection === "string" ? [detection] : detection;
  const [name] = names;
  const [rule] = rules;
  if (names.length + rules.length !== 1) return null;
  return name !== undefined ? { detection: name } : rule !== undefined ? { rule } : null;
}

interface Compared {
  readonly per: BurstKey | readonly BurstKey[] | "all";
  readonly different: BurstKey | readonly BurstKey[] | null;
}

function comparisons({ correlation }: RuleDefinition): Compared | NoForm {
  const { same, different, sameFields, differentFields } = correlation;
  const named = (
    fields: readonly ComparedField[],
    dynamic: readonly string[],
  ): readonly BurstKey[] | NoForm => {
    const found: BurstKey[] = [];
    for (const field of fields) {
      const key = keys.get(field);
      if (key === undefined) return new NoForm(`it compares the field ${field}`);
      found.push(key);
    }
    return [...found, ...dynamic.map((field) => ({ field: shownText(field) }))];
  };
  const alike = named(same, sameFields);
  const apart = named(different, differentFields);
  if (alike instanceof NoForm) return alike;
  if (apart instanceof NoForm) return apart;
  const [first, ...more] = alike;
  const [other, ...others] = apart;
  return {
    per: first === undefined ? "all" : more.length === 0 ? first : alike,
    different: other === undefined ? null : others.length === 0 ? other : apart,
  };
}
