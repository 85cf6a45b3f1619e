import { latin1 } from "../../files/ossec-source.js";
import type { EngineVersion } from "../../model/model.js";
import type { LoadedOssec } from "../definitions.js";
import type { Dialect } from "../dialect.js";
import { ossecDialects } from "../dialects.js";
import { sourceText } from "../xml/source.js";
import {
  addDecoderFile,
  addRuleFile,
  confPrograms,
  createAssembly,
  finish,
  parse,
  ruleContext,
} from "./assemble.js";
import { readConf } from "./conf.js";
import { loadOrder, referencesOf } from "./load-order.js";
import { addCategoryRoots } from "./roots.js";

export interface LooseFile {
  /** The path that diagnostics name. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

export interface LooseFiles {
  readonly decoders: readonly LooseFile[];
  readonly rules: readonly LooseFile[];
  /** Checked, and taken for levels, white list and active responses; the files it names are not read. */
  readonly conf?: readonly LooseFile[];
  /** Key-value lists; a rule finds them by their path or the end of it. */
  readonly lists?: readonly LooseFile[];
}

export interface LooseReading {
  /**
   * `given` (default): files load in the order given. `unknown`: references between files resolve whatever
   * their order; within a file order counts (docs/reference/cli.md#lint).
   */
  readonly order?: "given" | "unknown";
  /** What is not found may lie in files that were not given: reported as info, not refused. Default false. */
  readonly open?: boolean;
}

export interface LooseOptions extends LooseReading {
  readonly engine: EngineVersion;
}

/**
 * Loads files without an installation (docs/reference/cli.md#logtest): the category roots are built in unless the
 * files define a rule with an id below 10.
 */
export function loadLoose(files: LooseFiles, { engine, ...reading }: LooseOptions): LoadedOssec {
  return loadLooseAs(files, ossecDialects[engine], reading);
}

/** The same of any dialect. */
export function loadLooseAs(
  files: LooseFiles,
  dialect: Dialect,
  { order = "given", open = false }: LooseReading,
): LoadedOssec {
  const assembly = createAssembly(dialect);
  const { problems, conf } = assembly;
  for (const file of files.conf ?? []) {
    const source = sourceText(file.file, latin1(file.bytes));
    const document = parse(assembly, source, false, confPrograms);
    readConf({
      document,
      dialect,
      problems,
      conf,
      host: { list: () => null, glob: () => null },
    });
  }
  const read = (file: LooseFile) => parse(assembly, sourceText(file.file, latin1(file.bytes)), true);
  const decoderFiles = files.decoders.map(read);
  const ruleFiles = files.rules.map(read);
  const references = referencesOf(decoderFiles, ruleFiles, order === "unknown", open);
  for (const document of order === "unknown" ? loadOrder(decoderFiles) : decoderFiles) {
    addDecoderFile(assembly, document, document.source.file.endsWith("local_decoder.xml"), references);
  }
  for (const file of files.lists ?? []) {
    const list = dialect.loading.readList(file.file, latin1(file.bytes));
    for (let name = file.file; name !== ""; name = name.slice(name.indexOf("/") + 1 || name.length)) {
      if (!assembly.lists.has(name)) assembly.lists.set(name, list);
    }
  }
  const context = ruleContext(assembly, references);
  if (!references.hasRoots) {
    addCategoryRoots(context, { tree: assembly.tree, responses: conf.activeResponses });
  }
  for (const document of order === "unknown" ? loadOrder(ruleFiles) : ruleFiles) {
    addRuleFile(assembly, document, context);
  }
  return finish(assembly, false);
}
