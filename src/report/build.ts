import type { BuildReport } from "../compiler/build.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import { sortDiagnostics } from "./diagnostics-text.js";

/** One document (schemas/build.schema.json). */
export function buildJson({ bundles, diagnostics }: BuildReport): string {
  return jsonOf("build", { bundles, diagnostics: sortDiagnostics(diagnostics) });
}

/** One line a bundle, and what is to do when the output is stale. */
export function buildText({ bundles, outcome }: BuildReport, out: string): string {
  const verb = outcome === "stale" ? "would change" : "written";
  const lines = bundles.map(
    ({ name, changed, files, targets }) =>
      `${out}/${name}: ${files.length} files${targets === undefined ? "" : ` for ${targets.length} ${targets.length === 1 ? "host" : "hosts"}`} ${changed ? verb : "unchanged"}\n`,
  );
  if (outcome === "stale")
    lines.push(
      bundles.some(({ changed }) => changed)
        ? "the output is stale: run zopf build and commit what it writes\n"
        : "the output is stale: remove the folders of bundles that no file builds any more\n",
    );
  return lines.join("");
}
