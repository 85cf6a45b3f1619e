import { latin1, type OssecSource, pathBelowHome } from "../../files/ossec-source.js";
import type { EngineVersion } from "../../model/model.js";
import type { IncludedFile, LoadedOssec } from "../definitions.js";
import { ossecDialects } from "../dialects.js";
import {
  type Assembly,
  addDecoderFile,
  addRuleFile,
  closedReferences,
  createAssembly,
  finish,
  openFile,
  readHomeConf,
  ruleContext,
} from "./assemble.js";
import { codes } from "./codes.js";
import { readInternalOptions } from "./internal-options.js";

export interface LoadOptions {
  readonly engine: EngineVersion;
  /** Where the home stands on its host; default /var/ossec. */
  readonly home?: string;
}

const localDecoders = "etc/local_decoder.xml";

/**
 * Loads an OSSEC home as `ossec-analysisd -t` would, and goes on after errors. Never throws for anything
 * that is in the files.
 */
export function loadOssec(source: OssecSource, options: LoadOptions): LoadedOssec {
  const dialect = ossecDialects[options.engine];
  const assembly = createAssembly(dialect);
  const home = options.home ?? "/var/ossec";
  readHomeConf(assembly, source, home);
  const resolve = ({ path, place }: IncludedFile): IncludedFile => ({
    path: pathBelowHome(path, home),
    place,
  });
  assembly.conf.rules = assembly.conf.rules.map(resolve);
  const lists = assembly.conf.lists;
  assembly.conf.lists = lists.map(resolve);
  const named = assembly.conf.decoders.map(resolve);
  assembly.conf.decoders =
    named.length > 0
      ? named
      : [
          { path: "etc/decoder.xml", place: null },
          { path: localDecoders, place: null },
        ];

  assembly.options = readInternalOptions(source, dialect, assembly.problems);
  for (const { path, place } of assembly.conf.decoders) {
    const mayBeEmpty = path === localDecoders;
    const missing = mayBeEmpty ? "nothing" : "error";
    const document = openFile(assembly, source, { path, named: place, variables: true, missing });
    if (document !== null) addDecoderFile(assembly, document, mayBeEmpty, closedReferences);
    else if (!mayBeEmpty) assembly.decoders.incomplete = true;
  }
  reportMissingLists(assembly);
  for (const { path } of lists) readList(assembly, source, path, pathBelowHome(path, home));

  const context = ruleContext(assembly, closedReferences);
  for (const { path, place } of assembly.conf.rules) {
    const document = openFile(assembly, source, { path, named: place, variables: true });
    if (document !== null) addRuleFile(assembly, document, context);
    else assembly.tree.incomplete = true;
  }
  return finish(assembly, true);
}

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
    const list = assembly.dialect.loading.readList(candidate, latin1(bytes));
    for (const known of [name, `${name}.cdb`])
      if (!assembly.lists.has(known)) assembly.lists.set(known, list);
    return;
  }
}
