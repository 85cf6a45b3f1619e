import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../../src/cli/command.js";
import { compileBundles } from "../../../src/compiler/compile.js";
import { selectTarget } from "../../../src/compiler/select-target.js";
import { bundleText, workspace } from "../workspace.js";

const never = '["192.0.2.1", "10.0.0.0/8", "2001:db8::/32"]';

/** What a person is told, each thing once: code, line, and where it matters a piece of the help. */
const cases: readonly (readonly [
  title: string,
  change: Readonly<Record<string, string>>,
  told: readonly (readonly [code: string, line: number, help?: RegExp])[],
])[] = [
  [
    "a neverBlock of one bad entry is not also empty",
    { [never]: '["300.1.1.1"]', 'ownAddresses: ["2001:db8::1"]': "ownAddresses: []" },
    [["bundle/network", 8, /write "192\.0\.2\.1"/]],
  ],
  ["a week", { 'for: "10 min"': 'for: "1 week"' }, [["TS2322", 24, /"7 days".*no weeks/]]],
  [
    "a window without its kind",
    { '{ sliding: "1 min" }': '"30 min"' },
    [["TS2322", 17, /sliding: "30 min"/]],
  ],
  ["a kind that is none", { 'kind: "zeek"': 'kind: "Zeek"' }, [["TS2820", 10]]],
  ["a misspelt import", { "{ Site, defineBundle, pf }": "{ Site, defineBundel, pf }" }, [["TS2724", 1]]],
  ["a misspelt package", { 'from "zopf"': 'from "zof"' }, [["load/import", 1]]],
  ["a misspelt function", { "firewall: pf(": "firewall: pff(" }, [["TS2304", 7]]],
];

for (const [title, change, told] of cases)
  test(`${title}: told once`, async () => {
    const report = await workspace().write("bundle.zopf.ts", bundleText(change)).build();
    assert.equal(
      report.diagnostics.map(({ code, line }) => [code, line]),
      told.map(([code, line]) => [code, line]),
      JSON.stringify(report.diagnostics),
    );
    for (const [index, [, , help]] of told.entries())
      if (help !== undefined) assert.match(report.diagnostics[index]?.help ?? "", help);
  });

test("a parameter without a type is told where nothing else is wrong", async () => {
  const change = { "export default": "const twice = (x) => x;\nvoid twice;\nexport default" };
  const report = await workspace().write("bundle.zopf.ts", bundleText(change)).build();
  assert.equal(
    report.diagnostics.map(({ code, line }) => [code, line]),
    [["TS7006", 3]],
  );
});

test("a log detection may be called what Zeek reserves, a Zeek detection not", async () => {
  const log = (name: string): string => `import { defineBundle, pcre2 } from "zopf";
export default defineBundle({
  name: "logs",
  ossec: { home: "/var/ossec", version: "4.3" },
  detections: [{
    kind: "log", name: "${name}", program: "app", regex: pcre2\`^refused ([0-9.]+)$\`, order: ["srcip"],
    samples: ["Nov 14 18:09:08 web app[812]: refused 198.51.100.66"],
    rule: { level: 5, description: "refused" },
  }],
});
`;
  for (const name of ["F", "T"]) {
    const report = await workspace().write("bundle.zopf.ts", log(name)).build();
    assert.equal(report.diagnostics, []);
  }
  const zeek = bundleText({
    'name: "Port_Scan_S0_Detected"': 'name: "F"',
    'detection: "Port_Scan_S0_Detected"': 'detection: "F"',
  });
  const report = await workspace().write("bundle.zopf.ts", zeek).build();
  assert.ok(report.diagnostics.some(({ code }) => code === "bundle/name"));
});

test("which target is meant is asked where the targets stand", async () => {
  const targets = `targets: {
    a: { roles: ["sensor"], firewall: pf({ table: "ossec_fwtable" }) },
    b: { firewall: pf({ table: "ossec_fwtable" }) },
  },`;
  const here = workspace().write(
    "bundle.zopf.ts",
    bundleText({ 'firewall: pf({ table: "ossec_fwtable" }),': targets }),
  );
  const compiled = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  assert.ok(compiled.ok, JSON.stringify(compiled.diagnostics));
  for (const name of [null, "c"]) {
    const selected = selectTarget(compiled.bundles, name, showPath);
    assert.is(selected.ok, false);
    assert.equal(
      selected.diagnostics.map(({ code, line, column }) => [code, line, column]),
      [["build/target", 8, 8]],
    );
  }
});

test.run();
