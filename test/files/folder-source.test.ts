import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderSource } from "../../src/files/folder-source.js";
import { scratchFolder } from "../scratch-folder.js";

const folder = scratchFolder("source");
const home = join(folder, "home");
mkdirSync(join(home, "rules"), { recursive: true });
writeFileSync(join(home, "rules", "a.xml"), "inside");
writeFileSync(join(folder, "a.xml"), "above");

test("files of the home are read, and nothing above it: `..` ends at the home", () => {
  const source = folderSource(`${home}/`);
  const text = (path: string): string | null => {
    const found = source.read(path);
    return found instanceof Uint8Array ? Buffer.from(found).toString() : null;
  };
  assert.is(text("rules/a.xml"), "inside");
  assert.is(text("rules/../rules/a.xml"), "inside");
  assert.is(text("../a.xml"), null);
  assert.is(text("rules/../../a.xml"), null);
  assert.equal(source.list?.("../../.."), ["rules"]);
  assert.is(source.list?.("etc"), null);
  assert.is(source.display?.("rules/a.xml"), `${home}/rules/a.xml`);
  assert.equal(source.read("rules"), { error: "it is a folder, not a file" });
});

test.run();
