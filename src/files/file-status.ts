import { type Stats, statSync } from "node:fs";

/**
 * What lies at a path, links followed; null where nothing can be seen. `throwIfNoEntry: false` alone throws where
 * a part of the path is a file, or a link leads round.
 */
export function fileStatus(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
