import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "./read.js";
import { zopfCode } from "./zopf-home.js";

let identity: string | undefined;

/**
 * A hash that changes with everything of zopf that can change its output: package.json, and name, size and
 * time of every file of its code and its templates (their content would take longer to read than a cached
 * build may take; the version stands for it in an installed package, whose times are all the same).
 */
export function zopfIdentity(): string {
  identity ??= sha256(
    [
      process.version,
      textOf(join(zopfCode, "..", "package.json")),
      ...filesBelow(zopfCode, "code/"),
      ...filesBelow(join(zopfCode, "..", "templates"), "templates/"),
    ].join("\0"),
  );
  return identity;
}

function filesBelow(folder: string, name: string): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path, `${name}${entry.name}/`);
      // Half of the files are for people and for the compiler of others' code.
      if (/\.(?:d\.ts|map)$/.test(entry.name)) return [];
      const found = statSync(path, { throwIfNoEntry: false });
      return [`${name}${entry.name} ${found?.size} ${found?.mtimeMs}`];
    });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
