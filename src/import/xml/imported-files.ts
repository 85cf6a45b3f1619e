/** The rules and decoders of the files that come over, by file, and what of them does not. */
import { isBuiltIn } from "../../lint/elements.js";
import { stockContent } from "../../lint/stock.js";
import type { DecoderDefinition, LoadedOssec, LoadProblem, RuleDefinition } from "../../ossec/definitions.js";
import { stops } from "../../ossec/load/problems.js";
import type { WrittenDefinition } from "../../ossec/source-map.js";
import { type SourceRange, type SourceText, spanOf } from "../../ossec/xml/source.js";
import type { Refused } from "../draft.js";
import type { DetectionNames } from "../writer/identifiers.js";
import { type FindingsByLine, said } from "./findings.js";
import { type Item, layoutOf } from "./layout.js";
import { noText, rawDecoder } from "./raw-xml.js";
import type { LoadedRule } from "./rule-detection.js";
import { shownText } from "./texts.js";

/** A rule that is imported. */
export interface ImportedRule extends LoadedRule {
  readonly item: Item;
  readonly comments: readonly string[];
  /** It is a definition that overwrites an earlier one of the files: that one is imported as both together. */
  readonly isLater: boolean;
}

export interface ImportedFile {
  readonly source: SourceText;
  readonly usesVariables: boolean;
  readonly rules: readonly ImportedRule[];
  readonly decoders: readonly ImportedDecoder[];
  /** At the head of its module. */
  readonly comments: readonly string[];
  /** Of the raw XML with its decoders. */
  readonly name: string;
}

export interface ImportedDecoder {
  readonly definition: DecoderDefinition;
  readonly item: Item;
  /** What lint finds in it. */
  readonly findings: readonly string[];
}

export interface ImportedFiles {
  readonly files: readonly ImportedFile[];
  readonly refused: readonly Refused[];
  /** Of what the engine refuses: what the bundle answers like is the files without it. */
  readonly left: readonly SourceRange[];
}

interface RuleAt {
  readonly rule: RuleDefinition;
  readonly at: WrittenDefinition;
  /** It changes a rule of the host. */
  readonly overwrites: boolean;
  /** Definitions of the files that overwrite it. */
  readonly by: readonly WrittenDefinition[];
  /** They are loaded as rules of their own: what they overwrite is nowhere, for its parents are not among the files. */
  isApart: boolean;
  readonly isLater: boolean;
}

/** @param homes - those of the paths that are an installation: what came with the system stays there */
export function importedFiles(
  loaded: LoadedOssec,
  homes: readonly string[],
  findings: FindingsByLine,
  names: DetectionNames,
): ImportedFiles {
  const stock = stockContent(loaded);
  const comes = comingFiles(loaded, homes, stock.isStock);
  const broken = new Set(loaded.problems.filter(({ code }) => code === "OSSEC-XML").map(({ file }) => file));
  const rules = rulesByFile(loaded, comes);
  const decoders = decodersByFile(loaded, comes);
  const losses = new Losses(loaded);
  const files: ImportedFile[] = [];
  // As they were loaded: a file that was read before another may stand behind it.
  const sources = new Map(loaded.written.files.map((source) => [source.file, source]));
  for (const file of new Set([...decoders.keys(), ...rules.keys()])) {
    const source = sources.get(file);
    if (source === undefined || broken.has(file)) continue;
    const ownDecoders = decoders.get(file);
    const layout = layoutOf(source, loaded.dialect, ownDecoders === undefined ? "rule" : "decoder");
    const items = new Map(layout.items.map((item) => [item.element.start, item]));
    const usesVariables = /<var[\s>]/i.test(source.text);
    const outside = said(findings.outside(file, layout));
    files.push({
      source,
      usesVariables,
      name: ownDecoders === undefined ? "" : names.take(baseName(file), "decoders"),
      comments: [`From ${file}.`, ...layout.head, ...outside, ...layout.tail],
      decoders: [...(ownDecoders ?? [])].flatMap(([start, definition]): readonly ImportedDecoder[] => {
        const item = items.get(start);
        if (item === undefined || losses.ofDecoder(definition, item, usesVariables)) return [];
        return [{ definition, item, findings: said(findings.inside(file, item)) }];
      }),
      rules: (rules.get(file) ?? []).flatMap(
        ({ rule, at, overwrites, by, isApart, isLater }): readonly ImportedRule[] => {
          const item = items.get(at.place.start);
          if (item === undefined || losses.ofRule(rule, item)) return [];
          const name = names.take(shownText(rule.description ?? ""), String(rule.id));
          const about = findings.inside(file, item);
          const comments = [...item.comments, ...(stock.isStock(at.place) ? [] : said(about))];
          const known = about.filter(({ effect }) => effect === "dead" || effect === "dangerous");
          const accept = [...new Set(known.map(({ code }) => code))];
          const last = by.at(-1);
          return [
            {
              rule,
              elements: last?.elements ?? at.elements,
              name,
              overwrites,
              rebuilt: isApart || (last !== undefined && !overwritesAlike(at, last)),
              item,
              comments,
              accept,
              isLater,
            },
          ];
        },
      ),
    });
  }
  return losses.withoutOrphans(files);
}

/** Whether what is in a file comes over. */
function comingFiles(
  loaded: LoadedOssec,
  homes: readonly string[],
  isStock: (place: SourceRange) => boolean,
): (file: string) => boolean {
  if (homes.length === 0) return () => true;
  if (loaded.dialect.product === "Wazuh") {
    // What Wazuh brings lies in a folder of its own.
    const shipped = homes.map((home) => (home === "." ? "ruleset/" : `${home.replace(/\/+$/, "")}/ruleset/`));
    return (file) => !shipped.some((folder) => file.startsWith(folder));
  }
  const counts = new Map<string, { stock: number; all: number }>();
  const count = ({ place }: WrittenDefinition): void => {
    const known = counts.get(place.source.file) ?? { stock: 0, all: 0 };
    counts.set(place.source.file, known);
    known.all += 1;
    if (isStock(place)) known.stock += 1;
  };
  for (const rule of loaded.rules) count(loaded.written.rule(rule));
  for (const decoder of loaded.decoders.all) count(loaded.written.decoder(decoder));
  return (file) => {
    const { stock = 0, all = 0 } = counts.get(file) ?? {};
    return /(?:^|\/)local_[^/]*$/.test(file) || stock * 2 <= all;
  };
}

function rulesByFile(
  { rules, written }: LoadedOssec,
  comes: (file: string) => boolean,
): ReadonlyMap<string, readonly RuleAt[]> {
  const found = new Map<string, RuleAt[]>();
  const add = (file: string, rule: RuleAt): void => {
    const known = found.get(file);
    if (known === undefined) found.set(file, [rule]);
    else known.push(rule);
  };
  const firsts = new Map<number, RuleAt>();
  const later = (rule: RuleDefinition, at: WrittenDefinition): RuleAt => ({
    rule,
    at,
    overwrites: true,
    by: [],
    isApart: false,
    isLater: true,
  });
  for (const rule of rules) {
    const at = written.rule(rule);
    const { file } = at.place.source;
    if (isBuiltIn(at.place)) continue;
    if (comes(file)) {
      const overwrites = at.attributes.some(
        ({ name, value }) => name.toLowerCase() === "overwrite" && value === "yes",
      );
      const first = overwrites ? firsts.get(rule.id) : undefined;
      if (first !== undefined) {
        first.isApart = true;
        add(file, later(first.rule, at));
        continue;
      }
      const by = at.overwrites.filter(({ place }) => comes(place.source.file));
      const own: RuleAt = { rule, at, overwrites, by, isApart: false, isLater: false };
      add(file, own);
      firsts.set(rule.id, own);
      for (const one of by) add(one.place.source.file, later(rule, one));
      continue;
    }
    const last = at.overwrites.findLast(({ place }) => comes(place.source.file));
    if (last !== undefined) add(last.place.source.file, { ...later(rule, last), isLater: false });
  }
  for (const own of found.values()) own.sort((one, other) => one.at.place.start - other.at.place.start);
  return found;
}

/** The rule stays where it stood, and what it is: a later definition changes what it asks for and says. */
function overwritesAlike(first: WrittenDefinition, last: WrittenDefinition): boolean {
  const parents = ({ elements }: WrittenDefinition): string =>
    elements
      .flatMap(({ name, value }) => (/^if_/i.test(name) ? [`${name.toLowerCase()} ${value}`] : []))
      .join();
  const level = ({ attributes }: WrittenDefinition): string | undefined =>
    attributes.find(({ name }) => name.toLowerCase() === "level")?.value;
  const counts = ({ attributes }: WrittenDefinition): boolean =>
    attributes.some(({ name }) => name.toLowerCase() === "frequency");
  return parents(first) === parents(last) && level(first) === level(last) && !counts(first) && !counts(last);
}

/** By file and the place of the opening tag. */
function decodersByFile(
  { decoders, written }: LoadedOssec,
  comes: (file: string) => boolean,
): ReadonlyMap<string, ReadonlyMap<number, DecoderDefinition>> {
  const found = new Map<string, Map<number, DecoderDefinition>>();
  for (const decoder of decoders.all) {
    const { place } = written.decoder(decoder);
    const { file } = place.source;
    if (!comes(file)) continue;
    const known = found.get(file) ?? new Map<number, DecoderDefinition>();
    found.set(file, known.set(place.start, decoder));
  }
  return found;
}

/** What the engine does not take, and what falls with it. */
class Losses {
  readonly #loaded: LoadedOssec;
  readonly #refused: Refused[] = [];
  readonly #left: SourceRange[] = [];
  readonly #lostRules = new Set<RuleDefinition>();
  readonly #lostDecoders = new Set<DecoderDefinition>();
  readonly #leftOut: readonly LoadProblem[];
  readonly #stopping: readonly LoadProblem[];

  constructor(loaded: LoadedOssec) {
    this.#loaded = loaded;
    this.#leftOut = loaded.problems.filter(({ outcome }) => outcome === "left-out");
    // That a kind of decoders is missing is said of the first one, and is nothing of its own.
    this.#stopping = loaded.problems.filter(
      ({ code, outcome, severity }) =>
        stops(outcome) && severity === "error" && code !== "OSSEC-DECODER-LISTS",
    );
  }

  /** Notes it where the engine does not have the rule. */
  ofRule(rule: RuleDefinition, item: Item): boolean {
    const reason = this.#ruleReason(rule, item);
    if (reason !== null) this.#loseRule(rule, item, reason);
    return reason !== null;
  }

  /** Notes it where the engine does not have the decoder, or a bundle cannot. */
  ofDecoder(decoder: DecoderDefinition, item: Item, usesVariables: boolean): boolean {
    const message = this.#at(this.#stopping, item);
    if (decoder.refused || message !== null) {
      const { product } = this.#loaded.dialect;
      this.#loseDecoder(decoder, item, `${product} refuses it${message === null ? "" : `: ${message}`}`);
      return true;
    }
    if (rawDecoder(item, usesVariables) !== null) return false;
    this.#lostDecoders.add(decoder);
    this.#refused.push({ what: `decoder ${shownText(decoder.name)}`, ...noText(item) });
    return true;
  }

  /** Without what stands on something that is lost. */
  withoutOrphans(files: readonly ImportedFile[]): ImportedFiles {
    let kept = files;
    for (let before = -1; before < this.#refused.length; ) {
      before = this.#refused.length;
      // Of a rule that is defined twice one may be there.
      const rules = new Set([...this.#lostRules].map(({ id }) => id));
      for (const rule of this.#loaded.rules) if (!this.#lostRules.has(rule)) rules.delete(rule.id);
      kept = kept.map((file) => ({
        ...file,
        decoders: file.decoders.filter(({ definition, item }) => !this.#isOrphan(definition, item)),
        rules: file.rules.filter(({ rule, item }) => {
          const base = basesOf(rule).find((id) => rules.has(id));
          if (base !== undefined)
            this.#loseRule(rule, item, `it stands on rule ${base}, which does not come over`);
          return base === undefined;
        }),
      }));
    }
    return { files: kept, refused: this.#refused, left: this.#left };
  }

  /** A child whose parent is lost, and no other of its name is there. */
  #isOrphan(decoder: DecoderDefinition, item: Item): boolean {
    const { parent } = decoder;
    if (parent === null || this.#lostDecoders.size === 0) return false;
    const { all } = this.#loaded.decoders;
    const isThere = all.some(
      (one) => one.name === parent && one.parent === null && !one.refused && !this.#lostDecoders.has(one),
    );
    if (isThere) return false;
    this.#loseDecoder(
      decoder,
      item,
      `it stands below the decoder ${shownText(parent)}, which does not come over`,
    );
    return true;
  }

  #ruleReason(rule: RuleDefinition, item: Item): string | null {
    const { product } = this.#loaded.dialect;
    if (rule.refused) {
      const message = this.#at(this.#stopping, item);
      return `${product} refuses it${message === null ? "" : `: ${message}`}`;
    }
    // Wazuh reads the ids until something else stands there, and leaves the rule out.
    if (/[^0-9, ]/.test(rule.parents.ifSid ?? "") && this.#loaded.ruleById.get(rule.id) !== rule)
      return `${product} leaves it out: its if_sid is no list of ids`;
    const message = this.#at(this.#leftOut, item);
    return message === null ? null : `${product} leaves it out: ${message}`;
  }

  /** The message of the first that stands within the element. */
  #at(problems: readonly LoadProblem[], { element }: Item): string | null {
    if (problems.length === 0) return null;
    const { file, line, column, endLine = line, endColumn = column } = spanOf(element.place);
    const isWithin = (one: LoadProblem): boolean =>
      one.file === file &&
      (one.line > line || (one.line === line && one.column >= column)) &&
      (one.line < endLine || (one.line === endLine && one.column < endColumn));
    return problems.find(isWithin)?.message ?? null;
  }

  #loseRule(rule: RuleDefinition, { element }: Item, reason: string): void {
    this.#left.push(element.place);
    if (this.#lostRules.has(rule)) return;
    this.#lostRules.add(rule);
    this.#refused.push({ what: `rule ${rule.id}`, place: spanOf(element.opening), reason, rules: [rule.id] });
  }

  #loseDecoder(decoder: DecoderDefinition, { element }: Item, reason: string): void {
    this.#lostDecoders.add(decoder);
    this.#left.push(element.place);
    this.#refused.push({
      what: `decoder ${shownText(decoder.name)}`,
      place: spanOf(element.opening),
      reason,
    });
  }
}

/** Rules that a rule is about by their ids. */
function basesOf({ parents, search }: RuleDefinition): readonly number[] {
  const ids = (parents.ifSid ?? "").split(/[, ]+/).flatMap((id) => (/^\d+$/.test(id) ? [Number(id)] : []));
  return search?.kind === "sid" ? [...ids, search.sid] : ids;
}

export function baseName(file: string): string {
  return file.replace(/^.*\//, "").replace(/\.xml$/i, "");
}
