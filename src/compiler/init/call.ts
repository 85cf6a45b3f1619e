import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url)).replace(/[\\/]$/, "");

/**
 * How zopf is called in a folder. `npx zopf` only where it is installed, or inside zopf's own repository:
 * elsewhere npx would ask a registry for somebody's package of that name.
 */
export function callOf(folder: string): string {
  const full = resolve(folder);
  const inside = relative(root, full);
  if (inside !== ".." && !inside.startsWith(`..${sep}`) && resolve(root, inside) === full) return "npx zopf";
  for (let at = full; ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules", "zopf", "package.json"))) return "npx zopf";
    if (dirname(at) === at) break;
  }
  return /^[\w./-]+$/.test(root) ? `npx ${root}` : `npx '${root.replaceAll("'", "'\\''")}'`;
}
