/** What all ways of loading share: files in, {@link LoadedOssec} out. */
import { latin1, type OssecSource, pathBelowHome } from "../../files/ossec-source.js";
import type { InternalOptions, KeyValueList, LoadedOssec, OssecProgram } from "../definitions.js";
import type { Dialect } from "../dialect.js";
import { SourceMap } from "../source-map.js";
import type { XmlDocument } from "../xml/document.js";
import { readXml } from "../xml/read.js";
import { type SourceRange, type SourceText, sourceText } from "../xml/source.js";
import { codes } from "./codes.js";
import { defaultConf, readConf } from "./conf.js";
import type { ConfDraft, ConfHost } from "./conf-reading.js";
import { createDecoderLists, type DecoderLists, finishDecoders } from "./decoder-lists.js";
import { readDecoders } from "./decoders.js";
import { finishRules } from "./finish-rules.js";
import type { WrittenPatterns } from "./patterns.js";
import { createProblemLog, engines, type ProblemLog } from "./problems.js";
import type { RuleContext } from "./rule-reading.js";
import { type References, RuleTree } from "./rule-tree.js";
import { readRules } from "./rules-file.js";

/** Everything that loading builds. */
export interface Assembly {
  readonly dialect: Dialect;
  options: InternalOptions;
  readonly problems: ProblemLog;
  readonly conf: ConfDraft;
  readonly decoders: DecoderLists;
  readonly tree: RuleTree;
  readonly lists: Map<string, KeyValueList>;
  readonly files: SourceText[];
  readonly patterns: WrittenPatterns;
}

export function createAssembly(dialect: Dialect): Assembly {
  return {
    dialect,
    options: dialect.loading.options,
    problems: createProblemLog(dialect.product),
    conf: defaultConf(),
    decoders: createDecoderLists(dialect.decoders),
    tree: new RuleTree(),
    lists: new Map(),
    files: [],
    patterns: new Map(),
  };
}

/** A file as it was read last. */
interface ReadFile {
  readonly source: SourceText;
  readonly dialect: Dialect;
  readonly variables: boolean;
  readonly document: XmlDocument;
}

/**
 * By their bytes: who loads a home again and again, and gives the same bytes for what has not changed, has it parsed once
 * (the playground, at every key). Nothing is kept of bytes that nobody holds any more.
 */
const readFiles = new WeakMap<Uint8Array, ReadFile>();

function readOnce(bytes: Uint8Array, file: string, dialect: Dialect, variables: boolean): XmlDocument {
  const known = readFiles.get(bytes);
  if (
    known !== undefined &&
    known.source.file === file &&
    known.dialect === dialect &&
    known.variables === variables
  )
    return known.document;
  const source = sourceText(file, latin1(bytes));
  const document = readXml(source, { dialect, variables });
  readFiles.set(bytes, { source, dialect, variables, document });
  return document;
}

/** Parses a file and reports what stops the reader. */
export function parse(
  assembly: Assembly,
  source: SourceText,
  variables: boolean,
  programs: readonly OssecProgram[] = engines,
): XmlDocument {
  return reported(assembly, readXml(source, { dialect: assembly.dialect, variables }), programs);
}

function reported(assembly: Assembly, document: XmlDocument, programs: readonly OssecProgram[]): XmlDocument {
  const { problem, source } = document;
  assembly.files.push(source);
  if (problem !== null) {
    assembly.problems.report(
      problem.engineMessage === 1227 ? codes.variable : codes.xml,
      { source, start: problem.start, end: problem.end },
      problem.reason,
      { engineMessage: problem.engineMessage, outcome: problem.outcome, programs },
    );
  }
  return document;
}

/** The programs that read ossec.conf. */
export const confPrograms: readonly OssecProgram[] = ["analysisd", "logtest", "logcollector", "execd"];

export interface FileOpening {
  /** Below the home. */
  readonly path: string;
  /** Where it is named; null: nowhere. */
  readonly named: SourceRange | null;
  readonly variables: boolean;
  /** Default {@link engines}. */
  readonly programs?: readonly OssecProgram[];
  /** What is reported where it is missing; default `error`. */
  readonly missing?: "error" | "warning" | "nothing";
}

/** Reads and parses a file of a home; null: it is not there, which is reported. */
export function openFile(assembly: Assembly, source: OssecSource, file: FileOpening): XmlDocument | null {
  const { path, named, variables, programs = engines, missing = "error" } = file;
  const shown = source.display?.(path) ?? path;
  const bytes = source.read(path);
  if (bytes instanceof Uint8Array) {
    return reported(assembly, readOnce(bytes, shown, assembly.dialect, variables), programs);
  }
  if (bytes === null && missing === "nothing") return null;
  const at = named ?? { source: sourceText(shown, ""), start: 0, end: 0 };
  const what = bytes === null ? "is missing" : `cannot be read: ${bytes.error}`;
  const warns = bytes === null && missing === "warning";
  assembly.problems.report(codes.missingFile, at, `the file ${shown} ${what}`, {
    engineMessage: warns ? 1103 : 1226,
    programs,
    ...(warns ? { outcome: "warning" } : {}),
  });
  return null;
}

/** What a home answers about its host. */
export function homeHost(source: OssecSource, home: string): ConfHost {
  return {
    list: (path) => source.list?.(pathBelowHome(`${path}/`, home).replace(/\/$/, "")) ?? null,
    glob: (pattern) => source.glob?.(pattern) ?? null,
  };
}

/** Reads ossec.conf into the assembly; null: it is not there, which is reported. */
export function readHomeConf(assembly: Assembly, source: OssecSource, home: string): XmlDocument | null {
  const document = openFile(assembly, source, {
    path: "etc/ossec.conf",
    named: null,
    variables: false,
    programs: confPrograms,
  });
  if (document === null) return null;
  const { dialect, problems, conf } = assembly;
  readConf({ document, dialect, problems, conf, host: homeHost(source, home) });
  return document;
}

/** Nothing but blanks and comments; only some files may be empty. */
function reportEmpty(assembly: Assembly, document: XmlDocument, engineMessage: number): void {
  if (document.roots.length > 0 || document.problem !== null) return;
  assembly.problems.report(
    codes.emptyFile,
    { source: document.source, start: 0, end: 0 },
    "this file holds no element, which the engine does not accept",
    {
      engineMessage,
      help: "Rules stand in a <group>, decoders in a <decoder>. Log files of logtest and explain stand before --decoders and --rules, which take every word behind them.",
    },
  );
}

export function addDecoderFile(
  assembly: Assembly,
  document: XmlDocument,
  mayBeEmpty: boolean,
  references: References,
): void {
  if (!mayBeEmpty) reportEmpty(assembly, document, 1231);
  if (document.problem !== null) assembly.decoders.incomplete = true;
  readDecoders(document, {
    dialect: assembly.dialect,
    orderSize: assembly.options.orderSize,
    problems: assembly.problems,
    lists: assembly.decoders,
    patterns: assembly.patterns,
    open: references.open,
    elsewhere: references.definesDecoder,
  });
}

/** Everything is given: what is not found is refused. */
export const closedReferences: References = {
  open: false,
  definesRule: () => false,
  definesGroup: () => false,
  definesDecoder: () => false,
};

/** Where rules are read into; to be made when conf, decoders and lists are complete. */
export function ruleContext(assembly: Assembly, references: References): RuleContext {
  return {
    dialect: assembly.dialect,
    options: assembly.options,
    problems: assembly.problems,
    decoders: assembly.decoders,
    lists: assembly.lists,
    logAlertLevel: assembly.conf.logAlertLevel,
    emailAlertLevel: assembly.conf.emailAlertLevel,
    references,
    patterns: assembly.patterns,
  };
}

export function addRuleFile(assembly: Assembly, document: XmlDocument, context: RuleContext): void {
  reportEmpty(assembly, document, 1202);
  if (document.problem !== null) assembly.tree.incomplete = true;
  readRules(document, context, { tree: assembly.tree, responses: assembly.conf.activeResponses });
}

/** @param whole - nothing but these files makes up the configuration */
export function finish(assembly: Assembly, whole: boolean): LoadedOssec {
  const { dialect, problems, lists, files, patterns } = assembly;
  const { places, ...conf } = assembly.conf;
  const { decoders, written: writtenDecoders } = finishDecoders(assembly.decoders, whole);
  const { written: writtenRules, ...rules } = finishRules(assembly.tree, assembly.dialect.rules);
  return {
    dialect,
    decoders,
    ...rules,
    conf: { ...conf, memorySize: Math.max(conf.memorySize, 2048) },
    options: assembly.options,
    lists,
    problems: problems.list,
    written: new SourceMap({ files, rules: writtenRules, decoders: writtenDecoders, patterns, ...places }),
  };
}
