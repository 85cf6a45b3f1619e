/** Reading the configuration that logtest and explain run on: an OSSEC home, or loose files. */
import { existsSync } from "node:fs";
import { type Diagnostic, declareDiagnostic } from "../diagnostics/diagnostic.js";
import { folderSource } from "../files/folder-source.js";
import { homeKind } from "../files/home-kind.js";
import { readWhole } from "../files/read-whole.js";
import { reasonOf } from "../files/system-error.js";
import type { EngineVersion } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { type LooseFile, loadLoose, loadOssec, type OssecSource } from "../ossec/load/index.js";
import { stops } from "../ossec/load/problems.js";
import { loadWazuh } from "../wazuh/load/index.js";

const configurationUnreadable = declareDiagnostic({
  code: "LOGTEST-CONFIGURATION",
  severity: "error",
  title: "A decoder or rule file, or an OSSEC home, that cannot be read.",
});

export interface ConfigurationChoice {
  /** An OSSEC home, or a Wazuh home where it is one; files given beside it are refused. */
  readonly ossec?: string | undefined;
  /** A Wazuh home. */
  readonly wazuh?: string | undefined;
  readonly decoders?: readonly string[] | undefined;
  readonly rules?: readonly string[] | undefined;
  readonly engine: EngineVersion;
}

export interface LoadedConfiguration {
  /** null: it does not load; `problems` say why. */
  readonly loaded: LoadedOssec | null;
  readonly problems: readonly Diagnostic[];
}

/** A load that logtest would not start with: an error, a crash or a hang. Others only warn. */
function refused(loaded: LoadedOssec): boolean {
  return loaded.problems.some(({ outcome, programs }) => stops(outcome) && programs.includes("logtest"));
}

function readFiles(names: readonly string[], problems: Diagnostic[]): readonly LooseFile[] {
  return names.flatMap((file) => {
    try {
      return [{ file, bytes: readWhole(file) }];
    } catch (error) {
      problems.push(
        configurationUnreadable({ file, line: 1, column: 1 }, `cannot be read: ${reasonOf(error)}`),
      );
      return [];
    }
  });
}

/**
 * Loads what the flags name. Never throws for what is in the files or missing.
 *
 * @param read - how the OSSEC home is read
 */
export function loadConfiguration(
  choice: ConfigurationChoice,
  read: (home: string) => OssecSource = folderSource,
): LoadedConfiguration {
  const { ossec, wazuh, decoders = [], rules = [], engine } = choice;
  const named = wazuh ?? ossec;
  const at = { file: named ?? "-", line: 1, column: 1 };
  const refuse = (message: string, help?: string): LoadedConfiguration => ({
    loaded: null,
    problems: [configurationUnreadable(at, message, help)],
  });
  let loaded: LoadedOssec;
  if (named !== undefined) {
    const flag = wazuh === undefined ? "--ossec" : "--wazuh";
    if (wazuh !== undefined && ossec !== undefined) return refuse("--wazuh goes without --ossec");
    if (decoders.length + rules.length > 0) return refuse(`${flag} goes without --decoders and --rules`);
    if (!existsSync(named)) return refuse("there is no such folder");
    const kind = homeKind(folderSource(named));
    if (wazuh !== undefined && kind === "ossec")
      return refuse("this is an OSSEC home, not one of Wazuh", "name it with --ossec");
    if (wazuh !== undefined && kind === null)
      return refuse(
        "nothing of Wazuh is in this folder",
        "a Wazuh home has etc/ossec.conf, ruleset/rules and ruleset/decoders; on a manager it is /var/ossec",
      );
    loaded = kind === "wazuh" ? loadWazuh(read(named)) : loadOssec(read(named), { engine });
  } else {
    if (decoders.length + rules.length === 0) {
      return refuse(
        "no configuration is given",
        "name a home with --ossec or --wazuh, or files with --decoders and --rules",
      );
    }
    const problems: Diagnostic[] = [];
    const files = { decoders: readFiles(decoders, problems), rules: readFiles(rules, problems) };
    if (problems.length > 0) return { loaded: null, problems };
    loaded = loadLoose(files, { engine });
  }
  return refused(loaded)
    ? { loaded: null, problems: loaded.problems }
    : { loaded, problems: loaded.problems };
}
