import { statSync } from "node:fs";
import { join } from "node:path";
import type { CompiledBundle } from "../compiler/compile.js";
import { codes as deployCodes } from "../deploy/codes.js";
import { findConflicts } from "../deploy/conflicts.js";
import { homeChainProblems } from "../deploy/home-chain.js";
import { homeNotices } from "../deploy/home-notices.js";
import { parentProblems } from "../deploy/parents.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { folderSource } from "../files/folder-source.js";
import { deployedIn, mergedFiles } from "../merge/merge-home.js";
import { analyses } from "../model/hosts.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { stopsProgram } from "../ossec/load/index.js";
import { type Outcome, passed, plural, skipped } from "../programs/outcome.js";
import { dialectOf } from "../targets/ossec/dialect.js";
import { codes } from "./codes.js";

/**
 * The OSSEC home that the bundles will live in, with each of them in it as `deploy` puts it there: whether it
 * loads, and everything else for which `deploy` would refuse.
 */
export async function checkHome(
  all: readonly CompiledBundle[],
  options: { readonly with: string | null; readonly show: (path: string) => string },
): Promise<Outcome> {
  const { with: home, show } = options;
  if (home === null) return skipped("no OSSEC home is given (--with DIR)");
  if (!isFile(join(home, "etc", "ossec.conf"))) {
    const at = { file: show(home), line: 1, column: 1 };
    const found = codes.with(
      at,
      "is no OSSEC home: etc/ossec.conf cannot be read",
      "give the folder that holds etc/ and rules/",
    );
    return { status: "invalid", summary: "it is no OSSEC home", diagnostics: [found] };
  }
  // The home is that of a server or of a host that stands alone: an agent has no rules.
  const bundles = all.filter(({ model }) => analyses(model));
  if (bundles.length === 0) return skipped("the host is an agent: it has no rules");
  const { loadMergedHome } = await import("../merge/load-merged-home.js");
  const diagnostics = new Map<string, Diagnostic>();
  for (const bundle of bundles) {
    const { model, files } = bundle;
    const loaded = loadMergedHome(home, model, files, dialectOf(model.ossec), show);
    const problems = loaded.problems.map(
      ({ outcome, programs, engineMessage, first, ...problem }): Diagnostic => ({
        ...problem,
        severity: outcome === "warning" ? "warning" : problem.severity,
      }),
    );
    const beside = besideOthers(bundle, home, loaded, show);
    for (const problem of [...problems, ...beside]) diagnostics.set(JSON.stringify(problem), problem);
  }
  const found = [...diagnostics.values()];
  const errors = found.filter(({ severity }) => severity === "error").length;
  return errors > 0
    ? { status: "failed", summary: `${plural(errors, "thing")} would not hold there`, diagnostics: found }
    : passed(`${show(home)} loads with ${plural(bundles.length, "bundle")} in it`, found);
}

/**
 * What `deploy` would refuse there besides: entries of others that use the bundle's ids and names, and sample
 * lines that do not reach their rule and their response.
 */
function besideOthers(
  { model, manifest, files }: CompiledBundle,
  home: string,
  loaded: LoadedOssec,
  show: (path: string) => string,
): readonly Diagnostic[] {
  const source = folderSource(home, show);
  const conflicts = findConflicts({
    source,
    model,
    owns: manifest.owns,
    deployed: deployedIn(source, model),
  });
  if (conflicts.length > 0)
    return conflicts.map(({ path, line, summary }) =>
      deployCodes.conflict({ file: show(join(home, path)), line, column: 1 }, summary),
    );
  const parents = parentProblems(model, loaded);
  if (loaded.problems.some(stopsProgram)) return parents;
  const path = "etc/ossec.conf";
  const conf = mergedFiles(source, model, files, dialectOf(model.ossec)).get(path);
  const text = conf === undefined || conf === null ? "" : Buffer.from(conf).toString("latin1");
  const chain = homeChainProblems({ model, loaded, conf: text, confName: show(join(home, path)) });
  return [...parents, ...chain.map(({ diagnostic }) => diagnostic), ...homeNotices(model, loaded)];
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
