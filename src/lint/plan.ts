/** From files to what the engine would load together (docs/reference/cli.md#lint (load order)). */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { pathBelowHome } from "../files/ossec-source.js";
import type { EngineVersion } from "../model/model.js";
import type { LoadedOssec, LoadProblem } from "../ossec/definitions.js";
import type { Dialect as OssecDialect } from "../ossec/dialect.js";
import { ossecDialects } from "../ossec/dialects.js";
import { type LooseFile, latin1, loadLooseAs, loadOssec, type OssecSource } from "../ossec/load/index.js";
import { wazuh4 } from "../wazuh/dialect.js";
import { homeLayout } from "../wazuh/load/layout.js";
import { loadWazuh } from "../wazuh/load/load-home.js";
import { codes } from "./codes.js";
import { shown as cut } from "./helpers.js";
import type { InputFile } from "./input.js";
import type { Dialect } from "./model.js";
import { pathExpression } from "./path-expression.js";

export interface PlanOptions {
  readonly engine: EngineVersion;
  readonly dialect: Dialect;
  readonly closed: boolean;
  /** Names of `--order`, and where they stand. */
  readonly order: { readonly file: string; readonly names: readonly string[] } | null;
  /** How many files of this host match a pattern of `<localfile>`; null: not known. */
  readonly glob: ((pattern: string) => number | null) | null;
}

/** Files that are loaded together. */
export interface LoadUnit {
  readonly loaded: LoadedOssec;
  /** Nothing is missing: see {@link LintContext.complete}. */
  readonly complete: boolean;
  readonly ordered: boolean;
  /** A file that nothing names: what it refers to may well be among the others. */
  readonly alone: boolean;
}

export interface LoadPlan {
  readonly units: readonly LoadUnit[];
  readonly diagnostics: readonly Diagnostic[];
}

export function dialectOf({ engine, dialect }: Pick<PlanOptions, "engine" | "dialect">): OssecDialect {
  return dialect === "wazuh" ? wazuh4 : ossecDialects[engine];
}

const asLoose = ({ path, bytes }: InputFile): LooseFile => ({ file: path, bytes });

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** decoder.xml before local_decoder.xml, as by default; others in the order of their names. */
function decoderRank({ path }: InputFile): number {
  const name = baseName(path);
  return name === "decoder.xml" ? 0 : name === "local_decoder.xml" ? 2 : 1;
}

function byDefaultOrder(files: readonly InputFile[]): readonly InputFile[] {
  return [...files].sort((one, other) => decoderRank(one) - decoderRank(other));
}

function byBaseName(files: readonly InputFile[]): readonly InputFile[] {
  const names = new Map(files.map((file) => [file, baseName(file.path)]));
  const nameOf = (file: InputFile): string => names.get(file) ?? "";
  return [...files].sort((one, other) =>
    nameOf(one) < nameOf(other) ? -1 : nameOf(one) > nameOf(other) ? 1 : 0,
  );
}

/** The home that an ossec.conf belongs to. */
function homeOf(conf: string): { readonly folder: string; readonly isHome: boolean } {
  const folder = conf.includes("/") ? conf.slice(0, conf.lastIndexOf("/")) : "";
  if (folder === "etc") return { folder: "", isHome: true };
  if (folder.endsWith("/etc")) return { folder: folder.slice(0, -4), isHome: true };
  return { folder, isHome: false };
}

/** The engine does without it. */
function isOptional(path: string): boolean {
  return (
    path === "etc/local_decoder.xml" ||
    path.startsWith("lists/") ||
    path.startsWith("etc/lists/") ||
    /^etc\/(?:local_)?internal_options\.conf$/.test(path)
  );
}

/** The home seen through the given files: what was not given is not there. */
function sourceOf(
  files: readonly InputFile[],
  folder: string,
  conf: InputFile | null,
  strict: boolean,
  { glob, dialect }: PlanOptions,
): { readonly source: OssecSource; readonly read: Set<string>; readonly missing: Set<string> } {
  const prefix = folder === "" ? "" : `${folder}/`;
  const byPath = new Map(files.map((file) => [file.path, file]));
  const byName = new Map<string, InputFile>();
  for (const file of files) if (!byName.has(baseName(file.path))) byName.set(baseName(file.path), file);
  const read = new Set<string>();
  const missing = new Set<string>();
  const find = (path: string): InputFile | undefined =>
    path === "etc/ossec.conf" && conf !== null
      ? conf
      : (byPath.get(prefix + path) ?? (strict ? undefined : byName.get(baseName(path))));
  const given: OssecSource = {
    read(path) {
      const file = find(path);
      if (file === undefined) return null;
      read.add(file.path);
      return file.bytes;
    },
    list(path) {
      const within = `${prefix}${path}/`;
      const names = files
        .filter((file) => file.path.startsWith(within))
        .map((file) => file.path.slice(within.length).replace(/\/.*$/, ""));
      return names.length > 0 ? [...new Set(names)] : null;
    },
    glob(pattern) {
      const expression = pathExpression(pathBelowHome(pattern, "/var/ossec"));
      const count = files.filter((file) => expression.test(file.path.slice(prefix.length))).length;
      return count > 0 ? count : (glob?.(pattern) ?? null);
    },
    display: (path) => find(path)?.path ?? prefix + path,
  };
  const layout = dialect === "wazuh" ? homeLayout(given) : given;
  const source: OssecSource = {
    ...layout,
    read(path) {
      const bytes = layout.read(path);
      if (bytes === null && !isOptional(path)) missing.add(path);
      return bytes;
    },
    list(path) {
      const names = layout.list?.(path) ?? null;
      if (names === null && dialect === "wazuh" && wazuhFolder.test(path)) missing.add(path);
      return names;
    },
  };
  return { source, read, missing };
}

/** Folders that every home of Wazuh has; others that ossec.conf names may be missing on the host as well. */
const wazuhFolder = /^ruleset\/(?:rules|decoders)$/;

/** An agent has neither rules nor decoders: its server analyses. */
function isAgents(conf: InputFile | null): boolean {
  if (conf === null) return false;
  const text = latin1(conf.bytes).replace(/<!-*[\s\S]*?(?:-->|!>)/g, "");
  return (/<client>/.test(text) || /<agent_config\b/.test(text)) && !/<rules(?:et)?>/.test(text);
}

function namesRules(loaded: LoadedOssec): boolean {
  return loaded.conf.rules.length > 0 || loaded.conf.decoders.some(({ place }) => place !== null);
}

/** Decides what is loaded together, and loads it. */
export function planLoads(
  files: readonly InputFile[],
  homes: readonly string[],
  options: PlanOptions,
): LoadPlan {
  const { engine, dialect, closed } = options;
  const { order } = options;
  const confs = files.filter(({ kind }) => kind === "conf");
  const main =
    confs.find(({ path }) => homeOf(path).isHome) ??
    confs.find(({ path }) => baseName(path) === "ossec.conf") ??
    confs[0] ??
    null;
  const bareHome = main === null && closed && order === null ? (homes[0] ?? null) : null;
  if ((main !== null || bareHome !== null) && !isAgents(main)) {
    const home =
      main === null ? { folder: bareHome === "." ? "" : (bareHome ?? ""), isHome: true } : homeOf(main.path);
    const { source, read, missing } = sourceOf(files, home.folder, main, home.isHome, options);
    const loaded =
      dialect === "wazuh"
        ? loadWazuh(source, { dialect: dialectOf(options) })
        : loadOssec(source, { engine });
    if (home.isHome || namesRules(loaded)) {
      if (missing.size === 0 || closed) {
        const unit: LoadUnit = { loaded, complete: true, ordered: true, alone: false };
        return { units: [unit, ...alone(files, read, options)], diagnostics: [] };
      }
      return openHome(files, loaded, read, main, options);
    }
  }
  return looseUnit(files, confs, options);
}

/** Not all that ossec.conf names was given, and need not be: what is missing is reported, not refused. */
function openHome(
  files: readonly InputFile[],
  first: LoadedOssec,
  read: ReadonlySet<string>,
  main: InputFile | null,
  options: PlanOptions,
): LoadPlan {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const given = first.written.files.flatMap(({ file }) => byPath.get(file) ?? []);
  const loaded = loadLooseAs(
    {
      conf: main === null ? [] : [asLoose(main)],
      decoders: given.filter(({ kind }) => kind === "decoders").map(asLoose),
      rules: given.filter(({ kind }) => kind === "rules").map(asLoose),
      lists: files.filter(({ kind }) => kind === "list").map(asLoose),
    },
    dialectOf(options),
    { order: "given", open: true },
  );
  const absent = first.problems
    .filter(({ code }) => code === "OSSEC-FILE-MISSING")
    .map(
      ({ effect: _effect, ...problem }): LoadProblem => ({
        ...problem,
        severity: "info",
        outcome: "warning",
        first: false,
      }),
    );
  const reported = { ...loaded, problems: [...absent, ...loaded.problems] };
  const unit: LoadUnit = { loaded: reported, complete: false, ordered: true, alone: false };
  return { units: [unit, ...alone(files, read, options)], diagnostics: [] };
}

/** Files that no order names: each by itself. */
function alone(
  files: readonly InputFile[],
  read: ReadonlySet<string>,
  options: PlanOptions,
): readonly LoadUnit[] {
  return files
    .filter(({ path, kind }) => !read.has(path) && kind !== "list" && kind !== "options")
    .map((file) => {
      const one = [asLoose(file)];
      const loaded = loadLooseAs(
        {
          decoders: file.kind === "decoders" ? one : [],
          rules: file.kind === "rules" ? one : [],
          conf: file.kind === "conf" ? one : [],
        },
        dialectOf(options),
        { order: "given", open: true },
      );
      return { loaded, complete: false, ordered: true, alone: true };
    });
}

function looseUnit(files: readonly InputFile[], confs: readonly InputFile[], options: PlanOptions): LoadPlan {
  const { closed, order } = options;
  const diagnostics: Diagnostic[] = [];
  const isWazuh = options.dialect === "wazuh";
  const inOrder = isWazuh ? byBaseName : byDefaultOrder;
  const decoders = inOrder(files.filter(({ kind }) => kind === "decoders"));
  const rules = isWazuh
    ? byBaseName(files.filter(({ kind }) => kind === "rules"))
    : files.filter(({ kind }) => kind === "rules");
  const lists = files.filter(({ kind }) => kind === "list").map(asLoose);
  let ordered = rules;
  let orderedDecoders = decoders;
  const read = new Set<string>();
  if (order !== null) {
    const named: InputFile[] = [];
    for (const [index, name] of order.names.entries()) {
      if (name === "") continue;
      const file = files.find(({ path }) => path === name || path.endsWith(`/${name}`));
      if (file !== undefined) named.push(file);
      else {
        diagnostics.push(
          codes.order(
            { file: order.file, line: index + 1, column: 1 },
            `no given file is named ${cut(name)}`,
          ),
        );
      }
    }
    ordered = named.filter(({ kind }) => kind === "rules");
    const namedDecoders = named.filter(({ kind }) => kind === "decoders");
    if (namedDecoders.length > 0) orderedDecoders = namedDecoders;
  }
  const mainConf = confs.slice(0, 1);
  // Wazuh reads files by their base names, whatever folder they are in.
  const isOrdered = order !== null || isWazuh;
  for (const { path } of [...ordered, ...orderedDecoders, ...mainConf]) read.add(path);
  const loaded = loadLooseAs(
    {
      decoders: orderedDecoders.map(asLoose),
      rules: ordered.map(asLoose),
      conf: mainConf.map(asLoose),
      lists,
    },
    dialectOf(options),
    { order: isOrdered ? "given" : "unknown", open: !closed },
  );
  const unit: LoadUnit = { loaded, complete: closed, ordered: isOrdered, alone: false };
  return { units: [unit, ...alone(files, read, options)], diagnostics };
}
