/** Benches run on tiny inputs, so that none is found broken when somebody needs its figures. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { chromiumPath } from "../browser.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const shared = existsSync(join(root, "..", "shared", "bench"));
const mawk = spawnSync("mawk", ["-W", "version"]).error === undefined;

const benches: readonly {
  readonly words: readonly string[];
  /** What the last line says. */
  readonly says: RegExp;
  /** Why it cannot run here; null: it can. */
  readonly lacks: string | null;
}[] = [
  {
    words: ["bench/replay.js", "0.001", "1"],
    says: /tune \/ one: [\d.]+ CPU/,
    lacks: mawk ? null : "mawk is not installed",
  },
  { words: ["bench/fleet.js", "1", "2", "1"], says: /2 hosts x 1 detections [\d.]+ x one host/, lacks: null },
  { words: ["bench/build.js", "1"], says: /nothing changed: +[\d.]+ x tsc/, lacks: null },
  {
    words: ["--import", "tsx", "bench/logtest.ts", "1", "200"],
    says: /median ratio [\d.]+/,
    lacks: shared ? null : "../shared/bench is not there",
  },
  {
    words: ["--import", "tsx", "bench/lint.ts", "1"],
    says: /ten copies take [\d.]+ times one/,
    lacks: shared ? null : "../shared/bench is not there",
  },
  {
    words: ["bench/playground.js", "1"],
    says: /, rules +median \d+ ms/,
    lacks: chromiumPath === null ? "there is no Chromium" : null,
  },
];

for (const { words, says, lacks } of benches) {
  const name = words.find((word) => word.startsWith("bench/")) ?? "";
  if (lacks !== null) {
    console.log(`SKIPPED: ${name}: ${lacks}`);
    continue;
  }
  test(`${name} runs`, () => {
    const ran = spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" });
    assert.is(ran.status, 0, `${ran.stdout}${ran.stderr}`);
    assert.match(ran.stdout, says);
  });
}

test.run();
