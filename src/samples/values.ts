/** Texts of fields that meet what rules ask of them, and that the decoder's groups can capture. */
import { parseAddressEntry } from "../ossec/addresses/address.js";
import type { ListCondition, PatternDefinition, Ruleset, TextDefinition } from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import type { ReadPattern } from "../ossec/patterns/tree.js";
import type { Matcher } from "../ossec/patterns/types.js";
import { TextAutomaton } from "./automaton.js";
import { type Decoding, dynamicKey, type FieldKey, fieldKey } from "./decodings.js";
import { type Constraint, solve } from "./solve.js";
import { groupsOf, jsonText, literal, optionsOf, searchOf, takes } from "./trees.js";
import type { Addresses, FieldTest, Wanted, WantedField } from "./wanted.js";

/** Of fields that nobody asks anything of. */
const defaults: ReadonlyMap<FieldKey, string> = new Map<FieldKey, string>([
  ["srcip", "192.0.2.10"],
  ["dstip", "198.51.100.20"],
  ["srcport", "40022"],
  ["dstport", "8080"],
  ["srcuser", "alice"],
  ["dstuser", "alice"],
  ["protocol", "tcp"],
  ["url", "/index.html"],
  ["status", "200"],
  ["id", "4242424242"],
  ["systemname", "host1"],
]);

const addresses: readonly string[] = [
  "192.0.2.10",
  "203.0.113.7",
  "10.1.2.3",
  "127.0.0.1",
  "2001:db8::7",
  "72.14.1.1",
];

/** Lines that begin with such an address are those of a crawler; in a web server's log it is the source. */
const crawler: PatternDefinition = { language: "osmatch", text: "^72.14." };

/** Keys of a list that are tried. */
const mostKeys = 200;
const fieldSteps = 1500;

const keyOf = ({ language, text, negated }: PatternDefinition | TextDefinition): string =>
  `${language} ${negated === true} ${text}`;

/** Texts that meet a pattern, and those that do not. */
interface Searches {
  readonly meeting: Constraint | null;
  readonly missing: Constraint | null;
}

/** Patterns as trees and automata, each made once. */
export class Patterns {
  readonly dialect: Dialect;
  readonly #read = new Map<string, ReadPattern | null>();
  readonly #searches = new Map<PatternDefinition | TextDefinition, Searches>();
  readonly #searchesByText = new Map<string, Searches>();
  readonly #matchers = new Map<PatternDefinition, Matcher | null>();
  readonly #bodies = new Map<string, TextAutomaton | null>();

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /** Null: the pattern is broken. */
  read(pattern: PatternDefinition): ReadPattern | null {
    const key = keyOf(pattern);
    let found = this.#read.get(key);
    if (found === undefined) {
      found = this.dialect.readPattern(pattern);
      this.#read.set(key, found);
    }
    return found;
  }

  /** Texts that meet the pattern; null: it has no automaton. */
  search(pattern: PatternDefinition | TextDefinition, excluded = false): Constraint | null {
    const { meeting, missing } = this.#searchesOf(pattern);
    return excluded ? missing : meeting;
  }

  #searchesOf(pattern: PatternDefinition | TextDefinition): Searches {
    const own = this.#searches.get(pattern);
    if (own !== undefined) return own;
    // Many rules have the same text.
    const key = keyOf(pattern);
    let found = this.#searchesByText.get(key);
    if (found === undefined) {
      const meeting = this.#searchOf(pattern);
      found = { meeting, missing: meeting && { ...meeting, negated: !meeting.negated } };
      this.#searchesByText.set(key, found);
    }
    this.#searches.set(pattern, found);
    return found;
  }

  #searchOf(pattern: PatternDefinition | TextDefinition): Constraint | null {
    if (pattern.language === "text") {
      const automaton = TextAutomaton.of(literal(pattern.text));
      return automaton === null ? null : { automaton, negated: pattern.negated === true };
    }
    const read = this.read(pattern);
    const automaton = read === null ? null : TextAutomaton.of(searchOf(read.root));
    return read === null || automaton === null ? null : { automaton, negated: read.negated };
  }

  /** The texts that each alternative of a pattern takes; none where it has only one, or is negated. */
  alternatives(pattern: PatternDefinition): readonly Constraint[] {
    const read = this.read(pattern);
    if (read === null || read.negated) return [];
    return optionsOf(read.root).flatMap((option) => {
      const automaton = TextAutomaton.of(searchOf(option));
      return automaton === null ? [] : [{ automaton, negated: false }];
    });
  }

  meets({ pattern, excluded }: FieldTest, text: string): boolean {
    if (pattern.language === "text")
      return (pattern.text === text) === ((pattern.negated ?? false) === excluded);
    let matcher = this.#matchers.get(pattern);
    if (matcher === undefined) {
      const compiled = this.dialect.compilePattern(pattern);
      matcher = compiled.ok ? compiled.value : null;
      this.#matchers.set(pattern, matcher);
    }
    return matcher !== null && matcher.test(text) !== excluded;
  }

  /** What the group can capture that a field of the decoding is taken from. */
  body(decoding: Decoding, field: FieldKey): TextAutomaton | null {
    const key = `${decoding.members.map(({ index }) => index).join()} ${field}`;
    const known = this.#bodies.get(key);
    if (known !== undefined) return known;
    const found = this.#bodyOf(decoding, field);
    this.#bodies.set(key, found);
    return found;
  }

  #bodyOf({ members }: Decoding, field: FieldKey): TextAutomaton | null {
    for (const { order, regex, plugin } of members) {
      if (plugin === "JSON_Decoder") return TextAutomaton.of(jsonText);
      const at = (order ?? []).findIndex((one) => fieldKey(one) === field);
      if (at < 0 || regex === null) continue;
      const root = this.read(regex)?.root;
      const group = root === undefined ? undefined : groupsOf(root).find(({ place }) => place === at);
      if (group !== undefined) return TextAutomaton.of(group.body);
    }
    return null;
  }
}

const shared = new WeakMap<Ruleset, Patterns>();

/** The patterns of a configuration: the same for all that make lines of it. */
export function patternsOf(ruleset: Ruleset): Patterns {
  const known = shared.get(ruleset) ?? new Patterns(ruleset.dialect);
  shared.set(ruleset, known);
  return known;
}

/** The field that `user` stands for in a decoding. */
function userField({ fields, json }: Decoding): FieldKey | null {
  if (fields.has("dstuser") || json) return "dstuser";
  return fields.has("srcuser") ? "srcuser" : null;
}

/** The field that a list is asked about. */
export function listField({ field }: ListCondition): WantedField | "hostname" | "program_name" {
  return typeof field === "string" ? field : dynamicKey(field.dynamic);
}

/** What is asked of one field. */
interface Asked {
  readonly tests: FieldTest[];
  readonly addresses: Addresses[];
  readonly lists: ListCondition[];
}

const nothingAsked: Asked = { tests: [], addresses: [], lists: [] };

export interface Requested {
  /** Texts that fields are to have where they can. */
  readonly values: ReadonlyMap<FieldKey, string>;
  /** Fields that have to be there. */
  readonly needs: ReadonlySet<WantedField>;
  /** What the message has to meet besides. */
  readonly log: readonly Constraint[];
}

export const nothingRequested: Requested = { values: new Map(), needs: new Set(), log: [] };

export type FixedFields = "all" | "asked" | "rest";

/** Finds the texts of fields. */
export class FieldValues {
  readonly #patterns: Patterns;
  readonly #ruleset: Ruleset;
  /** By what a decoder captures as a field. */
  readonly #usualTexts = new Map<TextAutomaton, string | null>();

  constructor(patterns: Patterns, ruleset: Ruleset) {
    this.#patterns = patterns;
    this.#ruleset = ruleset;
  }

  /**
   * Texts of the fields that a decoding has to capture; others may be what they like. Null: it cannot.
   *
   * @param excluded - tests that fields must not meet
   * @param fixed - which fields get a text: `all` that can have their usual one, those that are `asked` about, or only
   *   those of which no pattern is asked (`rest`), in the hope that what is captured meets the patterns
   */
  of(
    wanted: Wanted,
    decoding: Decoding,
    { values, needs }: Requested,
    excluded: readonly (readonly [WantedField, FieldTest])[],
    fixed: FixedFields,
  ): ReadonlyMap<FieldKey, string> | null {
    const asked = this.#asked(wanted, decoding, needs, excluded);
    if (asked === null) return null;
    const found = new Map<FieldKey, string>();
    const fields = decoding.json || fixed !== "all" ? asked.keys() : decoding.fields;
    for (const field of fields) {
      const own = asked.get(field);
      if (fixed === "rest" && !decoding.json && own !== undefined && own.tests.length > 0) continue;
      const body = this.#patterns.body(decoding, field);
      if (body === null) {
        if (own === undefined) continue;
        return null;
      }
      const wish = values.get(field);
      const text =
        own === undefined && wish === undefined
          ? this.#usual(field, body)
          : this.#text(field, own ?? nothingAsked, body, wish);
      if (text !== null) found.set(field, text);
      else if (own !== undefined && own.tests.length + own.addresses.length + own.lists.length > 0)
        return null;
    }
    return found;
  }

  #asked(
    { fields, addresses: wantedAddresses, lists, compiled }: Wanted,
    decoding: Decoding,
    needs: ReadonlySet<WantedField>,
    excluded: readonly (readonly [WantedField, FieldTest])[],
  ): ReadonlyMap<FieldKey, Asked> | null {
    const asked = new Map<FieldKey, Asked>();
    const of = (field: WantedField): Asked | null => {
      const key = field === "user" ? userField(decoding) : field;
      if (key === null || !(decoding.json || decoding.fields.has(key))) return null;
      const known = asked.get(key) ?? { tests: [], addresses: [], lists: [] };
      asked.set(key, known);
      return known;
    };
    for (const [field, tests] of fields) {
      const one = of(field);
      if (one === null) return null;
      one.tests.push(...tests);
    }
    for (const field of needs) if (of(field) === null) return null;
    for (const field of ["srcip", "dstip"] as const) {
      for (const entries of wantedAddresses[field]) {
        const one = of(field);
        if (one === null) return null;
        one.addresses.push(entries);
      }
    }
    for (const list of lists) {
      const field = listField(list);
      if (field === "hostname" || field === "program_name") continue;
      const one = of(field);
      if (one === null) return null;
      one.lists.push(list);
    }
    if (compiled.includes("is_simple_http_request") && of("url") === null) return null;
    if (compiled.includes("check_id_size") && of("id") === null) return null;
    if (compiled.includes("is_valid_crawler")) of("srcip")?.tests.push({ pattern: crawler, excluded: false });
    for (const [field, test] of excluded) of(field)?.tests.push(test);
    return asked;
  }

  /** The text of a field that nobody asks anything of. */
  #usual(field: FieldKey, body: TextAutomaton): string | null {
    let text = this.#usualTexts.get(body);
    if (text === undefined) {
      text = this.#text(field, nothingAsked, body, undefined);
      this.#usualTexts.set(body, text);
    }
    return text;
  }

  #text(field: FieldKey, asked: Asked, body: TextAutomaton, requested: string | undefined): string | null {
    const { tests } = asked;
    const suits = (text: string): boolean =>
      takes(body, text) &&
      tests.every((test) => this.#patterns.meets(test, text)) &&
      asked.addresses.every((entries) => this.#patterns.dialect.engine.addressesHold(entries, text)) &&
      asked.lists.every((list) => this.#holds(list, text));
    if (requested !== undefined && suits(requested)) return requested;
    const usual = defaults.get(field);
    if (usual !== undefined && suits(usual)) return usual;
    for (const text of this.#candidates(asked)) if (suits(text)) return text;
    if (field === "srcip") for (const text of addresses) if (suits(text)) return text;
    if (tests.length === 0) return null;
    const searches = tests.flatMap(({ pattern, excluded }) => this.#patterns.search(pattern, excluded) ?? []);
    const text = solve([{ automaton: body, negated: false }, ...searches], fieldSteps);
    return text !== null && suits(text) ? text : null;
  }

  *#candidates({ addresses: lists, lists: conditions }: Asked): Iterable<string> {
    if (lists.length > 0) {
      yield* addresses;
      for (const { text, kind, network } of lists.flat()) {
        const written = text.replace(/^!/, "").replace(/\/.*$/, "");
        yield written;
        if (kind === "ipv4" && network.length === 4)
          yield [...network.slice(0, 3), (network[3] ?? 0) + 1].join(".");
      }
    }
    for (const { list } of conditions) {
      let count = 0;
      yield* addresses;
      yield "unlisted";
      for (const key of this.#ruleset.lists.get(list)?.entries.keys() ?? []) {
        yield key;
        // A part of an address stands for all that begin so.
        if (key.endsWith("."))
          yield `${key}${["1", "1", "1", "1"].slice(key.split(".").length - 1).join(".")}`;
        count += 1;
        if (count >= mostKeys) break;
      }
    }
  }

  /** As far as it needs to be known: the engine has the last word. */
  #holds({ list, lookup, checkValue }: ListCondition, text: string): boolean {
    const entries = this.#ruleset.lists.get(list)?.entries;
    if (entries === undefined) return lookup.startsWith("not_");
    const value = lookup.includes("address") ? addressValue(entries, text) : entries.get(text);
    switch (lookup) {
      case "match_key":
        return value !== undefined;
      case "address_match_key":
        return value !== undefined && parseAddressEntry(text) !== null;
      case "not_match_key":
      case "not_address_match_key":
        return value === undefined;
      case "match_key_value":
        return (
          value !== undefined &&
          checkValue !== null &&
          this.#patterns.meets({ pattern: checkValue, excluded: false }, value)
        );
      case "address_match_key_value":
        return true;
    }
  }
}

function addressValue(entries: ReadonlyMap<string, string>, key: string): string | undefined {
  for (let end = key.length; end > 0; end = key.lastIndexOf(".", end - 2) + 1) {
    const value = entries.get(key.slice(0, end));
    if (value !== undefined) return value;
  }
  return undefined;
}
