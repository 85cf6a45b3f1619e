import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { OssecSource } from "./ossec-source.js";
import { readWhole } from "./read-whole.js";
import { isMissing, reasonOf } from "./system-error.js";

/** An OSSEC home in a folder; files above it are not reached. */
export function folderSource(folder: string, show: (path: string) => string): OssecSource {
  const below = (path: string): string | null => (path.split("/").includes("..") ? null : join(folder, path));
  return {
    read(path) {
      const full = below(path);
      if (full === null) return null;
      try {
        return readWhole(full);
      } catch (error) {
        return isMissing(error) ? null : { error: reasonOf(error) };
      }
    },
    list(path) {
      const full = below(path);
      if (full === null) return null;
      try {
        return readdirSync(full);
      } catch {
        return null;
      }
    },
    display: (path) => show(join(folder, path)),
  };
}
