/** Rule sets as they are chosen: files, .tar, .tar.gz and .zip. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { filesOf, type Picked } from "../../site/playground/page/archive.js";
import { scratchFolder } from "../scratch-folder.js";

/** Deeper than a header of tar has room for. */
const deep = `${"ossec-hids-with-a-long-name/".repeat(6)}etc/rules/long_rules.xml`;
const contents: Readonly<Record<string, string>> = {
  "ossec/etc/ossec.conf": "<ossec_config/>",
  "ossec/rules/a_rules.xml": '<group name="é,"/>',
  "ossec/etc/lists/hosts": "a:b\n",
  [deep]: "<group/>",
};

const asFile = (name: string, bytes: Uint8Array): File => new File([new Uint8Array(bytes)], name);
const shown = (picked: Picked): Readonly<Record<string, string>> =>
  Object.fromEntries([...picked].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]));

function packed(format: string): Uint8Array | null {
  const folder = scratchFolder("archive");
  for (const [path, text] of Object.entries({
    ...contents,
    "ossec/readme.txt": "no rules",
    "ossec/bin/x": "\0",
  })) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const file = join(folder, "rules.tar");
  const made = spawnSync("tar", [
    "--format",
    format,
    "-cf",
    file,
    "-C",
    folder,
    "ossec",
    deep.split("/")[0] ?? "",
  ]);
  return made.status === 0 ? readFileSync(file) : null;
}

for (const format of ["gnu", "pax", "ustar"])
  test(`a tar in the form ${format}, compressed or not`, async () => {
    const tar = packed(format);
    if (tar === null) {
      console.log(`skipped: tar does not write the form ${format}`);
      return;
    }
    assert.equal(shown(await filesOf([["r.tar", asFile("r.tar", tar)]])), contents);
    assert.equal(shown(await filesOf([["r.tar.gz", asFile("r.tar.gz", gzipSync(tar))]])), contents);
    assert.equal(shown(await filesOf([["r.tgz", asFile("r.tgz", gzipSync(tar))]])), contents);
  });

test("a zip", async () => {
  const files = Object.entries({ ...contents, "ossec/readme.txt": "no" }).map(
    ([path, text]) => [path, new TextEncoder().encode(text)] as const,
  );
  const zip = zipSync(Object.fromEntries(files));
  assert.equal(shown(await filesOf([["r.zip", asFile("r.zip", zip)]])), contents);
});

test("files of a folder", async () => {
  const files = Object.entries({ ...contents, "ossec/readme.txt": "no" }).map(
    ([path, text]) => [path, asFile(path, new TextEncoder().encode(text))] as const,
  );
  assert.equal(shown(await filesOf(files)), contents);
});

test("what is damaged is said so, and ends", async () => {
  const tar = packed("gnu");
  if (tar === null) return;
  const half = gzipSync(tar).subarray(0, 200);
  for (const [name, bytes] of [
    ["a.zip", new Uint8Array([1, 2, 3])],
    ["a.tar", new TextEncoder().encode("no archive at all ".repeat(60))],
    ["a.tar.gz", half],
  ] as const) {
    let failed = "";
    await filesOf([[name, asFile(name, bytes)]]).catch((error: unknown) => {
      failed = String(error);
    });
    assert.is.not(failed, "", name);
  }
});

test.run();
