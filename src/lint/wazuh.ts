/**
 * A configuration as Wazuh reads it (docs/reference/wazuh.md#in-short), as far as lint looks at it: `type=` names the language
 * of a pattern, `negate="yes"` turns it round, and a JSON decoder may fill anything.
 */
import type {
  DecoderDefinition,
  DecoderNode,
  DecoderSet,
  LoadedOssec,
  PatternDefinition,
  RuleDefinition,
  RuleNode,
} from "../ossec/definitions.js";
import { lowerCase } from "../ossec/load/text.js";
import type { PatternLanguage } from "../ossec/patterns/index.js";
import type { DecoderSource, ElementRange, PatternRanges, RuleSource } from "../ossec/source-map.js";
import { attributeNamed, elementsNamed } from "./elements.js";
import { lazily } from "./lazily.js";

const languages: ReadonlyMap<string, PatternLanguage> = new Map<string, PatternLanguage>([
  ["osmatch", "osmatch"],
  ["osregex", "osregex"],
  ["pcre2", "pcre2"],
]);

/** The language that `type=` names; null: none, or no such language. */
export function declaredLanguage(element: ElementRange): PatternLanguage | null {
  return languages.get(attributeNamed(element, "type")?.value ?? "") ?? null;
}

export function isNegated(element: ElementRange): boolean {
  return attributeNamed(element, "negate")?.value === "yes";
}

const isTyped = (element: ElementRange): boolean =>
  element.attributes.some(({ name }) => /^(?:type|negate)$/i.test(name));

/** Elements that say how their pattern is to be read. */
export function typedElements({ rules, decoders, written }: LoadedOssec): readonly ElementRange[] {
  const definitions = [
    ...rules.map((rule) => written.rule(rule)),
    ...decoders.all.map((decoder) => written.decoder(decoder)),
  ];
  return definitions.flatMap(({ elements }) => elements.filter(isTyped));
}

const classes: Readonly<Record<string, string>> = {
  w: "[A-Za-z0-9@_-]",
  W: "[^A-Za-z0-9@_-]",
  d: "[0-9]",
  D: "[^0-9]",
  s: " ",
  S: "[^ ]",
  t: "\\t",
  p: "[()*+,\\-.:;<=>?\\[\\]!\"'#$%&|{}]",
  ".": "[\\s\\S]",
};

/** The pattern in PCRE2, for what is turned round: nothing else can be. */
function asPcre2(language: PatternLanguage, text: string): string {
  if (language === "pcre2") return text;
  const kept = language === "osmatch" ? /[\^$|]/ : /[\^$|()]/;
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (language === "osregex" && character === "\\") {
      const escaped = text.charAt(++at);
      const next = text.charAt(at + 1);
      out += classes[escaped] ?? `\\${escaped}`;
      if (next === "+" || next === "*") {
        out += next;
        at++;
      }
    } else out += kept.test(character) ? character : character.replace(/[^A-Za-z0-9 ]/, "\\$&");
  }
  return out;
}

const defaults: ReadonlyMap<string, PatternLanguage> = new Map<string, PatternLanguage>([
  ["regex", "osregex"],
  ["prematch", "osregex"],
  ["field", "osregex"],
  ["if_matched_regex", "osregex"],
]);

type WrittenPatterns = Map<PatternDefinition, PatternRanges>;

function patternOf(elements: readonly ElementRange[], written: WrittenPatterns): PatternDefinition | null {
  const [first, ...others] = elements;
  if (first === undefined) return null;
  const language = declaredLanguage(first) ?? defaults.get(lowerCase(first.name)) ?? "osmatch";
  const text = elements.map(({ value }) => value).join("");
  const pattern: PatternDefinition = isNegated(first)
    ? { language: "pcre2", text: `^(?![\\s\\S]*(?:${asPcre2(language, text)}))` }
    : { language, text };
  written.set(pattern, [first.content, ...others.map(({ content }) => content)]);
  return pattern;
}

const slots = [
  ["match", "match"],
  ["regex", "regex"],
  ["id", "idPattern"],
  ["url", "url"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["user", "user"],
  ["srcgeoip", "srcgeoip"],
  ["dstgeoip", "dstgeoip"],
  ["extra_data", "extraData"],
  ["hostname", "hostname"],
  ["status", "status"],
  ["program_name", "programName"],
] as const;

function wazuhRule(rule: RuleDefinition, source: RuleSource, written: WrittenPatterns): RuleDefinition {
  if (!source.elements.some(isTyped)) return rule;
  const changed: { -readonly [Slot in (typeof slots)[number][1]]?: PatternDefinition } = {};
  for (const [name, slot] of slots) {
    const elements = elementsNamed(source, name);
    const pattern = elements.some(isTyped) ? patternOf(elements, written) : null;
    if (pattern !== null) changed[slot] = pattern;
  }
  const fields = elementsNamed(source, "field").flatMap((element) => {
    const pattern = patternOf([element], written);
    return pattern === null ? [] : [{ name: attributeNamed(element, "name")?.value ?? "", pattern }];
  });
  return { ...rule, ...changed, fields, refused: false };
}

function wazuhDecoder(
  decoder: DecoderDefinition,
  source: DecoderSource,
  written: WrittenPatterns,
): DecoderDefinition {
  const plugin = elementsNamed(source, "plugin_decoder").at(-1)?.value;
  if (!source.elements.some(isTyped) && plugin !== "JSON_Decoder") return decoder;
  const typed = (name: string, was: PatternDefinition | null): PatternDefinition | null => {
    const elements = elementsNamed(source, name);
    return elements.some(isTyped) ? patternOf(elements, written) : was;
  };
  return {
    ...decoder,
    regex: typed("regex", decoder.regex),
    prematch: typed("prematch", decoder.prematch),
    programName: typed("program_name", decoder.programName),
    // Which plugin it is makes no difference here: it fills what the line holds.
    plugin: plugin === "JSON_Decoder" ? "OSSECAlert_Decoder" : decoder.plugin,
    refused: false,
  };
}

function mapped<T extends object>(change: (one: T) => T): (one: T) => T {
  const made = new Map<T, T>();
  return (one) => {
    const known = made.get(one);
    if (known !== undefined) return known;
    const changed = change(one);
    made.set(one, changed);
    return changed;
  };
}

export function asWazuh(loaded: LoadedOssec): LoadedOssec {
  const patterns: WrittenPatterns = new Map();
  const rule = mapped((one: RuleDefinition) => wazuhRule(one, loaded.written.rule(one), patterns));
  const decoder = mapped((one: DecoderDefinition) =>
    wazuhDecoder(one, loaded.written.decoder(one), patterns),
  );
  const node = ({ rule: own, children }: RuleNode): RuleNode => {
    const below = lazily(() => children.map(node));
    return {
      rule: rule(own),
      get children() {
        return below();
      },
    };
  };
  const nodes = (all: readonly DecoderNode[]): readonly DecoderNode[] =>
    all.map((one) => ({ decoder: decoder(one.decoder), children: one.children.map(decoder) }));
  const { decoders } = loaded;
  const set: DecoderSet = {
    withProgramName: nodes(decoders.withProgramName),
    withoutProgramName: nodes(decoders.withoutProgramName),
    all: decoders.all.map(decoder),
    numbered: decoders.numbered,
  };
  return {
    ...loaded,
    decoders: set,
    rules: loaded.rules.map(rule),
    ruleById: new Map([...loaded.ruleById].map(([id, one]) => [id, rule(one)])),
    roots: loaded.roots.map(node),
    written: loaded.written.withPatterns(patterns),
  };
}
