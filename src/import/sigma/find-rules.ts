/** Finds files of Sigma rules below the given paths. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { reasonOf } from "../../files/system-error.js";
import { codes } from "../codes.js";

/** No rule is larger. */
export const sizeLimit = 4 << 20;

/** The files that are named, and those of YAML below folders that are, by their names. */
export function findRules(
  paths: readonly string[],
  show: (path: string) => string,
  diagnostics: Diagnostic[],
): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (path: string, named: boolean): void => {
    try {
      const real = realpathSync(path);
      if (seen.has(real)) return;
      seen.add(real);
      const stat = statSync(path);
      if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name), false);
      else if (named || (stat.isFile() && /\.ya?ml$/i.test(path))) found.push(path);
    } catch (error) {
      diagnostics.push(
        codes.input({ file: show(path), line: 1, column: 1 }, `cannot be read: ${reasonOf(error)}`),
      );
    }
  };
  for (const path of paths) visit(path, true);
  return found;
}
