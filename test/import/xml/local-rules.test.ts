import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compileBundles } from "../../../src/compiler/compile.js";
import { importOf, inFolder } from "../import-of.js";

const test = suite("import/xml/local-rules");

const root = fileURLToPath(new URL("../../..", import.meta.url));
const show = (path: string): string => path.replace(`${root}/`, "").replace(root, "");

/** What the import of the twelve local rules of the examples is to look like; UPDATE=1 writes it anew. */
const golden = join(root, "test", "import", "golden", "local.zopf.ts.txt");

const given = ["local_decoder.xml", "local_rules.xml"].map((name) =>
  join(root, "examples", "local-rules", "by-hand", name),
);

test("the local rules of the example become the bundle that is written down", () =>
  inFolder(async (into) => {
    const result = await importOf(given, into, { name: "local", show });
    assert.equal(
      result.diagnostics.filter(({ severity }) => severity === "error"),
      [],
    );
    assert.is(result.from, "ossec");
    assert.is(result.proof?.same, result.proof?.lines);
    assert.ok((result.proof?.lines ?? 0) > 20);
    const text = readFileSync(join(into, "local.zopf.ts"), "utf8");
    if (process.env.UPDATE === "1") writeFileSync(golden, text);
    assert.is(text, readFileSync(golden, "utf8"));
    const compiled = await compileBundles([join(into, "local.zopf.ts")], { show, cache: false });
    assert.ok(compiled.ok, JSON.stringify(compiled.diagnostics));
  }));

test("a second import changes nothing, one over a changed file is refused, --force is not", () =>
  inFolder(async (into) => {
    const file = join(into, "local.zopf.ts");
    await importOf(given, into, { name: "local", show });
    const again = await importOf(given, into, { name: "local", show });
    assert.equal(again.written, [{ path: file, changed: false }]);
    writeFileSync(file, `${readFileSync(file, "utf8")}// mine\n`);
    const refused = await importOf(given, into, { name: "local", show });
    assert.equal(
      refused.diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ code, file: at }) => [code, at]),
      [["import/foreign-file", file]],
    );
    assert.equal(refused.written, []);
    assert.match(readFileSync(file, "utf8"), /\/\/ mine/);
    const forced = await importOf(given, into, { name: "local", show, force: true });
    assert.equal(forced.written, [{ path: file, changed: true }]);
    writeFileSync(file, "export default 1;\n");
    assert.equal((await importOf(given, into, { name: "local", show })).written, []);
  }));

test.run();
