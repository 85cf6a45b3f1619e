import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundleText, workspace } from "./workspace.js";

const built = async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  assert.is((await here.build()).outcome, "written");
  return here;
};

for (const below of ["", "/ossec", "/zeek", "/zeek/perimeter"])
  test(`a link in the output is not followed: perimeter${below}`, async () => {
    const here = await built();
    const outside = join(here.folder, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "local_rules.xml"), "theirs");
    const folder = join(here.folder, "generated", `perimeter${below}`);
    rmSync(folder, { recursive: true });
    symlinkSync(outside, folder);
    for (const force of [false, true]) {
      const report = await here.build({ force });
      assert.is(report.outcome, "failed");
      assert.ok(
        report.diagnostics.some(
          ({ code, file }) => code === "build/output" && file.endsWith(`perimeter${below}`),
        ),
        JSON.stringify(report.diagnostics),
      );
    }
    assert.equal(here.tree("outside"), { "local_rules.xml": "theirs" });
  });

test("a file where a folder is to be", async () => {
  const here = await built();
  rmSync(join(here.folder, "generated/perimeter/pf"), { recursive: true });
  here.write("generated/perimeter/pf", "theirs");
  const before = here.tree("generated");
  const report = await here.build();
  assert.is(report.outcome, "failed");
  assert.match(report.diagnostics[0]?.message ?? "", /is a file where a folder is to be/);
  assert.equal(here.tree("generated"), before);
});

test("a manifest that names files elsewhere leads nowhere", async () => {
  const here = await built();
  here.write("victim", "x").write("generated/other/file", "x");
  const manifest = JSON.parse(here.read("generated/perimeter/manifest.json") ?? "");
  const { sha256 } = manifest.files[0];
  for (const path of ["../../victim", "../other/file", join(here.folder, "victim"), "zeek/../../../victim"]) {
    const edited = { ...manifest, files: [...manifest.files, { ...manifest.files[0], path, sha256 }] };
    here.write("generated/perimeter/manifest.json", JSON.stringify(edited));
    await here.build({ force: true });
    assert.is(here.read("victim"), "x", path);
    assert.is(here.read("generated/other/file"), "x", path);
  }
});

test("an output folder without a name", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  assert.is((await here.build({ out: "" })).diagnostics[0]?.code, "build/output");
});

for (const out of ["/dev/null/x", "n".repeat(300), "bundle.zopf.ts/x"])
  test(`no folder can be at ${out.slice(0, 20)}`, async () => {
    const here = workspace().write("bundle.zopf.ts", bundleText());
    const report = await here.build({ out: resolve(here.folder, out) });
    assert.is(report.outcome, "failed");
    assert.is(report.diagnostics[0]?.code, "build/output");
  });

test("a pipe in the way does not stop the build for ever", async () => {
  const here = await built();
  const pipe = join(here.folder, "generated/perimeter/manifest.json");
  rmSync(pipe);
  execFileSync("mkfifo", [pipe]);
  assert.is((await here.build()).outcome, "failed");
  rmSync(pipe);
  const lock = join(here.folder, "zopf.lock.json");
  rmSync(lock);
  execFileSync("mkfifo", [lock]);
  const report = await here.build();
  assert.is(report.outcome, "failed");
  assert.ok(report.diagnostics.some(({ code }) => code === "bundle/lock-file" || /lock/.test(code)));
});

test("a dangling link at a file's place is a foreign file", async () => {
  const here = await built();
  const path = join(here.folder, "generated/perimeter/pf/pf.conf");
  rmSync(path);
  symlinkSync(join(here.folder, "nowhere"), path);
  assert.is((await here.build()).outcome, "failed");
  assert.is((await here.build({ force: true })).outcome, "written");
  assert.not.ok(existsSync(join(here.folder, "nowhere")));
  assert.match(readFileSync(path, "utf8"), /ossec_fwtable/);
});

test.run();
