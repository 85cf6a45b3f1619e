import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readCompiled } from "../../src/compiler/cache.js";
import { scratchFolder } from "../scratch-folder.js";
import { bundleText, workspace } from "./workspace.js";

process.env.ZOPF_CACHE = scratchFolder("compiled");
test.after(() => {
  delete process.env.ZOPF_CACHE;
});

test("a compiled bundle is taken again as long as every file that it was made from is as it was", async () => {
  const space = workspace()
    .write("bundle.zopf.ts", `import "./beside.js";\n${bundleText()}`)
    .write("beside.ts", "export const one = 1;\n");
  const cached = () => readCompiled(join(space.folder, "bundle.zopf.ts"), new Map());
  assert.is(cached(), null);
  await space.build({ cache: true });
  assert.is(cached()?.model.name, "perimeter");
  space.write("beside.ts", "export const one = 2;\n");
  assert.is(cached(), null);
  space.write("beside.ts", "export const one = 1;\n");
  assert.is(cached()?.model.name, "perimeter");
});

test.run();
