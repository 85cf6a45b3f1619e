import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { emitAll } from "../targets/index.js";
import type { CacheEntry } from "./cache.js";
import { link } from "./link/link.js";
import type { LoadedBundle } from "./load/index.js";
import type { RuleIds } from "./lockfile.js";
import { verifyOutput } from "./verify/index.js";

export { loadBundles } from "./load/index.js";

/** Links, emits and verifies a loaded bundle: everything behind the type checker. */
export function compileLoaded(
  bundle: LoadedBundle,
  locked: ReadonlyMap<string, RuleIds>,
):
  | { readonly ok: true; readonly entry: CacheEntry }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] } {
  const linked = link(bundle, locked);
  if (!linked.ok) return linked;
  const files = emitAll(linked.model);
  const verified = verifyOutput(linked.model, files);
  const diagnostics = [...linked.diagnostics, ...verified.diagnostics];
  if (diagnostics.some(({ severity }) => severity === "error")) return { ok: false, diagnostics };
  return {
    ok: true,
    entry: { model: linked.model, files, owns: verified.owns, lock: [...linked.lock], diagnostics },
  };
}
