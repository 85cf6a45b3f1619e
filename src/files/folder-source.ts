import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { OssecSource } from "./ossec-source.js";
import { readWhole } from "./read-whole.js";
import { isMissing, reasonOf } from "./system-error.js";

/**
 * An OSSEC home in a folder. A path with `..` ends at the folder, as for the programs of OSSEC, which change their
 * root to it before they read rules: what lies above is not reached.
 *
 * @param show - how diagnostics name a file; default: below the folder's name as given
 */
export function folderSource(folder: string, show?: (path: string) => string): OssecSource {
  const below = (path: string): string => join(folder, join("/", path));
  return {
    read(path) {
      try {
        return readWhole(below(path));
      } catch (error) {
        return isMissing(error) ? null : { error: reasonOf(error) };
      }
    },
    list(path) {
      try {
        return readdirSync(below(path));
      } catch {
        return null;
      }
    },
    display: (path) => show?.(join(folder, path)) ?? `${folder.replace(/\/+$/, "")}/${path}`,
  };
}
