import { readdirSync, statSync } from "node:fs";
import { partPattern } from "../path-expression.js";

/** How many files of this host a pattern of glob(3) finds: `*`, `?`, `[…]` within the parts of a path. */
export function countFiles(pattern: string): number {
  let folders: readonly string[] = [pattern.startsWith("/") ? "/" : "."];
  const parts = pattern.split("/").filter((part) => part !== "");
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    folders = folders.flatMap((folder) => namesIn(folder, part).map((name) => `${folder}/${name}`));
    folders = folders.filter((path) => isThere(path, last));
  }
  return folders.length;
}

function namesIn(folder: string, part: string): readonly string[] {
  if (!/[*?[]/.test(part)) return [part];
  try {
    const test = new RegExp(`^${partPattern(part)}$`);
    return readdirSync(folder).filter(
      (name) => test.test(name) && (part.startsWith(".") || !name.startsWith(".")),
    );
  } catch {
    return [];
  }
}

function isThere(path: string, last: boolean): boolean {
  try {
    return last || statSync(path).isDirectory();
  } catch {
    return false;
  }
}
