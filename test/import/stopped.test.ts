/** An import that is stopped: nothing half-written, and it says that it is a part. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { StepWatch } from "../../src/files/reading-watch.js";
import { importOf, inFolder } from "./import-of.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Stops when a step of that name has begun. */
function stoppingAt(name: string): StepWatch & { readonly steps: readonly string[] } {
  const steps: string[] = [];
  let stopped = false;
  return {
    steps,
    step: (what) => {
      steps.push(what);
      if (what.startsWith(name)) stopped = true;
    },
    stopped: () => stopped,
  };
}

for (const [what, path] of [
  ["XML", join(root, "examples/local-rules/by-hand")],
  ["Sigma", join(root, "test/data/import/sigma/lines.yml")],
] as const)
  test(`${what}: stopped before files are written it writes none, in the proof it says that the proof is a part`, async () => {
    for (const step of ["reading", "compiling"])
      await inFolder(async (folder) => {
        const result = await importOf([path], folder, { name: "x", watch: stoppingAt(step) });
        assert.equal(result.written, []);
        assert.equal(readdirSync(folder), []);
        assert.ok(result.diagnostics.some(({ code }) => code === "import/partial"));
      });
    await inFolder(async (folder) => {
      const watch = stoppingAt("proof");
      const result = await importOf([path], folder, { name: "x", watch });
      assert.equal(readdirSync(folder), ["x.zopf.ts"]);
      assert.ok(result.diagnostics.some(({ code }) => code === "import/partial"));
      assert.is(watch.steps.filter((one) => one.startsWith("proof")).length, 1);
    });
    await inFolder(async (folder) => {
      const watch = stoppingAt("never");
      const result = await importOf([path], folder, { name: "x", watch });
      assert.ok(watch.steps.filter((one) => one === "proof: rule").length > 1);
      assert.not.ok(result.diagnostics.some(({ code }) => code === "import/partial"));
    });
  });

test.run();
