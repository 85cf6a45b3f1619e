/** What lint rules look at: the loaded configuration and what is derived from it once, when first asked for. */
import type { FieldSlot, LoadedOssec, PatternDefinition, RuleDefinition } from "../ossec/definitions.js";
import type { Dialect as EngineDialect } from "../ossec/dialect.js";
import type { SourceMap } from "../ossec/source-map.js";
import { type ConfSection, confSections, type WrittenResponse, writtenResponses } from "./conf-sections.js";
import { type PatternElement, patternElements, type WrittenRule, writtenRules } from "./elements.js";
import { type Outcome, type Outcomes, outcomesOf } from "./finals.js";
import { lazily } from "./lazily.js";
import type { LineFacts } from "./lines.js";
import type { Dialect } from "./model.js";
import { nothingStock, type StockContent, stockContent } from "./stock.js";
import { type Alternative, alternativesOf } from "./tokens.js";
import { chainOf, indexTree, type NodePlace, type TreeIndex } from "./tree.js";

export interface LintContext {
  readonly loaded: LoadedOssec;
  /** Where rules, decoders and patterns are written. */
  readonly written: SourceMap;
  readonly dialect: Dialect;
  /** Everything that the engine would read is here: what is missing is missing. */
  readonly complete: boolean;
  /** The order of files is the engine's. */
  readonly ordered: boolean;
  /** What lines of `--logs` showed; null: no lines were given. */
  readonly lines: LineFacts | null;
  readonly rules: readonly WrittenRule[];
  readonly patterns: readonly PatternElement[];
  readonly tree: TreeIndex;
  readonly outcomes: Outcomes;
  readonly sections: readonly ConfSection[];
  readonly responses: readonly WrittenResponse[];
  /** Which rules and decoders came with the system. */
  readonly stock: StockContent;
  /** Events that can reach a rule, over all its places; empty for a rule that is attached nowhere. */
  outcomesOf(rule: RuleDefinition): readonly Outcome[];
  /** Which composites of group lists a rule's events feed. */
  feedersOf(composite: RuleDefinition): readonly RuleDefinition[];
  alternativesOf(pattern: Pick<PatternDefinition, "language" | "text">): readonly Alternative[] | null;
}

export interface ContextOptions {
  readonly dialect: Dialect;
  readonly complete: boolean;
  readonly ordered: boolean;
  readonly lines: LineFacts | null;
  /** Findings about stock rules are wanted like those about others. */
  readonly includeStock: boolean;
}

/** The program names that reach the place, where only certain ones do (`<program_name>^app$</program_name>`). */
function programWords(place: NodePlace): readonly string[] | null {
  for (const { programName } of chainOf(place)) {
    if (programName === null || programName.negated === true) continue;
    const form = /^\^[\w/@-]+\$$/;
    const words = programName.text.split("|");
    if (words.every((word) => form.test(word))) return words.map((word) => word.slice(1, -1));
  }
  return null;
}

/** Can an event of one of these programs come out of it? */
function comesWith({ top }: Outcome, words: readonly string[], dialect: EngineDialect): boolean {
  if (top === null) return true;
  if (top.programName === null) return false;
  const compiled = dialect.compilePattern(top.programName);
  return !compiled.ok || words.some((word) => compiled.value.test(word));
}

/** The slot may be filled in one of these events. */
export function mayFill(outcomes: readonly Outcome[], slot: FieldSlot): boolean {
  return outcomes.some(
    ({ opaque, builtIn, slots }) =>
      slots.has(slot) || (opaque && !(builtIn && (slot === "srcip" || slot === "dstip"))),
  );
}

export function createContext(loaded: LoadedOssec, options: ContextOptions): LintContext {
  const rules = lazily(() => writtenRules(loaded));
  const patterns = lazily(() => {
    const all = patternElements(rules(), loaded, options.dialect);
    // Of what must not occur little is said.
    return all.filter(({ negated }) => negated !== true);
  });
  const tree = lazily(() => indexTree(loaded));
  const outcomes = lazily(() => outcomesOf(loaded.decoders, loaded.dialect.engine.decodedBy));
  const sections = lazily(() =>
    loaded.written.files
      .filter(({ text }) => text.includes("ossec_config"))
      .flatMap((source) => confSections(source, loaded.dialect)),
  );
  const responses = lazily(() => writtenResponses(loaded, sections()));
  const stock = lazily(() => (options.includeStock ? nothingStock : stockContent(loaded)));
  const feeders = lazily(() => {
    const found = new Map<number, RuleDefinition[]>();
    for (const rule of loaded.rules) {
      for (const id of new Set(rule.feedsGroupListsOf)) {
        const known = found.get(id);
        if (known === undefined) found.set(id, [rule]);
        else known.push(rule);
      }
    }
    return found;
  });
  const byRule = new Map<RuleDefinition, readonly Outcome[]>();
  const byDecoder = new Map<string, readonly Outcome[]>();
  const byPattern = new WeakMap<object, readonly Alternative[] | null>();
  const parsed = new Map<string, readonly Alternative[] | null>();
  const knownNames = lazily(() => new Set(loaded.decoders.all.map(({ name }) => name)));

  const narrowed = (name: string | null, category: string): readonly Outcome[] => {
    const key = `${category} ${name ?? "\n"}`;
    const known = byDecoder.get(key);
    if (known !== undefined) return known;
    // Decoders that the engine brings along are not in the files: they may fill anything.
    const builtIn: readonly Outcome[] | null =
      name !== null && outcomes().named(name).length === 0 && !knownNames().has(name)
        ? [
            {
              name,
              decoder: null,
              type: "ossec",
              top: null,
              slots: new Set(),
              dynamic: new Set(),
              orderless: false,
              opaque: true,
              builtIn: /^(?:rootcheck$|syscheck_|hostinfo_)/.test(name),
            },
          ]
        : null;
    const made =
      builtIn ??
      outcomes()
        .named(name)
        .filter(({ type }) => type === category);
    byDecoder.set(key, made);
    return made;
  };

  return {
    loaded,
    written: loaded.written,
    ...options,
    get rules() {
      return rules();
    },
    get patterns() {
      return patterns();
    },
    get tree() {
      return tree();
    },
    get outcomes() {
      return outcomes();
    },
    get sections() {
      return sections();
    },
    get stock() {
      return stock();
    },
    get responses() {
      return responses();
    },
    outcomesOf(rule) {
      const known = byRule.get(rule);
      if (known !== undefined) return known;
      const found = new Set<Outcome>();
      const seen = new Set<string>();
      for (const place of tree().places.get(rule) ?? []) {
        if (place.conflict) continue;
        const words = programWords(place);
        const key = `${place.decodedAs ?? "\n"} ${words?.join("|") ?? "\n"}`;
        if (seen.has(key)) continue;
        seen.add(key);
        for (const one of narrowed(place.decodedAs, rule.category))
          if (words === null || comesWith(one, words, loaded.dialect)) found.add(one);
      }
      const made = [...found];
      byRule.set(rule, made);
      return made;
    },
    feedersOf: (composite) => feeders().get(composite.id) ?? [],
    alternativesOf(pattern) {
      const seen = byPattern.get(pattern);
      if (seen !== undefined) return seen;
      const made = parse(pattern);
      byPattern.set(pattern, made);
      return made;
    },
  };

  /** The same text stands in many patterns. */
  function parse({ language, text }: Pick<PatternDefinition, "language" | "text">) {
    const key = `${language} ${text}`;
    const known = parsed.get(key);
    if (known !== undefined) return known;
    const made = alternativesOf(language, text, options.dialect);
    parsed.set(key, made);
    return made;
  }
}

/** The rule and everything above it, over all places; for rules of many places the first few. */
export function ancestorsOf(context: LintContext, rule: RuleDefinition): readonly RuleDefinition[] {
  const found = new Set<RuleDefinition>();
  for (const place of (context.tree.places.get(rule) ?? []).slice(0, 64)) {
    for (const one of chainOf(place)) found.add(one);
  }
  return [...found];
}
