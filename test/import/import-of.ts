/** Imports into a folder of their own, for tests. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ImportOptions, type ImportResult, runImport } from "../../src/import/import.js";

/** Runs with a folder that is gone afterwards. */
export function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "zopf-import-")));
  return body(folder).finally(() => rmSync(folder, { recursive: true }));
}

export function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export function importOf(
  paths: readonly string[],
  into: string,
  options: Partial<ImportOptions> = {},
): Promise<ImportResult> {
  return runImport({
    paths,
    from: null,
    into,
    home: null,
    name: null,
    order: null,
    fix: false,
    force: false,
    check: false,
    logs: [],
    timeZone: "UTC0",
    show: (path) => path,
    ...options,
  });
}
