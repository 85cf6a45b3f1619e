/** Rules and decoders as they are written. */
import type { DecoderDefinition, LoadedOssec, RuleDefinition } from "../ossec/definitions.js";
import { builtInRootsFile } from "../ossec/load/index.js";
import { lowerCase } from "../ossec/load/text.js";
import type { PatternLanguage } from "../ossec/patterns/index.js";
import type { AttributeRange, ElementRange } from "../ossec/source-map.js";
import type { SourceRange } from "../ossec/xml/source.js";
import type { Dialect } from "./model.js";

/** One `<rule>` of a file: a definition, or an overwrite of one. */
export interface WrittenRule {
  readonly rule: RuleDefinition;
  readonly overwrite: boolean;
  readonly place: SourceRange;
  readonly attributes: readonly AttributeRange[];
  readonly elements: readonly ElementRange[];
}

export function isBuiltIn(place: SourceRange): boolean {
  return place.source.file === builtInRootsFile;
}

export function writtenRules({ rules, written }: LoadedOssec): readonly WrittenRule[] {
  const found: WrittenRule[] = [];
  for (const rule of rules) {
    const { place, attributes, elements, overwrites } = written.rule(rule);
    if (isBuiltIn(place)) continue;
    found.push({ rule, overwrite: isOverwrite(attributes), place, attributes, elements });
    for (const overwrite of overwrites) found.push({ rule, overwrite: true, ...overwrite });
  }
  return found;
}

function isOverwrite(attributes: readonly AttributeRange[]): boolean {
  return attributes.some(({ name, value }) => lowerCase(name) === "overwrite" && value === "yes");
}

type Named = { readonly elements: readonly ElementRange[] };

type Elements = readonly ElementRange[];

/** Elements by their name in lower case: asked for by nearly every rule. */
const byName = new WeakMap<Elements, ReadonlyMap<string, Elements>>();
const noElements: Elements = [];

function indexOf(elements: Elements): ReadonlyMap<string, Elements> {
  const known = byName.get(elements);
  if (known !== undefined) return known;
  const made = new Map<string, ElementRange[]>();
  for (const element of elements) {
    const name = lowerCase(element.name);
    const list = made.get(name);
    if (list === undefined) made.set(name, [element]);
    else list.push(element);
  }
  byName.set(elements, made);
  return made;
}

/** Elements of that name; letter case does not count. */
export function elementsNamed(of: Named, name: string): Elements {
  return indexOf(of.elements).get(name) ?? noElements;
}

/** The first element of one of these names. */
export function elementNamed(of: Named, ...names: readonly string[]): ElementRange | undefined {
  const index = indexOf(of.elements);
  for (const name of names) {
    const found = index.get(name)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

type Attributed = { readonly attributes: readonly AttributeRange[] };

/** The attribute that counts: the last one. */
export function attributeNamed(of: Attributed, name: string): AttributeRange | undefined {
  return of.attributes.findLast((attribute) => attribute.name === name || lowerCase(attribute.name) === name);
}

/** The value between the quotes, else the name. */
export function valuePlace({ valuePlace: value, namePlace }: AttributeRange): SourceRange {
  return value.end > value.start ? value : namePlace;
}

const ruleLanguages: ReadonlyMap<string, PatternLanguage> = new Map<string, PatternLanguage>([
  ["regex", "osregex"],
  ["if_matched_regex", "osregex"],
  ["field", "osregex"],
  ["pcre2", "pcre2"],
  ...(
    [
      "match",
      "program_name",
      "user",
      "url",
      "id",
      "status",
      "hostname",
      "extra_data",
      "srcport",
      "dstport",
      "srcgeoip",
      "dstgeoip",
    ] as const
  ).flatMap((name): readonly (readonly [string, PatternLanguage])[] => [
    [name, "osmatch"],
    [`${name}_pcre2`, "pcre2"],
  ]),
  ["if_matched_group", "osmatch"],
]);

const wazuhRuleLanguages: ReadonlyMap<string, PatternLanguage> = new Map<string, PatternLanguage>([
  ...[...ruleLanguages].filter(([name]) => !name.endsWith("pcre2")),
  ...(["protocol", "data", "system_name", "location"] as const).map(
    (name): readonly [string, PatternLanguage] => [name, "osmatch"],
  ),
]);

/** What `type` and `negate` say; letter case of the values does not count. */
function readingOf(
  element: ElementRange,
  byName: PatternLanguage,
): { readonly language: PatternLanguage; readonly negated?: true } {
  const written = (wanted: string): string =>
    lowerCase(element.attributes.find(({ name }) => name === wanted)?.value ?? "");
  const type = written("type");
  const language = type === "osmatch" || type === "osregex" || type === "pcre2" ? type : byName;
  return written("negate") === "yes" ? { language, negated: true } : { language };
}

const decoderLanguages: ReadonlyMap<string, PatternLanguage> = new Map<string, PatternLanguage>([
  ["prematch", "osregex"],
  ["regex", "osregex"],
  ["program_name", "osmatch"],
  ["prematch_pcre2", "pcre2"],
  ["program_name_pcre2", "pcre2"],
  ["pcre2", "pcre2"],
]);

/** An element whose value is a pattern. */
export interface PatternElement {
  readonly language: PatternLanguage;
  /** Element name in lower case. */
  readonly name: string;
  /** After variables; repeated elements are joined, as the engine does. */
  readonly text: string;
  /** `negate="yes"` (Wazuh). */
  readonly negated?: true;
  readonly place: SourceRange;
  readonly element: ElementRange;
  readonly rule: RuleDefinition | null;
  readonly decoder: DecoderDefinition | null;
}

export function patternElements(
  written: readonly WrittenRule[],
  loaded: LoadedOssec,
  dialect: Dialect,
): readonly PatternElement[] {
  const found: PatternElement[] = [];
  const isTyped = dialect === "wazuh";
  const add = (
    elements: readonly ElementRange[],
    languages: ReadonlyMap<string, PatternLanguage>,
    rule: RuleDefinition | null,
    decoder: DecoderDefinition | null,
  ): void => {
    const first = found.length;
    for (const element of elements) {
      const name = lowerCase(element.name);
      const language = languages.get(name);
      if (language === undefined) continue;
      let at = found.length - 1;
      while (at >= first && (found[at]?.name !== name || name === "field")) at -= 1;
      const known = at < first ? undefined : found[at];
      // Of joined elements the last one says how all are read.
      const reading = isTyped ? readingOf(element, language) : { language };
      if (known !== undefined) {
        const { negated: _earlier, ...rest } = known;
        found[at] = { ...rest, ...reading, text: known.text + element.value };
      } else {
        const { value: text, content: place } = element;
        found.push({ ...reading, name, text, place, element, rule, decoder });
      }
    }
  };
  const languages = isTyped ? wazuhRuleLanguages : ruleLanguages;
  for (const { rule, elements } of written) add(elements, languages, rule, null);
  for (const decoder of loaded.decoders.all)
    add(loaded.written.decoder(decoder).elements, decoderLanguages, null, decoder);
  return found;
}

/** "rule 100100" or `decoder "sshd"`. */
export function ownerOf({ rule, decoder }: Pick<PatternElement, "rule" | "decoder">): string {
  return rule !== null ? `rule ${rule.id}` : `decoder "${decoder?.name ?? ""}"`;
}
