import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];

process.on("exit", () => {
  for (const folder of folders)
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // A test whose folder cannot be removed (rights that it took away) has passed or failed all the same.
    }
});

/** A new, empty folder, `zopf-NAME-…` among the system's temporary ones; removed when the process ends. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `zopf-${name}-`));
  folders.push(folder);
  return folder;
}
