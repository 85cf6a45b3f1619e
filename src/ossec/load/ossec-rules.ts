/** How OSSEC's rules are written (rules.c, docs/reference/ossec.md#rule-attributes, #rule-elements). */
import { parseAddressEntry } from "../addresses/address.js";
import type { ComparedField, EventSearch, IgnoreField, ListField, RuleInfoDetail } from "../definitions.js";
import { type PatternMember, type PatternName, patternMembers } from "../pattern-members.js";
import type { XmlElement } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import {
  type IgnoreParser,
  inComposite,
  infoTypes,
  options,
  readAddress,
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
} from "./element-readers.js";
import { asPattern, checkPattern, type JoinedText } from "./patterns.js";
import { digits, overwriteAttribute } from "./rule-attributes.js";
import { type MutablePatterns, noPatterns, type Patterns, type RuleDraft } from "./rule-draft.js";
import type { ElementReader, RuleLanguage } from "./rule-language.js";
import { readList } from "./rule-list.js";
import { type PatternRow, patternReaders, patternRow } from "./rule-patterns.js";
import { fail, joinText, type RuleReading, valueLimit } from "./rule-reading.js";
import { isDigits, lowerCase } from "./text.js";

/** Conditions with a form in OS_Regex or OS_Match and one in PCRE2, in the order in which they are compiled. */
const twoForms: readonly PatternName[] = [
  "regex",
  "match",
  "id",
  "srcport",
  "dstport",
  "status",
  "hostname",
  "extra_data",
  "program_name",
  "user",
  "srcgeoip",
  "dstgeoip",
  "url",
];

const patternRows: readonly PatternRow[] = [
  ...twoForms.flatMap((name): readonly PatternRow[] => [
    patternRow(name, name === "regex" ? "osregex" : "osmatch"),
    [name === "regex" ? "pcre2" : `${name}_pcre2`, "pcre2", patternMembers[name], "pcre2"],
  ]),
  ["action", "text", "action"],
];

const earlierRows: readonly PatternRow[] = [
  ["if_matched_group", "osmatch", "ifMatchedGroup"],
  ["if_matched_regex", "osregex", "ifMatchedRegex"],
];

/** Tested only where the rule, or the one that overwrote it, asks for an address or a port (docs/reference/ossec.md#corner-cases-of-analysis). */
const addressPatterns = ["srcport", "dstport"] as const satisfies readonly PatternName[];

/** Tested only where one of them, time, weekday, maxsize or check_diff is asked for. */
const furtherPatterns = [
  "user",
  "srcgeoip",
  "dstgeoip",
  "extra_data",
  "hostname",
  "status",
] as const satisfies readonly PatternName[];

/** Notes that something of the kind is asked for. */
function asking(
  names: readonly PatternName[],
  note: "asksAddresses" | "asksFurther",
  readers: readonly (readonly [string, ElementReader])[],
): readonly (readonly [string, ElementReader])[] {
  const asked = new Set(names.flatMap((name) => [name, `${name}_pcre2`]));
  return readers.map(([name, read]) =>
    asked.has(name)
      ? [
          name,
          (reading, child) => {
            reading.draft.data[note] = true;
            read(reading, child);
          },
        ]
      : [name, read],
  );
}

function compare(how: "same" | "different", field: ComparedField): ElementReader {
  return ({ draft: { data } }) => {
    const fields = data.correlation[how];
    if (!fields.includes(field)) data.correlation = { ...data.correlation, [how]: [...fields, field] };
  };
}

/** `not_same_*` takes back a `same_*` before it and does nothing else. */
function takeBack(field: ComparedField): ElementReader {
  return ({ draft: { data } }) => {
    const { same } = data.correlation;
    if (same.includes(field))
      data.correlation = { ...data.correlation, same: same.filter((one) => one !== field) };
  };
}

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

const parseIgnore: IgnoreParser = (value) => {
  const found = ignoreWords.flatMap(([word, field]) => (value.includes(word) ? [field] : []));
  return found.length === 0 ? null : found;
};

const ignoreHelp = `It looks for ${ignoreWords.map(([word]) => word).join(", ")}.`;

/** Any attribute but a known `type` makes the loader loop for ever. */
const readInfo: ElementReader = (reading, child) => {
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
};

const readCve: ElementReader = (reading, child) => {
  reading.draft.info = [...reading.draft.info, { type: "cve", data: child.value }];
  joinText(reading, "cve", child.value, child);
};

const readField: ElementReader = (reading, child) => {
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
};

const readIfLevel: ElementReader = (reading, child) => {
  const { value } = child;
  if (isDigits(value)) joinText(reading, "if_level", value, child);
  else {
    fail(reading, codes.ruleValue, child.content, `if_level is a number of digits alone, not "${value}"`, {
      engineMessage: 1274,
    });
  }
};

const readIfMatchedSid: ElementReader = (reading, child) => {
  const { value } = child;
  if (isDigits(value)) readMatchedSid(reading, child);
  else {
    reading.draft.data.context = true;
    fail(reading, codes.ruleValue, child.content, `if_matched_sid is one rule id, not "${value}"`, {
      engineMessage: 1274,
    });
  }
};

const listFields: ReadonlyMap<string, ListField> = new Map<string, ListField>(
  (
    [
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
    ] as const
  ).map((name) => [name, name]),
);

const reportMissingList = ({ context }: RuleReading, { content, value }: XmlElement): void =>
  context.problems.report(codes.list, content, `the list "${value}" is not loaded, so no key is in it`, {
    outcome: "warning",
    unresolved: context.references.open,
  });

const elements: readonly (readonly [string, ElementReader])[] = [
  ...asking(
    addressPatterns,
    "asksAddresses",
    asking(furtherPatterns, "asksFurther", patternReaders(patternRows)),
  ),
  ...patternReaders(earlierRows).map(([name, read]) => [name, inComposite(read)] as const),
  ["description", readDescription],
  ["group", readText("group")],
  ["if_sid", readText("if_sid")],
  ["if_group", readText("if_group")],
  ["if_level", readIfLevel],
  ["if_matched_sid", readIfMatchedSid],
  ["decoded_as", readDecodedAs],
  ["category", readCategory],
  ["compiled_rule", readCompiledRule],
  ["time", readTime],
  ["weekday", readWeekday],
  ["srcip", readAddress("srcip")],
  ["dstip", readAddress("dstip")],
  ["field", readField],
  ["list", readList({ fieldOf: (name) => listFields.get(name), missing: reportMissingList })],
  ["if_fts", readIfFts],
  ["check_diff", readCheckDiff],
  ["same_source_ip", compare("same", "srcip")],
  ["same_src_port", compare("same", "srcport")],
  ["same_dst_port", compare("same", "dstport")],
  ["same_user", compare("same", "dstuser")],
  ["same_location", compare("same", "hostname")],
  ["not_same_source_ip", takeBack("srcip")],
  ["not_same_user", takeBack("dstuser")],
  ["not_same_agent", takeBack("hostname")],
  ["options", readOptions(options)],
  ["ignore", readIgnore("ignoreFields", "ignore", parseIgnore, ignoreHelp)],
  ["check_if_ignored", readIgnore("checkIfIgnored", "check_if_ignored", parseIgnore, ignoreHelp)],
  ["info", readInfo],
  ["cve", readCve],
];

/** A plain form hides the PCRE2 one, and what an overwritten rule keeps may be asked for no more. */
function patternsOf({ data, pcre2, overwrites }: RuleDraft): Patterns {
  const { plain, asksAddresses, asksFurther } = data;
  if (pcre2 === noPatterns && overwrites.length === 0) return plain;
  const tested: MutablePatterns = { ...pcre2 };
  for (const member of members) tested[member] = plain[member] ?? pcre2[member];
  if (!asksAddresses) for (const name of addressPatterns) tested[patternMembers[name]] = null;
  if (!asksFurther) for (const name of furtherPatterns) tested[patternMembers[name]] = null;
  return tested;
}

const members: readonly PatternMember[] = Object.values(patternMembers);

function searchOf({ bound, data }: RuleDraft): EventSearch | null {
  if (!data.context || data.checkDiff) return null;
  if (bound === null) return { kind: "unbound" };
  return bound.kind === "events" ? { kind: "events", regex: data.ifMatchedRegex } : bound;
}

export const ossecRules: RuleLanguage = {
  attributes: new Map([
    digits("id", 6),
    digits("level", 4),
    digits("maxsize", 4),
    digits("timeframe", 5),
    digits("frequency", 4),
    digits("accuracy", 4),
    digits("ignore", 6),
    [
      "noalert",
      (draft) => {
        draft.noalert = true;
        return null;
      },
    ],
    overwriteAttribute,
  ]),
  elements: new Map(elements),
  exactElements: new Map([
    ["same_id", compare("same", "id")],
    ["different_url", compare("different", "url")],
    ["different_srcip", compare("different", "srcip")],
    ["different_srcgeoip", compare("different", "srcgeoip")],
    ["not_same_id", takeBack("id")],
  ]),
  parseAddress: parseAddressEntry,
  check: () => undefined,
  withoutPlace: "refused",
  nothingToOverwrite: "refused",
  overwrite(old, by) {
    const { srcgeoip, dstgeoip } = old.data.plain;
    old.data = { ...by.data, plain: { ...by.data.plain, srcgeoip, dstgeoip } };
  },
  overwriteMarksTarget: true,
  diesOfBrokenPort: true,
  patternsOf,
  searchOf,
};
