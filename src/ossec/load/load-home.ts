import { latin1, type OssecSource, pathBelowHome } from "../../files/ossec-source.js";
import type { EngineVersion } from "../../model/model.js";
import type { IncludedFile, LoadedOssec } from "../definitions.js";
import { ossecDialects } from "../dialects.js";
import type { XmlDocument } from "../xml/document.js";
import { type SourceRange, sourceText } from "../xml/source.js";
import {
  type Assembly,
  addDecoderFile,
  addRuleFile,
  createAssembly,
  finish,
  parse,
  ruleContext,
} from "./assemble.js";
import { codes } from "./codes.js";
import { readConf } from "./conf.js";
import type { FileWords } from "./conf-reading.js";
import { readInternalOptions } from "./internal-options.js";
import { readKeyValueList } from "./lists.js";
import { engines } from "./problems.js";
import type { References } from "./rule-tree.js";

export interface LoadOptions {
  readonly engine: EngineVersion;
  /** Where the home stands on its host; default /var/ossec. */
  readonly home?: string;
  /** Default `ossec`. */
  readonly dialect?: FileWords;
}

const confPath = "etc/ossec.conf";
const localDecoders = "etc/local_decoder.xml";

/** Everything is given: what is not found is refused. */
const closed: References = {
  open: false,
  definesRule: () => false,
  definesGroup: () => false,
  definesDecoder: () => false,
};

/**
 * Loads an OSSEC home as `ossec-analysisd -t` would, and goes on after errors. Never throws for anything
 * that is in the files.
 */
export function loadOssec(source: OssecSource, options: LoadOptions): LoadedOssec {
  const dialect = ossecDialects[options.engine];
  const assembly = createAssembly(dialect);
  const home = options.home ?? "/var/ossec";
  const display = (path: string): string => source.display?.(path) ?? path;

  function open(
    path: string,
    named: SourceRange | null,
    variables: boolean,
    optional = false,
  ): XmlDocument | null {
    const bytes = source.read(path);
    const programs = path === confPath ? allPrograms : engines;
    if (bytes instanceof Uint8Array) {
      return parse(assembly, sourceText(display(path), latin1(bytes)), variables, programs);
    }
    if (bytes === null && optional) return null;
    const at = named ?? { source: sourceText(display(path), ""), start: 0, end: 0 };
    const what = bytes === null ? "is missing" : `cannot be read: ${bytes.error}`;
    assembly.problems.report(codes.missingFile, at, `the file ${display(path)} ${what}`, {
      engineMessage: 1226,
      programs,
    });
    return null;
  }

  const conf = open(confPath, null, false);
  if (conf !== null) {
    readConf({
      document: conf,
      dialect,
      words: options.dialect ?? "ossec",
      problems: assembly.problems,
      conf: assembly.conf,
      host: {
        list: (path) => source.list?.(pathBelowHome(`${path}/`, home).replace(/\/$/, "")) ?? null,
        glob: (pattern) => source.glob?.(pattern) ?? null,
      },
    });
  }
  const resolve = ({ path, place }: IncludedFile): IncludedFile => ({
    path: pathBelowHome(path, home),
    place,
  });
  assembly.conf.rules = assembly.conf.rules.map(resolve);
  const lists = assembly.conf.lists;
  assembly.conf.lists = lists.map(resolve);
  const named = assembly.conf.decoders.map(resolve);
  assembly.conf.decoders =
    named.length > 0 || options.dialect === "wazuh"
      ? named
      : [
          { path: "etc/decoder.xml", place: null },
          { path: localDecoders, place: null },
        ];

  assembly.options = readInternalOptions(source, dialect, assembly.problems);
  for (const { path, place } of assembly.conf.decoders) {
    const mayBeEmpty = path === localDecoders;
    const document = open(path, place, true, mayBeEmpty);
    if (document !== null) addDecoderFile(assembly, document, mayBeEmpty, closed);
    else if (!mayBeEmpty) assembly.decoders.incomplete = true;
  }
  reportMissingLists(assembly);
  for (const { path } of lists) readList(assembly, source, path, pathBelowHome(path, home));

  const context = ruleContext(assembly, closed);
  for (const { path, place } of assembly.conf.rules) {
    const document = open(path, place, true);
    if (document !== null) addRuleFile(assembly, document, context);
    else assembly.tree.incomplete = true;
  }
  return finish(assembly, true);
}

const allPrograms = ["analysisd", "logtest", "logcollector", "execd"] as const;

/** The engine logs 2106 and goes on when one of its two lists of decoders is empty. */
function reportMissingLists(assembly: Assembly): void {
  const { withProgramName, withoutProgramName, all } = assembly.decoders;
  const decoder = all[0];
  if (decoder === undefined || (withProgramName.length > 0 && withoutProgramName.length > 0)) return;
  const missing = withProgramName.length === 0 ? "with" : "without";
  assembly.problems.report(
    codes.decoderLists,
    decoder.element.opening,
    `there is no decoder for lines ${missing} a program name`,
    { engineMessage: 2106, outcome: "warning" },
  );
}

/**
 * Reads a list. Rules name it by the very text of ossec.conf, or by that and `.cdb`, which the engine makes of it.
 *
 * @param name - as ossec.conf writes it
 */
function readList(assembly: Assembly, source: OssecSource, name: string, path: string): void {
  const base = path.replace(/\.(?:cdb|txt)$/, "");
  for (const candidate of new Set([path, base, `${base}.txt`])) {
    const bytes = source.read(candidate);
    if (!(bytes instanceof Uint8Array)) continue;
    const list = readKeyValueList(candidate, latin1(bytes));
    for (const known of [name, `${name}.cdb`])
      if (!assembly.lists.has(known)) assembly.lists.set(known, list);
    return;
  }
}
