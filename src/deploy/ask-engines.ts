import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CompiledBundle } from "../compiler/compile.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { findEngine } from "../programs/find.js";
import { engines } from "../programs/index.js";
import type { Plan } from "./plan.js";

/** Those that judge whether a file works; shellcheck judges its style. */
const judges = engines.filter(({ name }) => name !== "shellcheck");

/** Gives the files as they would lie on the host, merged, to the engines that are installed here. */
export async function askEngines(
  bundle: CompiledBundle,
  plan: Plan,
  home: string | null,
  show: (path: string) => string,
): Promise<readonly Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  const scratch = mkdtempSync(join(tmpdir(), "zopf-deploy-"));
  try {
    const folder = join(scratch, bundle.model.name);
    for (const file of bundle.files) {
      const path = join(folder, file.path);
      const planned = plan.files.find(({ target }) => target === file.target)?.after;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, planned?.bytes ?? file.content);
    }
    for (const { name, check } of judges) {
      const found = findEngine(name, new Map());
      if (found.kind === "missing") continue;
      const laid = { bundle, folder, lines: [] };
      const outcome = await check({ program: found.program, bundles: [laid], scratch, home, show });
      diagnostics.push(...outcome.diagnostics);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return diagnostics;
}
