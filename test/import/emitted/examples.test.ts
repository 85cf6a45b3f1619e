import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type CompiledBundle, compileBundles } from "../../../src/compiler/compile.js";
import { formatManifest } from "../../../src/targets/manifest.js";

import { importOf, inFolder } from "../import-of.js";

const test = suite("import/emitted/examples");

const root = fileURLToPath(new URL("../../..", import.meta.url));
const show = (path: string): string => path;

async function compiled(file: string): Promise<readonly CompiledBundle[]> {
  const found = await compileBundles([file], { show, cache: false });
  assert.ok(found.ok, JSON.stringify(found.diagnostics.slice(0, 3), null, 1));
  return found.bundles;
}

/** What a bundle means: its Models and all that is emitted of it, without the places of its source. */
function meaningOf(bundles: readonly CompiledBundle[]): unknown {
  const text = JSON.stringify(
    bundles.map(({ model, files, lock }) => ({ model, files, lock: [...lock] })),
    (key, value) => (key === "span" ? undefined : value),
  );
  return JSON.parse(text);
}

function build(bundles: readonly CompiledBundle[], folder: string): void {
  for (const { model, files, manifest } of bundles) {
    const own = model.host === null ? folder : join(folder, model.host.name);
    for (const { path, content } of [
      ...files,
      { path: "manifest.json", content: formatManifest(manifest) },
    ]) {
      mkdirSync(join(own, path, ".."), { recursive: true });
      writeFileSync(join(own, path), content);
    }
  }
}

const examples = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".zopf.ts"))
  .sort();

for (const example of examples)
  test(`${example}: what is built of it gives it back`, () =>
    inFolder(async (folder) => {
      const bundles = await compiled(join(root, "examples", example));
      build(bundles, join(folder, "built"));
      const result = await importOf([join(folder, "built")], join(folder, "again"));
      assert.is(result.from, "zopf");
      assert.equal(result.diagnostics, []);
      const [name = ""] = readdirSync(join(folder, "again")).filter((path) => path.endsWith(".zopf.ts"));
      assert.equal(meaningOf(await compiled(join(folder, "again", name))), meaningOf(bundles));
    }));

test("every committed output gives its bundle back", () =>
  inFolder(async (folder) => {
    const outputs = readdirSync(join(root, "generated"));
    assert.ok(outputs.length > 10);
    for (const name of outputs) {
      const result = await importOf([join(root, "generated", name)], join(folder, name));
      assert.equal(result.diagnostics, [], name);
    }
  }));

test("a file that was changed by hand: its XML is imported as anybody's, and it is said", () =>
  inFolder(async (folder) => {
    cpSync(join(root, "generated", "sshd-burst"), join(folder, "sshd-burst"), { recursive: true });
    const rules = join(folder, "sshd-burst", "ossec", "local_rules.xml");
    writeFileSync(rules, readFileSync(rules, "utf8").replace('level="10"', 'level="11"'));
    const result = await importOf([join(folder, "sshd-burst")], join(folder, "again"));
    assert.equal(
      result.diagnostics.filter(({ code }) => code === "import/changed").map(({ file }) => file),
      [rules],
    );
    const burst = result.draft?.modules
      .flatMap(({ detections }) => detections)
      .find(({ value }) => value.kind === "burst");
    assert.is(burst?.value.kind === "burst" ? burst.value.rule.level : null, 11);
  }));

test("a manifest with a function that is more than one does not become TypeScript", () =>
  inFolder(async (folder) => {
    cpSync(join(root, "generated", "perimeter"), join(folder, "perimeter"), { recursive: true });
    const manifest = join(folder, "perimeter", "manifest.json");
    const text = readFileSync(manifest, "utf8");
    for (const body of ["c.id.orig_h); evil(); ((c) => 1", "c, evil()", "{ return 1 } evil()", "`"]) {
      const changed = text.replace(
        /("parameters":"c","body":)"(?:[^"\\]|\\.)*"/,
        (_, start) => start + JSON.stringify(body),
      );
      assert.is.not(changed, text);
      writeFileSync(manifest, changed);
      const result = await importOf([join(folder, "perimeter")], join(folder, "again"));
      assert.equal(
        result.diagnostics.map(({ code }) => code),
        ["import/broken"],
        body,
      );
      assert.is(result.draft, null);
    }
  }));

test.run();
