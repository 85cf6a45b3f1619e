/** What was loaded as a draft: a module a file, its rules as detections, what has no form as raw XML. */
import type { OssecSettings } from "../../dsl/bundle.js";
import type { BurstBase } from "../../dsl/burst.js";
import type { Detection } from "../../dsl/detection.js";
import type { RawXml } from "../../dsl/raw.js";
import { isBuiltIn } from "../../lint/elements.js";
import type { Finding } from "../../lint/finding.js";
import type { InputFile } from "../../lint/input.js";
import type { Dialect } from "../../lint/model.js";
import type { LoadUnit } from "../../lint/plan.js";
import { stockContent } from "../../lint/stock.js";
import type { DecoderDefinition, LoadedOssec, RuleDefinition } from "../../ossec/definitions.js";
import type { WrittenDefinition } from "../../ossec/source-map.js";
import { type SourceText, spanOf } from "../../ossec/xml/source.js";
import { type CompiledDraft, compileDraft } from "../compile-draft.js";
import type { Draft, DraftConstant, Drafted, DraftedRaw, DraftModule, Refused } from "../draft.js";
import type { ReadOptions } from "../source.js";
import { DetectionNames } from "../writer/identifiers.js";
import { NoForm } from "./conditions.js";
import { confOf, engineOf, type Problem } from "./conf.js";
import { type Item, type Layout, layoutOf } from "./layout.js";
import { ImportedLists } from "./lists.js";
import { logForms } from "./log-detections.js";
import { rawDecoders, rawRule } from "./raw-xml.js";
import { detectionOf, type LoadedRule } from "./rule-detection.js";
import { shownText } from "./texts.js";

interface Sources {
  readonly units: readonly LoadUnit[];
  readonly files: readonly InputFile[];
  readonly findings: readonly Finding[];
  /** Those of the paths that are an installation: what came with the system stays there. */
  readonly homes: readonly string[];
  readonly dialect: Dialect;
  readonly options: ReadOptions;
}

/**
 * A draft that compiles, as far as that can be had; null: there is nothing in the files.
 *
 * @param names - those that are taken
 */
export function draftOf(sources: Sources, names = new DetectionNames()): CompilingDraft | null {
  return new Drafter(sources, names).draft();
}

interface CompilingDraft {
  readonly draft: Draft;
  readonly compiled: CompiledDraft;
}

/** A rule that is imported. */
interface Imported extends LoadedRule {
  readonly item: Item;
  readonly comments: readonly string[];
}

interface File {
  readonly source: SourceText;
  readonly layout: Layout;
  readonly usesVariables: boolean;
  readonly rules: Imported[];
  readonly decoders: Item[];
  readonly head: readonly string[];
  /** Of the raw XML with its decoders. */
  readonly name: string;
}

/** What a policy refuses may be the first thing that it looks at. */
const mostRounds = 8;

class Drafter {
  readonly #sources: Sources;
  readonly #names: DetectionNames;
  /** What the engine itself refuses. */
  readonly #broken: Refused[] = [];
  readonly #files: File[] = [];
  /** By file and line. */
  readonly #findings: ReadonlyMap<string, ReadonlyMap<number, readonly Finding[]>>;
  #lists = new ImportedLists(new Map());
  /** What the language refuses of ossec.conf, by file and line. */
  readonly #refusedResponses = new Map<string, Problem>();

  constructor(sources: Sources, names: DetectionNames) {
    this.#sources = sources;
    this.#names = names;
    const findings = new Map<string, Map<number, Finding[]>>();
    for (const finding of sources.findings) {
      if (finding.effect === "refused") continue;
      const { file, line } = finding;
      const lines = findings.get(file) ?? new Map<number, Finding[]>();
      findings.set(file, lines);
      const known = lines.get(line);
      if (known === undefined) lines.set(line, [finding]);
      else known.push(finding);
    }
    this.#findings = findings;
  }

  draft(): CompilingDraft | null {
    for (const { loaded } of this.#sources.units) this.#read(loaded);
    const files = this.#files.filter(({ rules, decoders }) => rules.length + decoders.length > 0);
    if (
      files.length === 0 &&
      !this.#sources.units.some(({ loaded }) => loaded.conf.activeResponses.length > 0)
    )
      return null;
    const lists = new Map(this.#sources.units.flatMap(({ loaded }) => [...loaded.lists]));
    const ids = new Map<string, number>(
      files.flatMap(({ source, rules }) =>
        rules.map(
          ({ rule, item }) => [`${source.file}:${spanOf(item.element.opening).line}`, rule.id] as const,
        ),
      ),
    );
    const without = new Map<number, string>();
    const onHost: string[] = [];
    // What the language refuses goes over as it is: the policies of a bundle know more than its forms.
    for (let round = 0; ; round++) {
      this.#lists = new ImportedLists(lists, new Set(onHost));
      const draft = this.#made(files, without);
      const compiled = compileDraft(draft);
      if (compiled.ok) return this.#withLogs(files, without, ids, new Set(onHost)) ?? { draft, compiled };
      if (round === mostRounds) return { draft, compiled };
      const responses = new Set(draft.responses.map(({ origin }) => lineKey(origin.place)));
      const ofLists = new Set(draft.lists.map(({ origin }) => origin.place.file));
      const counted = (): number => without.size + onHost.length + this.#refusedResponses.size;
      const before = counted();
      for (const one of compiled.diagnostics) {
        if (one.severity !== "error") continue;
        const key = lineKey(one);
        const id = ids.get(key);
        if (id !== undefined) {
          if (!without.has(id)) without.set(id, ownWords(one.message));
        } else if (responses.has(key)) {
          const { message, help } = one;
          this.#refusedResponses.set(key, {
            reason: ownWords(message),
            ...(help === undefined ? {} : { help }),
          });
        } else if (ofLists.has(one.file) && !onHost.includes(one.file)) onHost.push(one.file);
      }
      if (counted() === before) return { draft, compiled };
    }
  }

  /** The draft with log detections where decoders and rules are such; null: there are none that compile. */
  #withLogs(
    files: readonly File[],
    without: ReadonlyMap<number, string>,
    ids: ReadonlyMap<string, number>,
    onHost: ReadonlySet<string>,
  ): CompilingDraft | null {
    const [unit, ...more] = this.#sources.units;
    if (unit === undefined || more.length > 0) return null;
    const rules = files.flatMap((file) => file.rules);
    const decoders = new Set(
      files.flatMap(({ source, decoders: own }) =>
        own.map(({ element }) => placeKey(source.file, element.start)),
      ),
    );
    const { written } = unit.loaded;
    const keyOf = (decoder: DecoderDefinition): string => {
      const { place } = written.decoder(decoder);
      return placeKey(place.source.file, place.start);
    };
    const not = new Set(without.keys());
    for (let round = 0; round < mostRounds; round++) {
      const lists = this.#lists;
      this.#lists = new ImportedLists(unit.loaded.lists, onHost);
      const forms = logForms({
        loaded: unit.loaded,
        rules,
        isImported: (node) => [node.decoder, ...node.children].every((one) => decoders.has(keyOf(one))),
        words: { lists: this.#lists, isWazuh: this.#sources.dialect === "wazuh" },
        not,
      });
      const logs = new Map(
        [...forms].map(([rule, { detection, decoder }]) => [
          rule.id,
          { detection, decoders: [decoder.decoder, ...decoder.children].map(keyOf) },
        ]),
      );
      const draft = logs.size === 0 ? null : this.#made(files, without, logs);
      const compiled = draft === null ? null : compileDraft(draft);
      if (draft !== null && compiled?.ok === true) return { draft, compiled };
      this.#lists = lists;
      if (draft === null || compiled?.ok !== false) return null;
      const errors = compiled.diagnostics.filter(({ severity }) => severity === "error");
      const named = rules.filter(({ rule, name }) =>
        errors.some(
          ({ file, line, message }) =>
            ids.get(`${file}:${line}`) === rule.id || message.includes(`"${name}"`),
        ),
      );
      const concerned = withBases(named, rules).filter(({ id }) => logs.has(id));
      for (const id of concerned.length > 0 ? concerned.map((one) => one.id) : logs.keys()) not.add(id);
    }
    return null;
  }

  #read(loaded: LoadedOssec): void {
    const isHome = this.#sources.homes.length > 0;
    const stock = stockContent(loaded);
    const counts = new Map<string, { stock: number; all: number }>();
    const count = ({ place }: WrittenDefinition): void => {
      const known = counts.get(place.source.file) ?? { stock: 0, all: 0 };
      known.all += 1;
      if (stock.isStock(place)) known.stock += 1;
      counts.set(place.source.file, known);
    };
    for (const rule of loaded.rules) count(loaded.written.rule(rule));
    for (const decoder of loaded.decoders.all) count(loaded.written.decoder(decoder));
    // What Wazuh brings lies in a folder of its own.
    const shippedFolders = this.#sources.homes.map((home) =>
      home === "." ? "ruleset/" : `${home.replace(/\/+$/, "")}/ruleset/`,
    );
    const comes = (file: string): boolean => {
      if (!isHome) return true;
      if (this.#sources.dialect === "wazuh") return !shippedFolders.some((folder) => file.startsWith(folder));
      const { stock: shipped = 0, all = 0 } = counts.get(file) ?? {};
      return /(?:^|\/)local_[^/]*$/.test(file) || shipped * 2 <= all;
    };
    const broken = new Set(
      loaded.problems.filter(({ code }) => code === "OSSEC-XML").map(({ file }) => file),
    );
    const byFile = new Map<
      string,
      { rules: { rule: RuleDefinition; at: WrittenDefinition; overwrites: boolean }[] }
    >();
    const entryOf = (file: string) => {
      const known = byFile.get(file) ?? { rules: [] };
      byFile.set(file, known);
      return known;
    };
    for (const rule of loaded.rules) {
      const written = loaded.written.rule(rule);
      if (isBuiltIn(written.place)) continue;
      const { file } = written.place.source;
      if (comes(file)) {
        const overwrites = written.attributes.some(
          ({ name, value }) => name.toLowerCase() === "overwrite" && value === "yes",
        );
        entryOf(file).rules.push({ rule, at: written, overwrites });
        continue;
      }
      const last = written.overwrites.findLast(({ place }) => comes(place.source.file));
      if (last !== undefined)
        entryOf(last.place.source.file).rules.push({ rule, at: last, overwrites: true });
    }
    const decoderFiles = new Map<string, Set<number>>();
    for (const decoder of loaded.decoders.all) {
      const { place } = loaded.written.decoder(decoder);
      if (!comes(place.source.file) || decoder.refused) continue;
      const starts = decoderFiles.get(place.source.file) ?? new Set();
      starts.add(place.start);
      decoderFiles.set(place.source.file, starts);
    }
    const { product } = loaded.dialect;
    const leftOut = new Map(
      loaded.problems.flatMap(({ outcome, file, line, message }) =>
        outcome === "left-out" ? [[`${file}:${line}`, message] as const] : [],
      ),
    );
    /** Why the engine does not have the rule; null: it has. */
    const lost = (rule: RuleDefinition, item: Item): string | null => {
      if (rule.refused) return `${product} refuses it`;
      const { source } = item.element.place;
      // Wazuh reads the ids until something else stands there, and leaves the rule out.
      if (/[^0-9, ]/.test(rule.parents.ifSid ?? "") && loaded.ruleById.get(rule.id) !== rule)
        return `${product} leaves it out: its if_sid is no list of ids`;
      if (leftOut.size === 0) return null;
      const found = linesOf(item).map((line) => leftOut.get(`${source.file}:${line}`));
      const message = found.find((one) => one !== undefined);
      return message === undefined ? null : `${product} leaves it out: ${message}`;
    };
    // As they were loaded: a file that was read before another may stand behind it.
    const sources = new Map(loaded.written.files.map((source) => [source.file, source]));
    for (const source of inOrder(sources, [...decoderFiles.keys(), ...byFile.keys()])) {
      const rules = byFile.get(source.file)?.rules ?? [];
      const decoders = decoderFiles.get(source.file);
      if (broken.has(source.file) || (rules.length === 0 && decoders === undefined)) continue;
      const layout = layoutOf(source, loaded.dialect, decoders === undefined ? "rule" : "decoder");
      const items = new Map(layout.items.map((item) => [item.element.start, item]));
      const found: File = {
        source,
        layout,
        usesVariables: /<var[\s>]/i.test(source.text),
        rules: [],
        decoders: layout.items.filter(({ element }) => decoders?.has(element.start) === true),
        name: decoders === undefined ? "" : this.#names.take(baseName(source.file), "decoders"),
        head: [`From ${source.file}.`, ...layout.head, ...said(this.#outside(source.file, layout))],
      };
      for (const { rule, at, overwrites } of rules) {
        const item = items.get(at.place.start);
        if (item === undefined) continue;
        const problem = lost(rule, item);
        if (problem !== null) {
          this.#broken.push({
            what: `rule ${rule.id}`,
            place: spanOf(item.element.opening),
            reason: problem,
            rules: [rule.id],
          });
          continue;
        }
        const name = this.#names.take(shownText(rule.description ?? ""), String(rule.id));
        const about = this.#inside(source.file, item);
        const comments = [...item.comments, ...(stock.isStock(at.place) ? [] : said(about))];
        const accept = [
          ...new Set(
            about.filter(({ effect }) => effect === "dead" || effect === "dangerous").map(({ code }) => code),
          ),
        ];
        found.rules.push({ rule, elements: at.elements, name, overwrites, item, comments, accept });
      }
      this.#files.push(found);
    }
  }

  /** What lint finds in a rule. */
  #inside(file: string, item: Item): readonly Finding[] {
    const found = this.#findings.get(file);
    return found === undefined ? [] : linesOf(item).flatMap((line) => found.get(line) ?? []);
  }

  /** What lint finds outside of all rules. */
  #outside(file: string, { items }: Layout): readonly Finding[] {
    const inside = new Set(items.flatMap(linesOf));
    return [...(this.#findings.get(file) ?? [])].flatMap(([line, found]) => (inside.has(line) ? [] : found));
  }

  #made(
    files: readonly File[],
    without: ReadonlyMap<number, string>,
    logs: ReadonlyMap<number, DraftedLog> = new Map(),
  ): Draft {
    const all = files.flatMap(({ rules }) => rules);
    const forms = new Map<Imported, Detection | NoForm>();
    // Whether a rule has a form may not depend on names: those without one are known first.
    const names = new Map(
      all.filter(({ overwrites }) => !overwrites).map(({ rule, name }) => [rule.id, name]),
    );
    const loadedRules = this.#sources.units.map(({ loaded }) => loaded.ruleById);
    const around = {
      lists: this.#lists,
      isWazuh: this.#sources.dialect === "wazuh",
      nameOf: (id: number) => names.get(id),
      ruleOf: (id: number) => {
        for (const rules of loadedRules) {
          const rule = rules.get(id);
          if (rule !== undefined) return rule;
        }
        return undefined;
      },
    };
    /** By id of a rule those whose forms name it. */
    const naming = new Map<number, Imported[]>();
    const formOf = (one: Imported): Detection | NoForm => {
      const log = logs.get(one.rule.id);
      if (log !== undefined) return log.detection;
      const because = without.get(one.rule.id);
      if (because !== undefined) return new NoForm(because);
      const nameOf = (id: number): string | undefined => {
        const known = naming.get(id) ?? [];
        known.push(one);
        naming.set(id, known);
        return names.get(id);
      };
      return detectionOf(one, { ...around, nameOf });
    };
    const waiting = [...all];
    for (const one of waiting) {
      const form = formOf(one);
      forms.set(one, form);
      if (!(form instanceof NoForm) || names.get(one.rule.id) !== one.name) continue;
      names.delete(one.rule.id);
      waiting.push(...(naming.get(one.rule.id) ?? []));
    }
    const refused: Refused[] = [...this.#broken];
    const places = rawPlaces(all, forms);
    const kept = withoutDecodersOf(logs, files);
    const made = kept.files
      .map((file): DraftModule => moduleOf(file, forms, places, kept.above, refused))
      .map((module) => ({ ...module, constants: ruleConstants(module, around.ruleOf) }));
    const modules = made.filter(({ detections, raw }) => detections.length + raw.length > 0);
    const { options, dialect, homes, units } = this.#sources;
    const name = options.name ?? "imported";
    const loaded = units[0]?.loaded;
    const conf =
      loaded === undefined
        ? null
        : confOf(loaded, name, around.nameOf, this.#refusedResponses, ({ file, line, endLine = line }) =>
            said(
              [...(this.#findings.get(file) ?? [])].flatMap(([at, found]) =>
                at < line || at > endLine ? [] : found,
              ),
            ),
          );
    const engine = loaded === undefined ? { home: "/var/ossec" } : engineOf(loaded, homes);
    const ossec: OssecSettings = { ...(dialect === "wazuh" ? { dialect } : {}), ...engine };
    return {
      settings: {
        name,
        ossec,
        ...(conf === null || conf.firewall === null ? {} : { firewall: conf.firewall }),
        neverBlock: conf?.neverBlock ?? [],
        ownAddresses: [],
      },
      comments: made.filter((module) => !modules.includes(module)).flatMap(({ comments }) => comments),
      modules: isSmall(modules) ? [joined(modules)] : modules,
      lists: this.#lists.drafted,
      responses: conf?.responses ?? [],
      refused: [...refused, ...(conf?.refused ?? [])],
    };
  }
}

/** A rule of the host that is named so often reads better with a name. */
const oftenNamed = 3;

/** Names for rules of the host that several detections are about. */
function ruleConstants(
  { detections }: Pick<DraftModule, "detections">,
  ruleOf: (id: number) => RuleDefinition | undefined,
): readonly DraftConstant[] {
  const counts = new Map<number, number>();
  const count = (ids: readonly number[]): void => {
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  const based = (base: BurstBase): void => count("rule" in base ? [base.rule] : []);
  for (const { value } of detections) {
    if (value.kind === "rule" && value.under !== undefined)
      count(("rules" in value.under && value.under.rules) || []);
    else if (value.kind === "burst") based(value.of);
    else if (value.kind === "sequence") for (const base of [value.first, value.next]) based(base);
  }
  return [...counts].flatMap(([id, times]): readonly DraftConstant[] => {
    const description = ruleOf(id)?.description ?? null;
    if (times < oftenNamed || description === null) return [];
    const text = shownText(description);
    return [{ kind: "rule", name: text, value: id, comments: [`Rule ${id}: ${text}`] }];
  });
}

/** Of that many detections and pieces of raw XML one file is still read easily. */
const inOneFile = 40;

function isSmall(modules: readonly DraftModule[]): boolean {
  const size = modules.reduce((sum, { detections, raw }) => sum + detections.length + raw.length, 0);
  return modules.length > 1 && size <= inOneFile;
}

/** All modules in one: what was said of a file stands above the first that came from it. */
function joined(modules: readonly DraftModule[]): DraftModule {
  const detections: Drafted<Detection>[] = [];
  const raw: DraftedRaw[] = [];
  for (const { comments, detections: own, raw: ownRaw } of modules) {
    const [first, ...more] = own;
    const [firstRaw, ...moreRaw] = ownRaw;
    if (first !== undefined)
      detections.push({ ...first, comments: [...comments, ...first.comments] }, ...more);
    if (firstRaw !== undefined)
      raw.push(
        first === undefined ? { ...firstRaw, comments: [...comments, ...firstRaw.comments] } : firstRaw,
        ...moreRaw,
      );
  }
  const constants = new Map(
    modules.flatMap((module) => module.constants.map((one) => [one.value, one] as const)),
  );
  return { name: "rules", comments: [], constants: [...constants.values()], detections, raw };
}

/** A log detection, and the places of the decoders that it stands for. */
interface DraftedLog {
  readonly detection: Detection;
  readonly decoders: readonly string[];
}

function placeKey(file: string, start: number): string {
  return `${file}:${start}`;
}

/** The files without the decoders that became log detections, and what stood above these, by rule. */
function withoutDecodersOf(
  logs: ReadonlyMap<number, DraftedLog>,
  files: readonly File[],
): { readonly files: readonly File[]; readonly above: ReadonlyMap<number, readonly string[]> } {
  if (logs.size === 0) return { files, above: new Map() };
  const taken = new Set([...logs.values()].flatMap(({ decoders }) => decoders));
  const comments = new Map<string, readonly string[]>();
  const kept = files.map((file): File => {
    const decoders = file.decoders.filter(({ element, comments: said }) => {
      const key = placeKey(file.source.file, element.start);
      if (taken.has(key)) comments.set(key, said);
      return !taken.has(key);
    });
    return { ...file, decoders };
  });
  // Several detections may read by one decoder: the first has its comments.
  const above = [...logs].map(([id, { decoders }]) => {
    const said = decoders.flatMap((key) => comments.get(key) ?? []);
    for (const key of decoders) comments.delete(key);
    return [id, said] as const;
  });
  return { files: kept, above: new Map(above) };
}

/** Rules, and those of them that these are about. */
function withBases(named: readonly Imported[], all: readonly Imported[]): readonly RuleDefinition[] {
  const byId = new Map(all.map(({ rule }) => [rule.id, rule]));
  const found = new Set<RuleDefinition>();
  const add = (rule: RuleDefinition | undefined): void => {
    if (rule === undefined || found.has(rule)) return;
    found.add(rule);
    for (const id of rule.parents.ifSid?.split(/[, ]+/) ?? []) add(byId.get(Number(id)));
    if (rule.search?.kind === "sid") add(byId.get(rule.search.sid));
  };
  for (const { rule } of named) add(rule);
  return [...found];
}

function linesOf({ element }: Item): readonly number[] {
  const { line, endLine = line } = spanOf(element.place);
  return Array.from({ length: endLine - line + 1 }, (_, at) => line + at);
}

/** A refusal's `detections[12].match` is the rule's own. */
function ownWords(message: string): string {
  return message.replace(/\b(?:detections|responses)\[\d+\]\.(?=\w)/g, "its ");
}

function lineKey({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}:${line}`;
}

/** Findings as comments: those that nothing is to be done about are not told. */
function said(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ severity }) => severity !== "info")
    .map(({ code, message }) => `${code}: ${message}`);
}

function inOrder(sources: ReadonlyMap<string, SourceText>, files: readonly string[]): readonly SourceText[] {
  return [...new Set(files)].flatMap((file) => sources.get(file) ?? []);
}

function baseName(file: string): string {
  return file.replace(/^.*\//, "").replace(/\.xml$/i, "");
}

type Forms = ReadonlyMap<Imported, Detection | NoForm>;

/** Of each rule that is raw where it stands: before the next detection, in whatever file, else behind the last. */
function rawPlaces(
  all: readonly Imported[],
  forms: Forms,
): ReadonlyMap<Imported, Pick<RawXml, "before" | "after">> {
  const found = new Map<Imported, Pick<RawXml, "before" | "after">>();
  const last = all.findLast((one) => !(forms.get(one) instanceof NoForm));
  let next: string | null = null;
  for (const one of [...all].reverse()) {
    if (next !== null) found.set(one, { before: next });
    else if (last !== undefined) found.set(one, { after: last.name });
    if (!(forms.get(one) instanceof NoForm)) next = one.name;
  }
  return found;
}

function moduleOf(
  file: File,
  forms: Forms,
  places: ReadonlyMap<Imported, Pick<RawXml, "before" | "after">>,
  above: ReadonlyMap<number, readonly string[]>,
  refused: Refused[],
): DraftModule {
  const { source, rules, decoders, head, layout, usesVariables } = file;
  const detections: Drafted<Detection>[] = [];
  const raw: DraftedRaw[] = [];
  if (decoders.length > 0) {
    const xml = rawDecoders(decoders, usesVariables);
    const place = spanOf({ source, start: 0, end: 0 });
    if (xml === null)
      refused.push({ what: `the decoders of ${source.file}`, place, reason: "their bytes are no UTF-8" });
    else
      raw.push({
        value: { name: file.name, decoders: xml },
        comments: decoders.flatMap(({ comments }) => comments),
        origin: { place, rules: [] },
        because: "",
      });
  }
  for (const one of rules) {
    const form = forms.get(one);
    const origin = { place: spanOf(one.item.element.opening), rules: [one.rule.id] };
    const { name } = one;
    const comments = [...(above.get(one.rule.id) ?? []), ...one.comments];
    if (form !== undefined && !(form instanceof NoForm)) {
      detections.push({ value: form, comments, origin });
      continue;
    }
    const xml = rawRule(one.item, usesVariables, one.accept);
    const { id } = one.rule;
    if (xml === null) {
      refused.push({
        what: `rule ${id}`,
        place: origin.place,
        reason: "its bytes are no UTF-8",
        rules: [id],
      });
      continue;
    }
    raw.push({
      value: { name, ...places.get(one), rules: xml },
      comments,
      origin,
      because: form?.because ?? "",
    });
  }
  return { name: baseName(source.file), comments: [...head, ...layout.tail], constants: [], detections, raw };
}
