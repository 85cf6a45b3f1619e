import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { build, isWhole } from "../../src/compiler/build.js";
import { planOutput } from "../../src/compiler/output/write.js";
import { bundleText, workspace } from "./workspace.js";

test("the layout of docs/reference/cli.md, the manifest, and a second build that changes nothing", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  const first = await here.build();
  assert.is(first.outcome, "written");
  const tree = here.tree("generated/perimeter");
  assert.equal(Object.keys(tree).sort(), [
    "active-response/firewall-drop.sh*",
    "manifest.json",
    "ossec/local_decoder.xml",
    "ossec/local_rules.xml",
    "ossec/ossec.conf",
    "pf/pf.conf",
    "zeek/perimeter/__load__.zeek",
    "zeek/perimeter/notice-log.zeek",
    "zeek/perimeter/port_scan_s0_detected.zeek",
    "zeek/perimeter/zkg.meta",
  ]);
  const manifest = JSON.parse(tree["manifest.json"] ?? "");
  assert.equal(manifest.owns, {
    ruleIds: [100500, 100599],
    decoders: ["zopf-perimeter", "zopf-perimeter_notice", "zopf-perimeter_capacity"],
    commands: ["perimeter-firewall-drop"],
    tables: ["ossec_fwtable"],
    notices: ["Perimeter::Port_Scan_S0_Detected", "Perimeter::Port_Scan_S0_Detected_Capacity"],
  });
  assert.match(here.read("zopf.lock.json") ?? "", /"Port_Scan_S0_Detected": 100500/);
  assert.is((await here.build()).outcome, "unchanged");
  assert.is((await here.build({ check: true })).outcome, "unchanged");
  assert.equal(here.tree("generated/perimeter"), tree);
});

test("--check writes nothing and says that the output is stale", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  assert.is((await here.build({ check: true })).outcome, "stale");
  assert.equal(here.tree("generated"), {});
  assert.is(here.read("zopf.lock.json"), null);
  await here.build();
  here.write("bundle.zopf.ts", bundleText({ "threshold: 5": "threshold: 6" }));
  assert.is((await here.build({ check: true })).outcome, "stale");
});

test("a file edited by hand is stale output to --check", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  await here.build();
  here.write("generated/perimeter/pf/pf.conf", "edited\n");
  assert.is((await here.build({ check: true })).outcome, "stale");
  assert.is(here.read("generated/perimeter/pf/pf.conf"), "edited\n");
  assert.is((await here.build()).outcome, "failed");
});

test("where all bundles are built, every other bundle's folder is stale and stays", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  await here.build();
  here.write("bundle.zopf.ts", bundleText({ 'name: "perimeter"': 'name: "border"' }));
  await here.build();
  const show = (path: string): string => path;
  const out = join(here.folder, "generated");
  const plan = (whole: boolean) =>
    planOutput(out, [{ name: "border", hosts: [] }], [], { force: false, whole, show });
  assert.equal(plan(false).stale, []);
  const { stale, diagnostics } = plan(true);
  assert.equal(stale, [join(out, "perimeter")]);
  assert.ok(
    diagnostics.some(({ code, file }) => code === "build/stale-folder" && file === join(out, "perimeter")),
  );
  here.write("generated/notes/manifest.json", "{}");
  assert.equal(plan(true).stale, [join(out, "perimeter")], "a folder that zopf did not write");
});

test("all bundles are built where none is left out and the output is the folder's own", () => {
  const here = workspace().write("a.zopf.ts", "").write("deeper/b.zopf.ts", "");
  const [a, b] = [join(here.folder, "a.zopf.ts"), join(here.folder, "deeper/b.zopf.ts")];
  const out = join(here.folder, "generated");
  assert.ok(isWhole(here.folder, [a, b], out));
  assert.not(isWhole(here.folder, [a], out));
  assert.not(
    isWhole(join(here.folder, "deeper"), [b], out),
    "another folder's bundles are built there as well",
  );
});

test("zopf build --check finds the folder of a bundle that was renamed", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  const cwd = process.cwd();
  try {
    process.chdir(here.folder);
    const run = (check: boolean) =>
      build({ files: [], out: "generated", check, force: false, cache: false, show: (path) => path });
    assert.is((await run(false)).outcome, "written");
    assert.is((await run(true)).outcome, "unchanged");
    here.write("bundle.zopf.ts", bundleText({ 'name: "perimeter"': 'name: "border"' }));
    assert.is((await run(false)).outcome, "written");
    const checked = await run(true);
    assert.is(checked.outcome, "stale");
    assert.match(checked.diagnostics[0]?.message ?? "", /"perimeter" that no file builds/);
    rmSync("generated/perimeter", { recursive: true });
    assert.is((await run(true)).outcome, "unchanged");
  } finally {
    process.chdir(cwd);
  }
});

test("files that zopf did not write are not lost", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  here.write("generated/perimeter/ossec/ossec.conf", "mine\n");
  const refused = await here.build();
  assert.is(refused.outcome, "failed");
  assert.is(refused.diagnostics[0]?.code, "build/foreign-file");
  assert.is(here.read("generated/perimeter/ossec/ossec.conf"), "mine\n");
  assert.is(here.read("generated/perimeter/pf/pf.conf"), null, "all or nothing");
  assert.is((await here.build({ force: true })).outcome, "written");
  here.write("generated/perimeter/notes.txt", "mine\n");
  const stray = await here.build();
  assert.is(stray.outcome, "unchanged");
  assert.is(stray.diagnostics[0]?.code, "build/stray-file");
  here.write("generated/perimeter/pf/pf.conf", "edited\n");
  assert.is((await here.build()).outcome, "failed");
});

test("files of an older version of the bundle go", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  await here.build();
  here.write(
    "bundle.zopf.ts",
    bundleText({
      'firewall: pf({ table: "ossec_fwtable" }),': "firewall: ipfw({ table: 2 }),",
      "pf }": "ipfw }",
    }),
  );
  assert.is((await here.build()).outcome, "written");
  assert.is(here.read("generated/perimeter/pf/pf.conf"), null);
  assert.ok((here.read("generated/perimeter/ipfw/ipfw.sh") ?? "").length > 0);
});

test("an output that is a file, or a folder where a file goes", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText()).write("generated", "a file\n");
  const report = await here.build();
  assert.is(report.outcome, "failed");
  assert.is(report.diagnostics[0]?.code, "build/output");
  const other = workspace().write("bundle.zopf.ts", bundleText());
  mkdirSync(join(other.folder, "generated/perimeter/pf/pf.conf"), { recursive: true });
  assert.is((await other.build()).outcome, "failed");
});

test("a lock file keeps ids through a renaming, and a broken one stops the build", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  await here.build();
  here.write(
    "bundle.zopf.ts",
    bundleText({
      'name: "Port_Scan_S0_Detected"': 'name: "Renamed"',
      'detection: "Port_Scan_S0_Detected"': 'detection: "Renamed"',
    }),
  );
  await here.build();
  assert.match(
    here.read("zopf.lock.json") ?? "",
    /"Renamed": 100501/,
    "a retired id is not used again at once",
  );
  const before = here.tree("generated");
  here.write("zopf.lock.json", "<<<<<<< HEAD\n");
  const report = await here.build();
  assert.is(report.outcome, "failed");
  assert.is(report.diagnostics[0]?.code, "bundle/lock");
  assert.equal(here.tree("generated"), before);
});

test("two bundles: none is written when one does not compile", async () => {
  const here = workspace()
    .write("a.zopf.ts", bundleText({ 'name: "perimeter"': 'name: "a"' }))
    .write("b.zopf.ts", bundleText({ 'name: "perimeter"': 'name: "b"', "level: 6": "level: 99" }));
  assert.is((await here.build({ files: ["a.zopf.ts", "b.zopf.ts"] })).outcome, "failed");
  assert.equal(here.tree("generated"), {});
});

test("two bundles on one host share no name, and are told of what they would share", async () => {
  const here = workspace()
    .write("a.zopf.ts", bundleText({ 'name: "perimeter"': 'name: "a"' }))
    .write("b.zopf.ts", bundleText({ 'name: "perimeter"': 'name: "b"' }));
  const report = await here.build({ files: ["a.zopf.ts", "b.zopf.ts"] });
  assert.is(report.outcome, "written");
  assert.ok(
    report.diagnostics.some(
      ({ code, message }) => code === "build/bundles-meet" && message.includes("ossec_fwtable"),
    ),
  );
  const owns = ["a", "b"].map(
    (name) => JSON.parse(here.read(`generated/${name}/manifest.json`) ?? "{}").owns,
  );
  for (const key of ["ruleIds", "decoders", "commands", "notices"])
    for (const value of owns[0][key]) assert.not(owns[1][key].includes(value), `${key} ${value}`);
  const targets = ["a", "b"].map((name) =>
    JSON.parse(here.read(`generated/${name}/manifest.json`) ?? "{}")
      .files.filter((file: { merge: string }) => file.merge === "file")
      .map((file: { target: string }) => file.target),
  );
  for (const target of targets[0] ?? []) assert.not((targets[1] ?? []).includes(target), target);
});

test("two bundles of one name", async () => {
  const here = workspace().write("x/a.zopf.ts", bundleText()).write("y/b.zopf.ts", bundleText());
  const report = await here.build({ files: ["x/a.zopf.ts", "y/b.zopf.ts"] });
  assert.is(report.outcome, "failed");
  assert.ok(report.diagnostics.some(({ code }) => code === "build/same-bundle-name"));
});

test("the same input gives the same bytes wherever it lies", async () => {
  const one = workspace().write("bundle.zopf.ts", bundleText());
  const other = workspace().write("deep/er/bundle.zopf.ts", bundleText());
  await one.build();
  await other.build({ files: ["deep/er/bundle.zopf.ts"] });
  assert.equal(one.tree("generated"), other.tree("generated"));
});

test.run();
