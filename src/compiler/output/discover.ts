import { type Dirent, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * Every `*.zopf.ts` below `folder`, sorted: what `build`, `test` and `check` take when no bundle is named.
 * Left out are node_modules, dot folders and the output folder; links to folders are not followed, so that
 * a circle of links ends.
 */
export function discoverBundles(folder: string, output: string | null): readonly string[] {
  const found: string[] = [];
  const skipped = output === null ? null : resolve(output);
  const walk = (path: string): void => {
    let entries: Dirent[];
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch {
      return; // a folder that may not be read holds no bundle of this user's
    }
    for (const entry of entries) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) {
        if (entry.name === "node_modules" || entry.name.startsWith(".") || resolve(child) === skipped)
          continue;
        walk(child);
      } else if (entry.name.endsWith(".zopf.ts") && (entry.isFile() || entry.isSymbolicLink()))
        found.push(child);
    }
  };
  walk(folder);
  return found.sort();
}
