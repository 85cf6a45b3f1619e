/** How Wazuh's rules are written (docs/reference/wazuh.md#rule-attributes-in-wazuh, #rule-elements-in-wazuh, #tree-in-wazuh). */
import type {
  ComparedField,
  EventSearch,
  FieldCondition,
  IgnoreField,
  ListField,
  MitreReference,
  RuleInfoDetail,
} from "../../ossec/definitions.js";
import { codes } from "../../ossec/load/codes.js";
import {
  inComposite,
  infoTypes,
  options,
  readCategory,
  readCheckDiff,
  readCompiledRule,
  readDecodedAs,
  readDescription,
  readIfFts,
  readIgnore,
  readMatchedSid,
  readOptions,
  readText,
  readTime,
  readWeekday,
} from "../../ossec/load/element-readers.js";
import { asPattern, checkPattern } from "../../ossec/load/patterns.js";
import type { ProblemLog } from "../../ossec/load/problems.js";
import { type AttributeReader, digits, overwriteAttribute } from "../../ossec/load/rule-attributes.js";
import type { RuleDraft } from "../../ossec/load/rule-draft.js";
import type { ElementReader, RuleLanguage } from "../../ossec/load/rule-language.js";
import { readList } from "../../ossec/load/rule-list.js";
import {
  type PatternAttributeReader,
  type PatternRow,
  patternReaders,
  patternRow,
} from "../../ossec/load/rule-patterns.js";
import { fail, joinText, leaveOut, type RuleReading, warn } from "../../ossec/load/rule-reading.js";
import { atoi, isDigits, lowerCase } from "../../ossec/load/text.js";
import type { PatternLanguage } from "../../ossec/patterns/index.js";
import type { XmlElement } from "../../ossec/xml/document.js";
import { parseWazuhAddressEntry } from "../addresses.js";

const patternRows: readonly PatternRow[] = [
  patternRow("match", "osmatch"),
  patternRow("regex", "osregex"),
  patternRow("hostname", "osmatch"),
  patternRow("extra_data", "osmatch"),
  patternRow("data", "osmatch"),
  patternRow("program_name", "osmatch"),
  patternRow("status", "osmatch"),
  patternRow("user", "osmatch"),
  patternRow("srcgeoip", "osmatch"),
  patternRow("dstgeoip", "osmatch"),
  patternRow("url", "osmatch"),
  patternRow("id", "osmatch"),
  patternRow("srcport", "osmatch"),
  patternRow("dstport", "osmatch"),
  patternRow("protocol", "osmatch"),
  patternRow("system_name", "osmatch"),
  patternRow("location", "osmatch"),
  ["action", "text", "action"],
];

const earlierRows: readonly PatternRow[] = [
  ["if_matched_group", "osmatch", "ifMatchedGroup"],
  ["if_matched_regex", "osregex", "ifMatchedRegex"],
];

const languages: ReadonlyMap<string, PatternLanguage> = new Map<string, PatternLanguage>(
  (["osregex", "osmatch", "pcre2"] as const).map((language) => [language, language]),
);

/** `negate="yes"`; the name's letter case counts, the value's does not. */
function isNegated(reading: RuleReading, child: XmlElement): boolean {
  const attribute = child.attributes.find(({ name }) => name === "negate");
  if (attribute === undefined) return false;
  const value = lowerCase(attribute.value);
  if (value !== "yes" && value !== "no") {
    warn(
      reading,
      codes.ruleValue,
      attribute.valuePlace,
      `negate is yes or no, not "${attribute.value}": <${child.name}> is not negated`,
      { engineMessage: 7600 },
    );
  }
  return value === "yes";
}

function languageOf(
  reading: RuleReading,
  child: XmlElement,
  language: PatternLanguage | "text",
): PatternLanguage | "text" {
  const attribute = child.attributes.find(({ name }) => name === "type");
  if (attribute === undefined) return language;
  const known = languages.get(lowerCase(attribute.value));
  if (known === undefined) {
    warn(
      reading,
      codes.ruleValue,
      attribute.valuePlace,
      `type is osregex, osmatch or pcre2, not "${attribute.value}": <${child.name}> is read as usual`,
      { engineMessage: 7600 },
    );
  }
  return known ?? language;
}

const readAttributes: PatternAttributeReader = (reading, child, language) => ({
  negated: isNegated(reading, child),
  language: languageOf(reading, child, language),
});

/** The `negate` of the last of them counts for all: {@link negateAddresses}. */
function readAddress(name: "srcip" | "dstip"): ElementReader {
  return (reading, child) => {
    const { data } = reading.draft;
    isNegated(reading, child);
    const entry = parseWazuhAddressEntry(child.value);
    if (entry === null) {
      fail(reading, codes.ruleAddress, child.content, `"${child.value}" is no address or prefix`, {
        engineMessage: 1237,
      });
    } else data[name] = [...data[name], entry];
  };
}

/** When all addresses are read: doing it with each of them would take the square of their number. */
function negateAddresses({ data, element }: RuleDraft): void {
  for (const name of ["srcip", "dstip"] as const) {
    if (data[name].length === 0) continue;
    const last = element.children.findLast((child) => lowerCase(child.name) === name);
    const negated = last?.attributes.find((attribute) => attribute.name === "negate");
    if (negated !== undefined && lowerCase(negated.value) === "yes")
      data[name] = data[name].map((entry) => ({ ...entry, negated: true }));
  }
}

/** Names that a `<field>` may not have: they are those of other elements. */
const staticNames: ReadonlySet<string> = new Set([
  "srcip",
  "dstip",
  "srcgeoip",
  "dstgeoip",
  "srcport",
  "dstport",
  "user",
  "srcuser",
  "dstuser",
  "url",
  "id",
  "data",
  "extra_data",
  "status",
  "protocol",
  "system_name",
  "action",
]);

const readField: ElementReader = (reading, child) => {
  const { draft, context } = reading;
  const attribute = child.attributes.find(({ name }) => name === "name");
  if (attribute === undefined) {
    fail(reading, codes.ruleElement, child.opening, "a <field> needs the attribute name (in small letters)");
    return;
  }
  const name = attribute.value;
  if (staticNames.has(lowerCase(name))) {
    fail(
      reading,
      codes.ruleElement,
      attribute.valuePlace,
      `"${name}" is no dynamic field: a <field> cannot ask for it`,
      { help: `Write <${lowerCase(name)}> where there is such an element.` },
    );
    return;
  }
  const limit = context.options.orderSize;
  if (draft.fields.length >= limit) {
    fail(reading, codes.ruleElement, child.opening, `a rule has ${limit} <field>s at most`);
    return;
  }
  const { language, negated } = readAttributes(reading, child, "osregex");
  if (language === "text") return;
  const places: [typeof child.content] = [child.content];
  const pattern = asPattern(language, { text: child.value, places }, context.patterns, negated);
  if (!checkPattern(pattern, places, context, `<field name="${name}">`).ok) draft.refused = true;
  const condition: FieldCondition = { name, pattern };
  draft.fields = [...draft.fields, condition];
};

/** The list is not there: without it there is no rule. */
function leaveOutList(reading: RuleReading, { content, value }: XmlElement): void {
  if (reading.context.references.open) {
    reading.context.problems.report(codes.list, content, `the list "${value}" is not loaded`, {
      outcome: "warning",
      unresolved: true,
    });
    return;
  }
  leaveOut(
    reading,
    codes.list,
    content,
    `the list "${value}" is not loaded, so that the engine leaves rule ${reading.draft.id} out`,
    { engineMessage: 7616, help: "Name it in <ruleset> of ossec.conf, and here by the very same text." },
  );
}

const listFields: ReadonlyMap<string, ListField> = new Map<string, ListField>([
  ["srcip", "srcip"],
  ["srcport", "srcport"],
  ["dstip", "dstip"],
  ["dstport", "dstport"],
  ["user", "user"],
  ["url", "url"],
  ["id", "id"],
  ["hostname", "hostname"],
  ["program_name", "program_name"],
  ["status", "status"],
  ["action", "action"],
  ["system_name", "systemname"],
  ["protocol", "protocol"],
  ["data", "data"],
  ["extra_data", "extradata"],
]);

/** Any other word is the name of a dynamic field. */
function listField(name: string): ListField {
  const trimmed = name.replace(/^ +| +$/g, "");
  return listFields.get(trimmed) ?? { dynamic: trimmed };
}

const readIfLevel: ElementReader = (reading, child) => {
  const { value } = child;
  if (value !== "" && isDigits(value)) {
    joinText(reading, "if_level", value, child);
    return;
  }
  leaveOut(
    reading,
    codes.ruleValue,
    child.content,
    `if_level is a number of digits alone, not "${value}": the engine leaves rule ${reading.draft.id} out`,
    { engineMessage: 7609 },
  );
};

const readIfMatchedSid: ElementReader = (reading, child) => {
  const { value } = child;
  if (isDigits(value)) {
    readMatchedSid(reading, child);
    return;
  }
  reading.draft.data.context = true;
  leaveOut(
    reading,
    codes.ruleValue,
    child.content,
    `if_matched_sid is one rule id, not "${value}": the engine leaves rule ${reading.draft.id} out`,
    { engineMessage: 7615 },
  );
};

const ignoreFields: ReadonlyMap<string, IgnoreField> = new Map<string, IgnoreField>([
  ["user", "dstuser"],
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["id", "id"],
  ["location", "location"],
  ["data", "data"],
  ["name", "name"],
]);

/** Words between commas, each a field or the name of a dynamic one; none may be empty. */
function parseIgnore(value: string): readonly IgnoreField[] | null {
  const fields: IgnoreField[] = [];
  for (const part of value.split(",")) {
    const word = part.replace(/^ +| +$/g, "");
    if (word === "") return null;
    fields.push(ignoreFields.get(word) ?? { dynamic: word });
  }
  return fields;
}

const ignoreHelp = `Fields stand between commas: ${[...ignoreFields.keys()].join(", ")}, or dynamic ones.`;

/** A wrong type is said and no more. */
const readInfo: ElementReader = (reading, child) => {
  const attribute = child.attributes[0];
  let type: RuleInfoDetail["type"] = "text";
  if (attribute !== undefined) {
    const known = lowerCase(attribute.name) === "type" ? infoTypes.get(attribute.value) : undefined;
    if (known === undefined) {
      warn(
        reading,
        codes.ruleValue,
        attribute.valuePlace,
        `the type of an <info> is text, link, cve or osvdb, not "${attribute.value}"`,
      );
    } else type = known;
  }
  reading.draft.info = [...reading.draft.info, { type, data: child.value }];
  joinText(reading, "info", child.value, child);
};

/** Says what is wrong with a `<mitre>`; it then has no effect. */
const readMitre: ElementReader = (reading, child) => {
  const { draft } = reading;
  const say = (message: string, place = child.content): void =>
    warn(reading, codes.ruleValue, place, message);
  if (child.children.length === 0) {
    say("a <mitre> without an <id> or a <tacticID> and <techniqueID> says nothing");
    return;
  }
  const ids: string[] = [];
  const tactics: string[] = [];
  const techniques: string[] = [];
  for (const { name, value, content, opening } of child.children) {
    const known = { id: ids, tacticid: tactics, techniqueid: techniques }[lowerCase(name)];
    if (known === undefined) {
      say(`a <mitre> has no element <${name}>`, opening);
      return;
    }
    if (value === "") {
      say(`the <${name}> of this <mitre> is empty`, content);
      return;
    }
    known.push(value);
  }
  if (tactics.length > 1 || techniques.length > 1) {
    say("a <mitre> has one tacticID and one techniqueID");
    return;
  }
  const [tactic] = tactics;
  const [technique] = techniques;
  if ((tactic === undefined) !== (technique === undefined)) {
    say(`a <mitre> with a ${tactic === undefined ? "techniqueID" : "tacticID"} needs the other one as well`);
    return;
  }
  const before: MitreReference = draft.mitre ?? { ids: [], techniques: [] };
  const pair = tactic === undefined || technique === undefined ? [] : [{ tactic, technique }];
  draft.mitre = { ids: [...before.ids, ...ids], techniques: [...before.techniques, ...pair] };
};

function compare(how: "same" | "different", field: ComparedField): ElementReader {
  return ({ draft: { data } }) => {
    const fields = data.correlation[how];
    if (!fields.includes(field)) data.correlation = { ...data.correlation, [how]: [...fields, field] };
  };
}

function compareDynamic(how: "sameFields" | "differentFields"): ElementReader {
  return ({ draft: { data } }, { value }) => {
    data.correlation = { ...data.correlation, [how]: [...data.correlation[how], value] };
  };
}

const readGlobal: ElementReader = ({ draft: { data } }) => {
  data.correlation = { ...data.correlation, global: true };
};

const deprecated: ElementReader = (reading, child) =>
  warn(reading, codes.ruleElement, child.opening, `<${child.name}> is deprecated and has no effect`);

/** What a name behind `same_` or `different_` compares, and whether its letter case counts. */
const compared: readonly (readonly [
  name: string,
  field: ComparedField,
  same: boolean,
  different: boolean,
])[] = [
  ["srcip", "srcip", false, true],
  ["dstip", "dstip", false, false],
  ["src_port", "srcport", false, false],
  ["srcport", "srcport", false, false],
  ["dst_port", "dstport", false, false],
  ["dstport", "dstport", false, false],
  ["srcuser", "srcuser", false, false],
  ["user", "dstuser", false, false],
  ["location", "location", false, false],
  ["protocol", "protocol", false, true],
  ["action", "action", false, true],
  ["id", "id", true, true],
  ["url", "url", true, true],
  ["data", "data", true, true],
  ["extra_data", "extradata", true, true],
  ["status", "status", true, true],
  ["system_name", "systemname", true, true],
  ["srcgeoip", "srcgeoip", true, true],
  ["dstgeoip", "dstgeoip", true, true],
];

const comparisons = (exact: boolean): readonly (readonly [string, ElementReader])[] =>
  compared.flatMap(([name, field, same, different]) => [
    ...(same === exact ? [[`same_${name}`, compare("same", field)] as const] : []),
    ...(different === exact ? [[`different_${name}`, compare("different", field)] as const] : []),
  ]);

const elements: readonly (readonly [string, ElementReader])[] = [
  ...patternReaders(patternRows, readAttributes),
  ...patternReaders(earlierRows, readAttributes).map(([name, read]) => [name, inComposite(read)] as const),
  ["description", readDescription],
  ["group", readGroup],
  ["if_sid", readText("if_sid")],
  ["if_group", readText("if_group")],
  ["if_level", readIfLevel],
  ["if_matched_sid", readIfMatchedSid],
  ["decoded_as", readDecodedAs],
  ["category", readCategory],
  ["compiled_rule", readCompiledRule],
  ["time", readWazuhTime],
  ["weekday", readWeekday],
  ["srcip", readAddress("srcip")],
  ["dstip", readAddress("dstip")],
  ["field", readField],
  ["list", readList({ fieldOf: listField, missing: leaveOutList })],
  ["if_fts", readIfFts],
  ["check_diff", readCheckDiff],
  ["same_source_ip", compare("same", "srcip")],
  ["not_same_user", compare("different", "dstuser")],
  ...comparisons(false),
  ["same_field", compareDynamic("sameFields")],
  ["different_field", compareDynamic("differentFields")],
  ["not_same_field", compareDynamic("differentFields")],
  ["global_frequency", readGlobal],
  ["same_agent", deprecated],
  ["not_same_agent", deprecated],
  [
    "options",
    readOptions([
      ...options,
      [
        "no_full_log",
        (data) => {
          data.noFullLog = true;
        },
      ],
      [
        "no_counter",
        (data) => {
          data.noCounter = true;
        },
      ],
    ]),
  ],
  ["ignore", readIgnore("ignoreFields", "ignore", parseIgnore, ignoreHelp)],
  ["check_if_ignored", readIgnore("checkIfIgnored", "check_if_ignored", parseIgnore, ignoreHelp)],
  ["info", readInfo],
  ["cve", readText("cve")],
  ["mitre", readMitre],
];

/** A time without a digit is said and read as midnight. */
function readWazuhTime(reading: RuleReading, child: XmlElement): void {
  readTime(reading, child);
  if (reading.draft.data.time === null || /^ *!? *[0-9][^-]*- *[0-9]/.test(child.value)) return;
  warn(reading, codes.ruleValue, child.content, `"${child.value}" names no time where midnight is taken`, {
    engineMessage: 1240,
  });
}

/** Newlines are taken out of it. */
function readGroup(reading: RuleReading, child: XmlElement): void {
  joinText(reading, "group", child.value.replaceAll("\n", ""), child);
}

/** Anything but digits counts as no level at all. */
const readLevel: AttributeReader = (draft, value) => {
  if (!isDigits(value)) return null;
  const level = atoi(value);
  if (level < 0 || level > 16) return { message: `a level is 0 to 16, not ${value}` };
  draft.level = level;
  return null;
};

const readId: AttributeReader = (draft, value) => {
  if (!isDigits(value) || value.length > 6)
    return { message: `an id is a number of 6 digits at most, not "${value}"` };
  if (value !== "") draft.id = Number(value);
  return null;
};

/** Kept as two less. */
const readFrequency: AttributeReader = (draft, value) => {
  const frequency = isDigits(value) ? atoi(value) : -1;
  if (frequency < 2 || frequency > 9999) return { message: `frequency is 2 to 9999, not "${value}"` };
  draft.frequency = frequency - 2;
  return null;
};

const readNoalert: AttributeReader = (draft, value) => {
  draft.noalert = value === "1";
  return value === "0" || value === "1"
    ? null
    : { message: `noalert is 0 or 1, not "${value}": the rule alerts`, warning: true };
};

/** What an overwrite cannot change: it is compared as text. */
const keptElements = ["if_sid", "if_group", "if_level", "if_matched_sid", "if_matched_group"] as const;

function textOf(rule: RuleDraft, element: string): string | null {
  const values = rule.element.children.flatMap(({ name, value }) =>
    lowerCase(name) === element ? [value] : [],
  );
  return values.length === 0 ? null : values.join("");
}

function overwrite(old: RuleDraft, by: RuleDraft, problems: ProblemLog): void {
  for (const name of keptElements) {
    const given = textOf(by, name);
    if (given === null || given === textOf(old, name)) continue;
    const element = by.element.children.find((child) => lowerCase(child.name) === name);
    problems.report(
      codes.ruleReference,
      element?.content ?? by.idPlace,
      `an overwrite does not change ${name}: rule ${old.id} keeps what it had`,
      { outcome: "warning", engineMessage: 7605 },
    );
  }
  const { ifMatchedSid, ifMatchedGroup } = old.data;
  old.data = { ...by.data, ifMatchedSid, ifMatchedGroup };
  old.fields = by.fields;
  old.lists = by.lists;
  old.ignoreFields = by.ignoreFields;
  old.checkIfIgnored = by.checkIfIgnored;
  old.info = by.info;
  old.mitre = by.mitre;
}

/** What it was bound to when it was loaded: an overwrite makes no composite of a rule, and no rule of a composite. */
function searchOf({ bound, data }: RuleDraft): EventSearch | null {
  if (bound === null || data.checkDiff) return null;
  return bound.kind === "events" ? { kind: "events", regex: data.ifMatchedRegex } : bound;
}

export const wazuhRules: RuleLanguage = {
  attributes: new Map([
    ["id", readId],
    ["level", readLevel],
    digits("maxsize", 4),
    digits("timeframe", 5),
    ["frequency", readFrequency],
    digits("accuracy", 4),
    digits("ignore", 6),
    ["noalert", readNoalert],
    overwriteAttribute,
  ]),
  elements: new Map(elements),
  exactElements: new Map([
    ...comparisons(true),
    ["not_same_source_ip", compare("different", "srcip")],
    ["not_same_id", compare("different", "id")],
  ]),
  parseAddress: parseWazuhAddressEntry,
  check(reading) {
    const { draft, context } = reading;
    negateAddresses(draft);
    if (draft.data.description !== null || draft.element.children.length === 0) return;
    draft.refused = true;
    context.problems.report(
      codes.ruleElement,
      draft.element.opening,
      `the rule ${draft.id} has no description, which the engine wants`,
    );
  },
  withoutPlace: "left-out",
  nothingToOverwrite: "added",
  overwrite,
  overwriteMarksTarget: false,
  diesOfBrokenPort: false,
  patternsOf: ({ data }) => data.plain,
  searchOf,
};
