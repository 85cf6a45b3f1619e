/** `zopf import --engine`: files of an older OSSEC. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { importOf, inFolder, writeAll } from "../import-of.js";

const test = suite("import: versions of OSSEC");

/** 4.3 skips an XML declaration, which older versions take for text. */
const declaration = '<?xml version="1.0"?>\n';
const rules = `<group name="local,">
  <rule id="100100" level="7">
    <match>gizmo: denied</match>
    <description>Gizmo denied.</description>
  </rule>
</group>
`;

test("the bundle is for the version whose files they are, and the proof runs in it", () =>
  inFolder(async (folder) => {
    writeAll(folder, { "rules.xml": rules });
    for (const engine of ["3.7", "3.8", "4.3"] as const) {
      const into = join(folder, engine);
      const { proof, refused, diagnostics } = await importOf([join(folder, "rules.xml")], into, {
        engine,
        name: "local",
      });
      assert.equal([...refused, ...diagnostics], [], engine);
      assert.ok(proof !== null && proof.lines > 0 && proof.same === proof.lines);
      assert.ok(readFileSync(join(into, "local.zopf.ts"), "utf8").includes(`version: "${engine}"`));
    }
  }));

test("what the version does not load stays behind, with its message", () =>
  inFolder(async (folder) => {
    writeAll(folder, { "rules.xml": declaration + rules });
    const errors = async (engine: "3.7" | "4.3"): Promise<readonly string[]> => {
      const { diagnostics } = await importOf([join(folder, "rules.xml")], join(folder, engine), {
        engine,
        name: "local",
      });
      return diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
    };
    assert.equal(await errors("4.3"), []);
    assert.is.not((await errors("3.7")).length, 0);
  }));

test("other systems have no such versions", () =>
  inFolder(async (folder) => {
    writeAll(folder, { "rules.xml": rules });
    const { draft, diagnostics } = await importOf([folder], folder, { from: "wazuh", engine: "3.7" });
    assert.is(draft, null);
    assert.match(diagnostics[0]?.message ?? "", /--engine says OSSEC 3\.7/);
  }));

test.run();
