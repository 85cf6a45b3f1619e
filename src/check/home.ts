import { statSync } from "node:fs";
import { join } from "node:path";
import type { CompiledBundle } from "../compiler/compile.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { engineOf } from "../model/engine.js";
import { analyses } from "../model/hosts.js";
import { type Outcome, passed, plural, skipped } from "../programs/outcome.js";
import { codes } from "./codes.js";

/** Loads the OSSEC home that the bundles will live in, with each of them in it as `deploy` puts it there. */
export async function checkHome(
  all: readonly CompiledBundle[],
  options: { readonly with: string | null; readonly show: (path: string) => string },
): Promise<Outcome> {
  const { with: home, show } = options;
  if (home === null) return skipped("no OSSEC home is given (--with DIR)");
  const ossecs = all.filter(({ model }) => model.ossec.dialect === "ossec");
  if (all.length > 0 && ossecs.length === 0)
    return skipped("the rules of a Wazuh home are not read: its XML has words that OSSEC's engine has not");
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
  const bundles = ossecs.filter(({ model }) => analyses(model));
  if (bundles.length === 0) return skipped("the host is an agent: it has no rules");
  const { loadAround } = await import("../merge/load-merged-home.js");
  const diagnostics = new Map<string, Diagnostic>();
  for (const { model, files } of bundles) {
    const loaded = loadAround(home, model, files, engineOf(model.ossec), show);
    for (const { outcome, programs, engineMessage, first, ...problem } of loaded.problems)
      diagnostics.set(JSON.stringify(problem), {
        ...problem,
        severity: outcome === "warning" ? "warning" : problem.severity,
      });
  }
  const found = [...diagnostics.values()];
  const errors = found.filter(({ severity }) => severity === "error").length;
  return errors > 0
    ? { status: "failed", summary: `OSSEC would refuse ${plural(errors, "thing")} there`, diagnostics: found }
    : passed(`${show(home)} loads with ${plural(bundles.length, "bundle")} in it`, found);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
