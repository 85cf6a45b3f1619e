import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { packageName, version } from "../../files/version.js";

const root = fileURLToPath(new URL("../../../", import.meta.url)).replace(/[\\/]$/, "");

/**
 * What a package.json in a folder names as `zopf`, so that `import … from "zopf"` has types there: the clone that
 * runs, or, where zopf runs as an installed package, that version of it.
 */
export function zopfDependency(folder: string): string {
  if (!existsSync(join(root, "src"))) return `npm:${packageName}@^${version}`;
  const path = relative(resolve(folder), root).split(sep).join("/");
  return `file:${path === "" ? "." : path}`;
}

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
