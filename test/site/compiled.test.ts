/** `zopf build --compiled FILE`, as the playground reads it. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readCompiled } from "../../site/playground/core/bundle.js";
import { version } from "../../src/files/version.js";
import { scratchFolder } from "../scratch-folder.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const example = join(root, "examples", "zeek-fleet");

function build(folder: string, ...more: readonly string[]) {
  return spawnSync(process.execPath, [join(root, "bin", "run.js"), "build", "fleet.zopf.ts", ...more], {
    cwd: folder,
    encoding: "utf8",
  });
}

test("a bundle for several hosts comes with each of them", () => {
  const folder = join(root, ".build", "compiled-example");
  cpSync(example, folder, { recursive: true });
  const { status, stderr } = build(folder, "--compiled", "fleet.json");
  assert.is(status, 0, stderr);
  const text = readFileSync(join(folder, "fleet.json"), "utf8");
  const read = readCompiled(text, version);
  assert.ok(read.ok);
  if (!read.ok) return;
  assert.ok(read.value.hosts.length > 2);
  for (const { model, files } of read.value.hosts) {
    assert.ok(model.host !== null);
    for (const { path, content } of files)
      assert.is(
        readFileSync(join(folder, "generated", model.name, model.host?.name ?? "", path), "utf8"),
        content,
      );
  }
  // Unchanged output is written again, and is the same.
  assert.is(build(folder, "--compiled", "fleet.json").status, 0);
  assert.is(readFileSync(join(folder, "fleet.json"), "utf8"), text);
});

test("what does not build leaves no file", () => {
  const folder = scratchFolder("compiled");
  const { status } = build(folder, "--compiled", "none.json");
  assert.is(status, 2);
  assert.is(existsSync(join(folder, "none.json")), false);
});

test("another version's, and what is none, is refused in words", () => {
  const other = readCompiled(
    JSON.stringify({
      format: "zopf-compiled",
      zopf: "0.0.1",
      hosts: [{ model: { detections: [] }, files: [] }],
    }),
    version,
  );
  assert.match(other.ok ? "" : other.reason, /compiled by zopf 0\.0\.1/);
  for (const text of ["", "{}", "[]", '{"format":"zopf-compiled","zopf":"x","hosts":[]}', "null"]) {
    const read = readCompiled(text, version);
    assert.match(read.ok ? "" : read.reason, /zopf build --compiled/);
  }
});

test.run();
