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
  const source = configuredLayout(given);
  const { home = "/var/ossec", dialect = wazuh4 } = options;
  const assembly = createAssembly(dialect);
  const document = readHomeConf(assembly, source, home);
  const { conf, problems } = assembly;
  if (!hasRuleset(document)) readDefaultRuleset(conf, homeHost(source, home));
  assembly.options = readInternalOptions(source, dialect, problems);

  for (const file of conf.decoders) {
    const document = openNamed(assembly, source, file, home);
    if (document !== null) addDecoderFile(assembly, document, file.path === localDecoders, closedReferences);
    else if (file.optional !== true) assembly.decoders.incomplete = true;
  }
  reportMissingDecoders(assembly, source);
  for (const file of conf.lists) readList(assembly, source, file, home);

  const context = ruleContext(assembly, closedReferences);
  for (const file of conf.rules) {
    const document = openNamed(assembly, source, file, home);
    // Nothing at all is no error, as blanks alone would be.
    if (document === null) assembly.tree.incomplete ||= file.optional !== true;
    else if (document.source.text !== "") addRuleFile(assembly, document, context);
  }
  const located = ({ path, place }: IncludedFile): IncludedFile => ({
    path: pathBelowHome(path, home),
    place,
  });
  conf.rules = conf.rules.map(located);
  conf.decoders = conf.decoders.map(located);
  conf.lists = conf.lists.map(located);
  return finish(assembly, true);
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
