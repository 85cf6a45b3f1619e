/** What was loaded as a draft: a module a file, its rules as detections, what has no form as raw XML. */
import { codes } from "../../compiler/codes.js";
import type { OssecSettings } from "../../dsl/bundle.js";
import type { Detection } from "../../dsl/detection.js";
import type { Dialect } from "../../lint/model.js";
import type { LoadUnit } from "../../lint/plan.js";
import type { RuleDefinition } from "../../ossec/definitions.js";
import { type SourceRange, spanOf } from "../../ossec/xml/source.js";
import { type CompiledDraft, compileDraft } from "../compile-draft.js";
import type { Draft, DraftModule, Refused } from "../draft.js";
import type { ReadOptions } from "../source.js";
import { DetectionNames } from "../writer/identifiers.js";
import { confOf, engineOf, type Problem } from "./conf.js";
import { constantsOf, responseConstants } from "./constants.js";
import { type FindingsByLine, said } from "./findings.js";
import { type ImportedFile, type ImportedRule, importedFiles } from "./imported-files.js";
import { ImportedLists } from "./lists.js";
import { logForms } from "./log-detections.js";
import {
  type DraftedLog,
  decoderAtLine,
  isSmall,
  joined,
  moduleOf,
  rawPlaces,
  withoutDecodersOf,
} from "./modules.js";
import { NoForm } from "./no-form.js";
import { detectionOf } from "./rule-detection.js";
import { shownText } from "./texts.js";

interface Sources {
  readonly units: readonly LoadUnit[];
  readonly findings: FindingsByLine;
  /** Those of the paths that are an installation: what came with the system stays there. */
  readonly homes: readonly string[];
  readonly dialect: Dialect;
  readonly options: ReadOptions;
}

export interface MadeDraft {
  /** Compiled as far as that can be had; null: nothing comes over. */
  readonly made: CompilingDraft | null;
  /** What the engine refuses. */
  readonly refused: readonly Refused[];
  /** Where it stands: what the bundle answers like is the files without it. */
  readonly left: readonly SourceRange[];
  /** Files that something comes from. */
  readonly imported: readonly string[];
}

interface CompilingDraft {
  readonly draft: Draft;
  readonly compiled: CompiledDraft;
}

/** @param names - those that are taken */
export function draftOf(sources: Sources, names = new DetectionNames()): MadeDraft {
  const parts = sources.units.map(({ loaded }) =>
    importedFiles(loaded, sources.homes, sources.findings, names),
  );
  const files = parts.flatMap((part) => part.files);
  const refused = parts.flatMap((part) => part.refused);
  const left = parts.flatMap((part) => part.left);
  const imported = files.flatMap(({ source, rules, decoders }) =>
    rules.length + decoders.length > 0 ? [source.file] : [],
  );
  return { made: new Drafter(sources, files, refused).draft(), refused, left, imported };
}

/** What a policy refuses may be the first thing that it looks at. */
const mostRounds = 12;

/** Diagnostics of a bundle about what old rules do on purpose or have done for long, and the finding of lint that says so. */
const acceptable: ReadonlyMap<string, string> = new Map([
  [codes.ignored.code, "OSSEC-IGNORE-IS-GLOBAL"],
  [codes.innocent.code, "OSSEC-COMPOSITE-WITHOUT-SAME"],
  [codes.forgeableSource.code, "OSSEC-AR-ON-FORGEABLE-RULE"],
  [codes.forgeable.code, "OSSEC-AR-ON-FORGEABLE-RULE"],
]);

class Drafter {
  readonly #sources: Sources;
  #files: readonly ImportedFile[];
  #rules: readonly ImportedRule[];
  /** What does not come over. */
  readonly #refused: Refused[];
  /** What the language refuses, by rule: it goes over as it is. */
  readonly #rawBecause = new Map<number, string>();
  /** What it refuses even so: it does not come over. */
  readonly #dropped = new Set<number>();
  /** What the language refuses of ossec.conf, by file and line. */
  readonly #refusedResponses = new Map<string, Problem>();
  /** Lists that it refuses. */
  readonly #onHost = new Set<string>();
  /** Rules by file and line. */
  readonly #ids: ReadonlyMap<string, number>;

  constructor(sources: Sources, files: readonly ImportedFile[], refused: readonly Refused[]) {
    this.#sources = sources;
    this.#files = files;
    this.#refused = [...refused];
    this.#rules = files.flatMap(({ rules }) => rules);
    this.#ids = new Map(
      this.#rules.map(({ rule, item }) => [lineKey(spanOf(item.element.opening)), rule.id] as const),
    );
  }

  draft(): CompilingDraft | null {
    const { units } = this.#sources;
    const isEmpty = this.#files.every(({ rules, decoders }) => rules.length + decoders.length === 0);
    if (isEmpty && !units.some(({ loaded }) => loaded.conf.activeResponses.length > 0)) return null;
    const lists = new Map(units.flatMap(({ loaded }) => [...loaded.lists]));
    // What the language refuses goes over as it is: the policies of a bundle know more than its forms.
    for (let round = 0; ; round++) {
      const draft = this.#made(new ImportedLists(lists, this.#onHost));
      const compiled = compileDraft(draft);
      if (compiled.ok) return this.#withLogs() ?? { draft, compiled };
      if (round === mostRounds || !this.#learn(draft, compiled)) return { draft, compiled };
    }
  }

  /** Takes what does not compile out of the next round; false: it is not seen what that is. */
  #learn(draft: Draft, { diagnostics }: Extract<CompiledDraft, { readonly ok: false }>): boolean {
    const responses = new Set(draft.responses.map(({ origin }) => lineKey(origin.place)));
    const ofLists = new Set(draft.lists.map(({ origin }) => origin.place.file));
    const wasRaw = new Set(this.#rawBecause.keys());
    let isNew = false;
    for (const one of diagnostics) {
      if (one.severity !== "error") continue;
      const key = lineKey(one);
      const { message, help } = one;
      const id = this.#ids.get(key);
      const reason = ownWords(message);
      const known = acceptable.get(one.code);
      if (id !== undefined && known !== undefined && this.#accept(id, known)) isNew = true;
      else if (id !== undefined && !this.#rawBecause.has(id)) this.#rawBecause.set(id, reason);
      else if (id !== undefined && wasRaw.has(id) && !this.#dropped.has(id)) this.#drop(id, reason, help);
      else if (responses.has(key) && !this.#refusedResponses.has(key))
        this.#refusedResponses.set(key, { reason, ...(help === undefined ? {} : { help }) });
      else if (ofLists.has(one.file) && !this.#onHost.has(one.file)) this.#onHost.add(one.file);
      else if (!this.#dropDecoder(message, help)) continue;
      isNew = true;
    }
    return isNew;
  }

  /** False: it is accepted already, and refused for something else. */
  #accept(id: number, code: string): boolean {
    if (this.#rules.some(({ rule, accept }) => rule.id === id && accept.includes(code))) return false;
    this.#rules = this.#rules.map((one) =>
      one.rule.id === id ? { ...one, accept: [...one.accept, code] } : one,
    );
    const rules = new Map(this.#rules.map((one) => [one.item, one]));
    this.#files = this.#files.map((file) => ({
      ...file,
      rules: file.rules.map((one) => rules.get(one.item) ?? one),
    }));
    return true;
  }

  /** A rule that was refused as raw XML, too. */
  #drop(id: number, reason: string, help: string | undefined): void {
    this.#dropped.add(id);
    const found = this.#rules.find(({ rule }) => rule.id === id);
    if (found === undefined) return;
    const place = spanOf(found.item.element.opening);
    this.#refused.push({
      what: `rule ${id}`,
      place,
      reason,
      ...(help === undefined ? {} : { help }),
      rules: [id],
    });
  }

  /** A decoder that is refused as raw XML. */
  #dropDecoder(message: string, help: string | undefined): boolean {
    const [, line = "", name = "", reason = ""] =
      /^line (\d+) of the decoders of "([^"]*)": (.*)$/s.exec(message) ?? [];
    const file = this.#files.find((one) => one.name === name && one.decoders.length > 0);
    const found = file === undefined ? undefined : decoderAtLine(file, Number(line));
    if (file === undefined || found === undefined) return false;
    this.#files = this.#files.map((one) =>
      one === file ? { ...one, decoders: one.decoders.filter((decoder) => decoder !== found) } : one,
    );
    this.#refused.push({
      what: `decoder ${shownText(found.definition.name)}`,
      place: spanOf(found.item.element.opening),
      reason,
      ...(help === undefined ? {} : { help }),
    });
    return true;
  }

  /** The draft with log detections where decoders and rules are such; null: there are none that compile. */
  #withLogs(): CompilingDraft | null {
    const [unit, ...more] = this.#sources.units;
    if (unit === undefined || more.length > 0) return null;
    const decoders = new Map(
      this.#files.flatMap((file) => file.decoders.map((one) => [one.definition, one] as const)),
    );
    const not = new Set([...this.#rawBecause.keys(), ...this.#dropped]);
    for (let round = 0; round < mostRounds; round++) {
      const lists = new ImportedLists(unit.loaded.lists, this.#onHost);
      const forms = logForms({
        loaded: unit.loaded,
        rules: this.#rules,
        isImported: (node) => [node.decoder, ...node.children].every((one) => decoders.has(one)),
        words: { lists, isWazuh: this.#sources.dialect === "wazuh" },
        not,
      });
      if (forms.size === 0) return null;
      const logs = new Map(
        [...forms].map(([rule, { detection, decoder }]) => [
          rule.id,
          {
            detection,
            decoders: [decoder.decoder, ...decoder.children].flatMap((one) => decoders.get(one) ?? []),
          },
        ]),
      );
      const draft = this.#made(lists, logs);
      const compiled = compileDraft(draft);
      if (compiled.ok) return { draft, compiled };
      const errors = compiled.diagnostics.filter(({ severity }) => severity === "error");
      const named = this.#rules.filter(({ rule, name }) =>
        errors.some((one) => this.#ids.get(lineKey(one)) === rule.id || one.message.includes(`"${name}"`)),
      );
      const concerned = withBases(named, this.#rules).filter(({ id }) => logs.has(id));
      for (const id of concerned.length > 0 ? concerned.map((one) => one.id) : logs.keys()) not.add(id);
    }
    return null;
  }

  #made(lists: ImportedLists, logs: ReadonlyMap<number, DraftedLog> = new Map()): Draft {
    const kept = this.#rules.filter(({ rule }) => !this.#dropped.has(rule.id));
    const all = kept.filter(({ isLater }) => !isLater);
    const forms = new Map<ImportedRule, Detection | NoForm>();
    // Whether a rule has a form may not depend on names: those without one are known first.
    const names = new Map(
      all.filter(({ overwrites }) => !overwrites).map(({ rule, name }) => [rule.id, name]),
    );
    const { options, dialect, homes, units, findings } = this.#sources;
    const around = {
      lists,
      isWazuh: dialect === "wazuh",
      nameOf: (id: number) => names.get(id),
      ruleOf: (id: number) => {
        for (const { loaded } of units) {
          const rule = loaded.ruleById.get(id);
          if (rule !== undefined) return rule;
        }
        return undefined;
      },
    };
    /** By id of a rule those whose forms name it. */
    const naming = new Map<number, ImportedRule[]>();
    const formOf = (one: ImportedRule): Detection | NoForm => {
      const log = logs.get(one.rule.id);
      if (log !== undefined) return log.detection;
      const because = this.#rawBecause.get(one.rule.id);
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
    const raw = new Set(all.flatMap((one) => (forms.get(one) instanceof NoForm ? [one.rule] : [])));
    const above = new Map<number, string[]>();
    const note = (id: number, comments: readonly string[]): void => {
      above.set(id, [...(above.get(id) ?? []), ...comments]);
    };
    for (const one of kept) {
      if (!one.isLater) continue;
      if (raw.has(one.rule)) forms.set(one, new NoForm("it overwrites a rule that has no form"));
      else note(one.rule.id, one.comments);
    }
    const places = rawPlaces(
      kept.filter((one) => forms.has(one)),
      forms,
    );
    const without = withoutDecodersOf(logs, this.#files);
    for (const [id, comments] of without.above) note(id, comments);
    const refused = [...this.#refused];
    const written = without.files.map((file): DraftModule => {
      const rules = file.rules.filter((one) => forms.has(one));
      return moduleOf({ ...file, rules }, forms, places, above, refused);
    });
    const filled = written.filter(({ detections, raw }) => detections.length + raw.length > 0);
    const modules = isSmall(filled) ? [joined(filled)] : filled;
    const name = options.name ?? "imported";
    const loaded = units[0]?.loaded;
    const conf =
      loaded === undefined
        ? null
        : confOf(loaded, name, around.nameOf, this.#refusedResponses, (place) =>
            said(findings.within(place)),
          );
    const engine = loaded === undefined ? { home: "/var/ossec" } : engineOf(loaded, homes);
    const version = options.engine;
    const ossec: OssecSettings =
      dialect === "wazuh"
        ? { dialect, ...engine }
        : { ...engine, ...(version === undefined ? {} : { version }) };
    return {
      settings: {
        name,
        ossec,
        ...(conf === null || conf.firewall === null ? {} : { firewall: conf.firewall }),
        neverBlock: conf?.neverBlock ?? [],
        ownAddresses: [],
      },
      comments: written.filter((module) => !filled.includes(module)).flatMap(({ comments }) => comments),
      modules: modules.map((module) => ({ ...module, constants: constantsOf(module, around.ruleOf) })),
      lists: lists.drafted,
      responses: conf?.responses ?? [],
      constants: responseConstants({ responses: conf?.responses ?? [] }),
      refused: [...refused, ...(conf?.refused ?? [])],
    };
  }
}

/** Rules, and those of them that these are about. */
function withBases(named: readonly ImportedRule[], all: readonly ImportedRule[]): readonly RuleDefinition[] {
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

/** A refusal's `detections[12].match` is the rule's own. */
function ownWords(message: string): string {
  return message.replace(/\b(?:detections|responses)\[\d+\]\.(?=\w)/g, "its ");
}

function lineKey({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}:${line}`;
}
