import { relative, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { compileBundles } from "./compile.js";
import { codes } from "./output/codes.js";
import { discoverBundles } from "./output/discover.js";
import { type BundleOutput, carryOut, outputPaths, outputsOf, planOutput } from "./output/write.js";

export interface BuildOptions {
  /** Bundle files; none: every one below the working directory. */
  readonly files: readonly string[];
  readonly out: string;
  /** Only say whether the output would change. */
  readonly check: boolean;
  readonly force: boolean;
  readonly cache: boolean;
  readonly show: (path: string) => string;
}

export interface BuildReport {
  readonly bundles: readonly {
    readonly name: string;
    readonly changed: boolean;
    readonly files: readonly string[];
    /** Names of the targets, where the bundle has them: the first folder of each path. */
    readonly targets?: readonly string[];
  }[];
  readonly diagnostics: readonly Diagnostic[];
  readonly outcome: "written" | "unchanged" | "stale" | "failed";
}

/** The bundles that a command is about, or the diagnostic that there are none. */
export function bundleFiles(
  given: readonly string[],
  out: string | null,
): { readonly files: readonly string[]; readonly diagnostics: readonly Diagnostic[] } {
  const files = given.length > 0 ? given : discoverBundles(process.cwd(), out);
  if (files.length > 0) return { files, diagnostics: [] };
  return {
    files,
    diagnostics: [
      codes.none(
        { file: ".", line: 1, column: 1 },
        "no *.zopf.ts lies below this folder",
        "name one, or make one with: zopf init",
      ),
    ],
  };
}

/** Every bundle below a folder is built, and the output lies there too: no other bundle's is in it. */
export function isWhole(folder: string, files: readonly string[], out: string): boolean {
  if (relative(folder, resolve(out)).startsWith("..")) return false;
  const given = new Set(files.map((file) => resolve(file)));
  return discoverBundles(folder, out).every((file) => given.has(resolve(file)));
}

/** Compiles and writes all bundles, or none (docs/reference/cli.md#build). */
export async function build(options: BuildOptions): Promise<BuildReport> {
  // An unset variable in a script; the working directory is written `.`.
  if (options.out === "")
    return {
      bundles: [],
      diagnostics: [codes.output({ file: ".", line: 1, column: 1 }, "has no name: --out is empty")],
      outcome: "failed",
    };
  const found = bundleFiles(options.files, options.out);
  if (found.diagnostics.length > 0) return { bundles: [], diagnostics: found.diagnostics, outcome: "failed" };
  const compiled = await compileBundles(found.files, { show: options.show, cache: options.cache });
  if (!compiled.ok) return { bundles: [], diagnostics: compiled.diagnostics, outcome: "failed" };
  const out = resolve(options.out);
  const outputs = outputsOf(compiled.bundles);
  const plan = planOutput(out, outputs, compiled.sides, {
    // `--check` overwrites nothing: whatever is different there is stale output.
    force: options.force || options.check,
    whole: isWhole(process.cwd(), found.files, out),
    show: options.show,
  });
  // What is only good to know is told by `check`: a build is run all day.
  const reported = compiled.diagnostics.filter(({ severity }) => severity !== "info");
  const diagnostics = [...reported, ...plan.diagnostics];
  const report = (outcome: BuildReport["outcome"], more: readonly Diagnostic[] = []): BuildReport => ({
    bundles:
      outcome === "failed" ? [] : outputs.map((output) => describe(output, plan.changed.has(output.name))),
    diagnostics: [...diagnostics, ...more],
    outcome,
  });
  if (plan.diagnostics.some(({ severity }) => severity === "error")) return report("failed");
  if (options.check && plan.changed.size + plan.stale.length > 0) return report("stale");
  if (plan.changed.size === 0) return report("unchanged");
  const trouble = carryOut(out, plan, options.show);
  return trouble.length > 0 ? report("failed", trouble) : report("written");
}

function describe(output: BundleOutput, changed: boolean): BuildReport["bundles"][number] {
  const targets = output.hosts.flatMap(({ target }) => target ?? []);
  const files = outputPaths(output);
  return { name: output.name, changed, files, ...(targets.length === 0 ? {} : { targets }) };
}
