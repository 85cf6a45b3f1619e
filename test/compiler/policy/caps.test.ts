import { test } from "uvu";
import * as assert from "uvu/assert";
import { caps as capsDecoder } from "../../../src/compiler/decode/zeek-detection.js";
import { type Counted, comfortable, entriesPerKey, linkCaps } from "../../../src/compiler/link/caps.js";
import { capsProblems } from "../../../src/compiler/policy/caps.js";
import { read as decode, span } from "../decode/read.js";
import { bundleText, workspace } from "../workspace.js";

function read(value: unknown, changes: Partial<Counted> = {}) {
  const counted: Counted = { count: "distinct", window: "sliding", threshold: 20, ...changes };
  const { declared, diagnostics } = decode(capsDecoder, value ?? {});
  if (declared === null) return { caps: null, codes: diagnostics.map(({ code }) => code) };
  const caps = linkCaps(declared, counted);
  const found = capsProblems(declared, caps, counted, (key) => ({ label: `caps.${key}`, span: () => span }));
  return { caps, codes: [...diagnostics, ...found].map(({ code }) => code) };
}

test("defaults stay below the comfortable number of entries", () => {
  for (const count of ["distinct", "events", "sum"] as const)
    for (const window of ["sliding", "fixed", "writeExpire", "readExpire"] as const)
      for (const threshold of [1, 20, 100, 101, 1_000, 99_999, 100_000]) {
        const counted = { count, window, threshold };
        const { caps } = read(undefined, counted);
        assert.ok(caps !== null);
        assert.ok(caps.keys * entriesPerKey(counted, caps.members) <= comfortable, JSON.stringify(counted));
      }
  assert.equal(read(undefined).caps, { keys: 100_000, members: 20 });
  assert.equal(read(undefined, { threshold: 1_000 }).caps, { keys: 20_000, members: 1_000 });
  assert.equal(read(undefined, { count: "sum", threshold: 1e9 }).caps, { keys: 10_000, members: 1_000 });
});

test("settings that break the bound are refused or told", () => {
  assert.equal(read({ keys: 1_000_000 }).codes, []);
  assert.equal(read({ keys: 1_000_001 }).codes, ["bundle/large-bound"]);
  assert.equal(read({ keys: 10_000_000 }, { threshold: 101 }).codes, ["bundle/bound"]);
  assert.equal(read({ keys: 100_000 }, { count: "sum" }).codes, ["bundle/large-bound"]);
  assert.equal(read({ members: 100_000, keys: 1_000_000 }, { count: "sum" }).codes, ["bundle/bound"]);
  assert.equal(read({ keys: 10_000_000 }, { count: "sum", window: "fixed" }).codes, []);
  assert.equal(read({ members: 19 }).codes, ["bundle/bound"]);
  assert.equal(read({ members: 1 }, { count: "sum" }).codes, ["bundle/bound"]);
  assert.equal(read({ members: 21 }).codes, ["bundle/idle-bound"]);
  assert.equal(read({ members: 20 }).codes, []);
  assert.equal(read({ members: 50 }, { count: "sum" }).codes, []);
  assert.equal(read(undefined, { threshold: 1_001 }).codes, ["bundle/slow-bound"]);
  assert.equal(read(undefined, { threshold: 1_001, window: "fixed" }).codes, []);
});

test("a value that is no number is told once and stops nothing else", () => {
  for (const value of ["many", 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, null]) {
    const { caps, codes } = read({ keys: value });
    assert.is(caps, null);
    assert.is(codes.length, 1);
  }
});

test("in a bundle: at the line of the setting", async () => {
  const here = workspace().write(
    "bundle.zopf.ts",
    bundleText({ "threshold: 5,": "threshold: 500,\n    caps: { keys: 9_000_000 }," }),
  );
  const report = await here.build();
  const told = report.diagnostics.find(({ code }) => code === "bundle/bound");
  assert.is(told?.line, 17);
  assert.match(told?.message ?? "", /4500000000 entries/);
  assert.match(told?.help ?? "", /40000 keys/);
});

test.run();
