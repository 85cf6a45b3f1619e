import { compileBundles } from "../compiler/compile.js";
import { type Selected, selectAnalysis } from "../compiler/select-target.js";
import { showPath } from "./command.js";

/**
 * The bundle whose chain a command plays: that of the host that analyses. Of the compiler's diagnostics only the
 * errors: what `build` warns of was shown there.
 */
export async function openBundle(file: string, target: string | null): Promise<Selected> {
  const compiled = await compileBundles([file], { show: showPath, cache: true });
  const selected = selectAnalysis(compiled.bundles, target, showPath);
  const diagnostics = [
    ...compiled.diagnostics.filter(({ severity }) => severity === "error"),
    ...selected.diagnostics,
  ];
  return compiled.ok && selected.ok ? { ...selected, diagnostics } : { ok: false, diagnostics };
}
