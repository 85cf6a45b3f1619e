import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Where the running zopf's code lies: `dist/`, or `src/` when it runs from its sources (tests under tsx). */
export const zopfCode = fileURLToPath(new URL("../../", import.meta.url));
const fromSource = import.meta.url.endsWith(".ts");

/** `index` for `zopf`, `testing` for `zopf/testing`; null for anything that is not zopf's. */
export function zopfEntry(specifier: string): string | null {
  if (specifier === "zopf") return "index";
  const below = /^zopf\/([a-z][a-z-]*)$/.exec(specifier)?.[1];
  return below !== undefined && existsSync(zopfTypes(below)) ? below : null;
}

/** The file that declares an entry's types. */
export function zopfTypes(entry: string): string {
  return join(zopfCode, fromSource ? `${entry}.ts` : `${entry}.d.ts`);
}

/** The running code of an entry: the very modules that zopf itself uses. */
export async function importZopf(entry: string): Promise<Readonly<Record<string, unknown>>> {
  return import(pathToFileURL(join(zopfCode, fromSource ? `${entry}.ts` : `${entry}.js`)).href);
}
