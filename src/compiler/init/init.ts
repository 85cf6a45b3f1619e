import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../files/make-folder.js";
import { reasonOf } from "../../files/system-error.js";
import { zopfDependency } from "./call.js";

/** The compiler that the types of bundles are tested with; an editor brings its own. */
const typescript = "^6.0.0";

const templates = new URL("../../../templates/init/", import.meta.url);

/** What `zopf init` writes, with the template of each. */
const files = [
  { path: "perimeter.zopf.ts", template: "perimeter.zopf.ts", mode: 0o644 },
  { path: "cases/quiet-day/case.json", template: "case.json", mode: 0o644 },
  { path: "cases/quiet-day/conn.log", template: "conn.log", mode: 0o644 },
  { path: "package.json", template: "package.json", mode: 0o644 },
  { path: "tsconfig.json", template: "tsconfig.json", mode: 0o644 },
  { path: "zopf-ci.sh", template: "zopf-ci.sh", mode: 0o755 },
] as const;

export type InitReport =
  | { readonly ok: true; readonly written: readonly string[]; readonly kept: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Writes a first bundle with a case, never over a file that is there. */
export function initialise(folder: string): InitReport {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    return { ok: false, reason: "is a file, not a folder" };
  const written: string[] = [];
  const kept: string[] = [];
  const versions: Readonly<Record<string, string>> = { zopf: zopfDependency(folder), typescript };
  try {
    for (const { path, template, mode } of files) {
      const full = join(folder, path);
      if (existsSync(full)) {
        kept.push(path);
        continue;
      }
      makeFolder(dirname(full));
      const text = readFileSync(new URL(`${template}.tmpl`, templates), "utf8");
      writeFileSync(
        full,
        text.replace(/\{\{(zopf|typescript)\}\}/g, (whole, name) => versions[name] ?? whole),
        { flag: "wx" },
      );
      chmodSync(full, mode);
      written.push(path);
    }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
  return { ok: true, written, kept };
}
