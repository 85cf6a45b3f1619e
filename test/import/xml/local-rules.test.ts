import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compileBundles } from "../../../src/compiler/compile.js";
import { runImport } from "../../../src/import/import.js";

const test = suite("import/xml/local-rules");

const root = fileURLToPath(new URL("../../..", import.meta.url));
const show = (path: string): string => path.replace(`${root}/`, "").replace(root, "");

/** What the import of the twelve local rules of the examples is to look like; UPDATE=1 writes it anew. */
const golden = join(root, "test", "import", "golden", "local.zopf.ts.txt");

test("the local rules of the example become the bundle that is written down", async () => {
  const into = realpathSync(mkdtempSync(join(tmpdir(), "zopf-import-")));
  try {
    const given = ["local_decoder.xml", "local_rules.xml"].map((name) =>
      join(root, "examples", "local-rules", "by-hand", name),
    );
    const result = await runImport({
      paths: given,
      from: null,
      into,
      home: null,
      name: "local",
      order: null,
      fix: false,
      force: false,
      check: false,
      logs: [],
      timeZone: "UTC0",
      show,
    });
    assert.equal(
      result.diagnostics.filter(({ severity }) => severity === "error"),
      [],
    );
    assert.is(result.from, "ossec");
    const text = readFileSync(join(into, "local.zopf.ts"), "utf8");
    if (process.env.UPDATE === "1") writeFileSync(golden, text);
    assert.is(text, readFileSync(golden, "utf8"));
    const compiled = await compileBundles([join(into, "local.zopf.ts")], { show, cache: false });
    assert.ok(compiled.ok, JSON.stringify(compiled.diagnostics));
  } finally {
    rmSync(into, { recursive: true });
  }
});

test.run();
