import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import type { EmittedFile } from "../../src/targets/file.js";

const root = fileURLToPath(new URL("golden/", import.meta.url));

/**
 * Compares emitted files with those of `golden/<name>/`, which a person reviews as a change. Run with
 * ZOPF_UPDATE_GOLDEN=1 to write them anew.
 */
export function matchesGolden(name: string, files: readonly EmittedFile[]): void {
  for (const { path: file, content } of files) {
    const golden = path.join(root, name, file);
    if (process.env.ZOPF_UPDATE_GOLDEN === "1") {
      mkdirSync(path.dirname(golden), { recursive: true });
      writeFileSync(golden, content);
    }
    assert.is(content, readFileSync(golden, "utf8"), golden);
  }
}
