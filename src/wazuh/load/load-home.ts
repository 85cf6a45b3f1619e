/** A home of Wazuh 4 (docs/reference/wazuh.md#home-and-rule-set). */
import { latin1, type OssecSource, pathBelowHome } from "../../files/ossec-source.js";
import type { IncludedFile, LoadedOssec } from "../../ossec/definitions.js";
import type { Dialect } from "../../ossec/dialect.js";
import {
  type Assembly,
  addDecoderFile,
  addRuleFile,
  closedReferences,
  createAssembly,
  finish,
  homeHost,
  openFile,
  readHomeConf,
  ruleContext,
} from "../../ossec/load/assemble.js";
import { codes } from "../../ossec/load/codes.js";
import { readInternalOptions } from "../../ossec/load/internal-options.js";
import type { XmlDocument } from "../../ossec/xml/document.js";
import { sourceText } from "../../ossec/xml/source.js";
import { wazuh4 } from "../dialect.js";
import { configuredLayout } from "./layout.js";
import { readDefaultRuleset } from "./ruleset.js";

export interface WazuhOptions {
  /** Where the home stands on its host; default /var/ossec. */
  readonly home?: string;
  /** Default {@link wazuh4}. */
  readonly dialect?: Dialect;
}

/** The one decoder file that may hold no decoder. */
const localDecoders = "etc/decoders/local_decoder.xml";

/**
 * Loads a Wazuh home as `wazuh-analysisd -t` would, and goes on after errors. Never throws for anything that is in the
 * files.
 */
export function loadWazuh(given: OssecSource, options: WazuhOptions = {}): LoadedOssec {
  return new HomeLoad(given, options).finish(given);
}

/**
 * Loads all of a home but its last files, ahead of their next change: who edits them then waits for them alone.
 *
 * @param later - paths below the home: they are read with {@link BegunLoad}
 * @returns null: those files are not the last ones of the decoders and of the rules, or there is a problem in what stands
 * before them, which another order would tell in another way
 */
export function beginWazuh(
  given: OssecSource,
  options: WazuhOptions,
  later: ReadonlySet<string>,
): BegunLoad | null {
  const load = new HomeLoad(given, options);
  return load.readBefore(later) ? (now) => load.finish(now) : null;
}

/**
 * To be called once.
 *
 * @param now - of what was put off the bytes are new; nothing else may have changed, nor which files there are
 * @returns what {@link loadWazuh} returns
 */
export type BegunLoad = (now: OssecSource) => LoadedOssec;

/** The files in front of those that are put off; null: one of them is put off too. */
function filesBefore(
  files: readonly IncludedFile[],
  isLater: (file: IncludedFile) => boolean,
): readonly IncludedFile[] | null {
  const first = files.findIndex(isLater);
  if (first < 0) return files;
  return files.slice(first).every(isLater) ? files.slice(0, first) : null;
}

class HomeLoad {
  readonly #assembly: Assembly;
  readonly #home: string;
  #source: OssecSource;
  /** What is still to be read. */
  #decoders: readonly IncludedFile[];
  #lists: readonly IncludedFile[];
  #rules: readonly IncludedFile[];

  constructor(given: OssecSource, { home = "/var/ossec", dialect = wazuh4 }: WazuhOptions) {
    this.#source = configuredLayout(given);
    this.#home = home;
    this.#assembly = createAssembly(dialect);
    const document = readHomeConf(this.#assembly, this.#source, home);
    const { conf, problems } = this.#assembly;
    if (!hasRuleset(document)) readDefaultRuleset(conf, homeHost(this.#source, home));
    this.#assembly.options = readInternalOptions(this.#source, dialect, problems);
    this.#decoders = conf.decoders;
    this.#lists = conf.lists;
    this.#rules = conf.rules;
  }

  /** Reads all but the files that are put off; false: what was read is of no use. */
  readBefore(later: ReadonlySet<string>): boolean {
    const isLater = ({ path }: IncludedFile): boolean => later.has(pathBelowHome(path, this.#home));
    const decoders = filesBefore(this.#decoders, isLater);
    const rules = filesBefore(this.#rules, isLater);
    if (decoders === null || rules === null) return false;
    const { list } = this.#assembly.problems;
    const before = list.length;
    this.#readDecoders(decoders);
    this.#readLists();
    this.#readRules(rules);
    this.#decoders = this.#decoders.slice(decoders.length);
    this.#rules = this.#rules.slice(rules.length);
    return list.length === before;
  }

  finish(now: OssecSource): LoadedOssec {
    this.#source = configuredLayout(now);
    this.#readDecoders(this.#decoders);
    reportMissingDecoders(this.#assembly, this.#source);
    this.#readLists();
    this.#readRules(this.#rules);
    const { conf } = this.#assembly;
    const located = ({ path, place }: IncludedFile): IncludedFile => ({
      path: pathBelowHome(path, this.#home),
      place,
    });
    conf.rules = conf.rules.map(located);
    conf.decoders = conf.decoders.map(located);
    conf.lists = conf.lists.map(located);
    return finish(this.#assembly, true);
  }

  #readDecoders(files: readonly IncludedFile[]): void {
    const { decoders } = this.#assembly;
    for (const file of files) {
      const document = openNamed(this.#assembly, this.#source, file, this.#home);
      if (document !== null)
        addDecoderFile(this.#assembly, document, file.path === localDecoders, closedReferences);
      else if (file.optional !== true) decoders.incomplete = true;
    }
  }

  #readLists(): void {
    for (const file of this.#lists) readList(this.#assembly, this.#source, file, this.#home);
    this.#lists = [];
  }

  #readRules(files: readonly IncludedFile[]): void {
    const context = ruleContext(this.#assembly, closedReferences);
    for (const file of files) {
      const document = openNamed(this.#assembly, this.#source, file, this.#home);
      // Nothing at all is no error, as blanks alone would be.
      if (document === null) this.#assembly.tree.incomplete ||= file.optional !== true;
      else if (document.source.text !== "") addRuleFile(this.#assembly, document, context);
    }
  }
}

const hasRuleset = (conf: XmlDocument | null): boolean =>
  conf?.roots.some(({ children }) => children.some(({ name }) => name === "ruleset")) === true;

function openNamed(
  assembly: Assembly,
  source: OssecSource,
  { path, place, optional }: IncludedFile,
  home: string,
): XmlDocument | null {
  return openFile(assembly, source, {
    path: pathBelowHome(path, home),
    // What stops the engine is the file; where it is named says who misses one.
    named: optional === true ? place : null,
    variables: true,
    missing: optional === true ? "warning" : "error",
  });
}

/** The engine does not start while one of its two lists of decoders is empty. */
function reportMissingDecoders({ decoders, problems }: Assembly, source: OssecSource): void {
  const { withProgramName, withoutProgramName, all, incomplete } = decoders;
  if (incomplete || (withProgramName.length > 0 && withoutProgramName.length > 0)) return;
  const missing = withProgramName.length === 0 ? "with" : "without";
  const conf = sourceText(source.display?.("etc/ossec.conf") ?? "etc/ossec.conf", "");
  problems.report(
    codes.decoderLists,
    all[0]?.element.opening ?? { source: conf, start: 0, end: 0 },
    `there is no decoder for lines ${missing} a program name, and the engine needs both kinds`,
    { engineMessage: 2106 },
  );
}

/** Reads a list; rules name it as ossec.conf does, with or without `.cdb`. */
function readList(
  assembly: Assembly,
  source: OssecSource,
  { path, place }: IncludedFile,
  home: string,
): void {
  const below = pathBelowHome(path, home);
  const bytes = source.read(below);
  if (bytes === null) {
    const shown = source.display?.(below) ?? below;
    assembly.problems.report(
      codes.missingFile,
      place ?? { source: sourceText(shown, ""), start: 0, end: 0 },
      `the list ${shown} is missing: rules that look into it are left out`,
      { engineMessage: 1103, outcome: "warning" },
    );
    return;
  }
  // A folder can be opened, and holds no entry.
  const text = bytes instanceof Uint8Array ? latin1(bytes) : "";
  const list = assembly.dialect.loading.readList(below, text);
  for (const name of [path, `${path}.cdb`]) if (!assembly.lists.has(name)) assembly.lists.set(name, list);
}
