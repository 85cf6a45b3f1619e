import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadBundle, loadBundles } from "../../../src/compiler/load/index.js";
import { defineBundle } from "../../../src/index.js";
import { bundle, detection, folderWith, loadFine, loadText, textAt } from "./load-text.js";

const test = suite("load");

// biome-ignore lint/suspicious/noExplicitAny: what a bundle holds is only known to link
const parts = (value: unknown): any => value;

test("a bundle's value is what it exports, with ordinary objects", async () => {
  const { value, files, cacheable } = await loadFine(bundle(detection("One")));
  assert.is(parts(value).detections[0].name, "One");
  assert.is(Object.getPrototypeOf(value), Object.prototype);
  assert.ok(Array.isArray(parts(value).detections));
  assert.is(parts(value).detections[0].per.name, "per");
  assert.is(files.length, 1);
  assert.ok(cacheable);
});

test("several at a time; a timer that somebody else starts meanwhile is kept", async () => {
  let rang = false;
  const loads = ["One", "Two", "Three"].map((name) => loadFine(bundle(detection(name))));
  // Each load runs its bundle at some turn of the queue: a timer from every turn until they have ended.
  let ended = false;
  const all = Promise.all(loads).finally(() => {
    ended = true;
  });
  while (!ended) {
    rang = false;
    await new Promise<void>((resolve) =>
      setTimeout(() => {
        rang = true;
        resolve();
      }, 0),
    );
    assert.ok(rang);
  }
  assert.equal(
    (await all).map(({ value }) => parts(value).detections[0].name),
    ["One", "Two", "Three"],
  );
});

test("constants, helpers, loops, spreads and local imports are ordinary TypeScript", async () => {
  const source = `import { defineBundle } from "zopf";
import networks from "./networks.json" with { type: "json" };
import { levels } from "./levels.js";
import { make } from "./lib/make.ts";
import twice = require("./twice.cjs");
const detections = [];
for (const [index, name] of ["A", "B", "C"].entries()) detections.push(make(name, twice(index) + levels.low));
const more = { ...detections[0]!, name: "D" as const };
export default defineBundle({ name: "test", ossec: { home: "/o" }, neverBlock: networks.never, detections: [...detections, more] });
`;
  const { value, files } = await loadFine(source, {
    "networks.json": '{ "never": ["192.0.2.1"] }',
    "levels.js": "export const levels = { low: 1 };",
    "twice.cjs": "module.exports = (n) => n * 2;",
    "lib/make.ts": `import type { ZeekDetectionOn } from "zopf";
export const make = (name: string, threshold: number): ZeekDetectionOn<"new_connection"> => (${detection(
      "X",
      "",
    )
      .replace('"X"', "name")
      .replace("threshold: 5", "threshold")});
`,
  });
  assert.equal(
    parts(value).detections.map((d: { name: string; threshold: number }) => [d.name, d.threshold]),
    [
      ["A", 1],
      ["B", 3],
      ["C", 5],
      ["D", 1],
    ],
  );
  assert.equal(parts(value).neverBlock, ["192.0.2.1"]);
  assert.equal(
    files.map((file) => file.path.split("/").slice(-1)[0]),
    ["levels.js", "make.ts", "networks.json", "test.zopf.ts", "twice.cjs"],
  );
});

test("zopf is the one that runs, and a package.json with type module changes nothing", async () => {
  const source = bundle(
    detection("One"),
    'import { helper } from "./helper"; export const here = Object.keys(import.meta); if (helper !== defineBundle || here.length !== 3) throw 1;',
  );
  const { value } = await loadFine(source, {
    "package.json": '{ "type": "module" }',
    "helper.ts": 'export { defineBundle as helper } from "zopf";',
    "node_modules/zopf/package.json": '{ "name": "zopf", "main": "no.js" }',
  });
  assert.equal(Object.keys(parts(value)).sort(), Object.keys(defineBundle(parts(value))).sort());
});

test("packages near the bundle are found, whatever they are written in, and share zopf", async () => {
  const { value, files } = await loadFine(
    bundle(detection("One"), 'import { a } from "cjs"; import b from "esm";', "neverBlock: [a, b],"),
    {
      "node_modules/cjs/package.json": '{ "name": "cjs", "main": "i.js", "types": "i.d.ts" }',
      "node_modules/cjs/i.js": 'const z = require("zopf"); exports.a = typeof z.defineBundle;',
      "node_modules/cjs/i.d.ts": "export const a: string;",
      "node_modules/esm/package.json":
        '{ "name": "esm", "type": "module", "exports": { ".": { "types": "./i.d.ts", "import": "./i.js" } } }',
      "node_modules/esm/i.js": 'import { pf } from "zopf"; export default typeof pf;',
      "node_modules/esm/i.d.ts": "declare const b: string; export default b;",
    },
  );
  assert.equal(parts(value).neverBlock, ["function", "function"]);
  assert.is(files.filter((file) => file.path.endsWith("i.js")).length, 2);
});

test("circular imports work as in CommonJS", async () => {
  const { value } = await loadFine(
    bundle(detection("One"), 'import { a } from "./a.js";', "neverBlock: [a()],"),
    {
      "a.ts": 'import { b } from "./b.js"; export const a = (): string => b; ',
      "b.ts":
        'import { a } from "./a.js"; export const b: string = typeof a === "undefined" ? "early" : "late";',
    },
  );
  assert.equal(parts(value).neverBlock, ["early"]);
});

test("a bundle that looks outside cannot be cached", async () => {
  const { cacheable } = await loadFine(bundle(detection("One"), 'import "./x.js";'), {
    "x.js": 'import { readFileSync } from "node:fs"; export const x = readFileSync;',
  });
  assert.not(cacheable);
});

test("several bundles: one program, results in their order, one's mistakes are not the other's", async () => {
  const cwd = folderWith({
    "a.zopf.ts": bundle(detection("A"), 'import { shared } from "./shared.js"; shared();'),
    "b.zopf.ts": bundle(detection("B"), "const n: number = 'x';"),
    "c.zopf.ts": bundle(detection("C"), 'import { shared } from "./shared.js"; shared();'),
    "shared.ts": "let calls = 0; export const shared = () => { if (++calls > 1) throw new Error('twice'); };",
  });
  const results = await loadBundles(["a.zopf.ts", "none.zopf.ts", "b.zopf.ts", "c.zopf.ts"], { cwd });
  assert.equal(
    results.map((result) =>
      result.ok ? parts(result.bundle.value).detections[0].name : result.diagnostics[0]?.code,
    ),
    ["A", "load/not-found", "TS2322", "C"],
  );
});

test("assignments by pattern, optional chains, generators, classes and labels survive the tagging", async () => {
  const before = `
let a = 1, b = 2; [a, b] = [b, a];
let x: { p: number } = { p: 0 }; ({ p: x.p } = { p: 7 }); ({ p: x.p = 3 } = { p: undefined } as { p?: number | undefined });
for ([a, b] of [[5, 6]] as [number, number][]) {}
const maybe: { f?: () => { g: () => number[] } } | undefined = JSON.parse("null") ?? undefined;
const none = maybe?.f?.().g()[0];
function* count(): Generator<number[], void, unknown> { for (let i = 0; i < 3; i++) yield [i]; }
class Base { constructor(readonly list: number[]) {} m() { return [1]; } }
class Derived extends (class extends Base {}) { static { void [1]; } #p = () => this.list; constructor() { super([9]); } m() { return super.m().concat(this.#p()); } }
outer: for (const i of [1, 2]) { do { if (i === 1) continue outer; break outer; } while (true); }
enum Color { Red = 1 << 2 } namespace N { export const k = 4; export function f() { return k; } }
function hoisted(this: void) { "use strict"; return helper([1]); function helper(l: number[]) { return l.length; } }
switch (a) { case 5: function inCase() { return 1; } }
const results = [a, b, x.p, none, [...count()].length, new Derived().m().join(), Color.Red, N.f(), hoisted(), (() => ({ z: 1 }))().z];
`;
  const { value } = await loadFine(
    bundle(detection("One"), before, "neverBlock: results.map((r) => String(r)),"),
  );
  assert.equal(parts(value).neverBlock, ["5", "6", "3", "undefined", "3", "1,9", "4", "4", "1", "1"]);
});

test("@ts-ignore and any get through to the value and crash nothing", async () => {
  const source = `import { defineBundle } from "zopf";
// @ts-ignore
export default defineBundle({ name: 3, detections: [null, { where: 5, per: Symbol.iterator, get x() { throw 1; } }], loop: undefined as any });
`;
  const { value, locate, sourceOf } = await loadFine(source);
  const whole = parts(value);
  assert.is(textAt(source, locate(whole, "name")), "3");
  assert.is(textAt(source, locate(whole, "detections", 1, "x")), "x");
  assert.ok(textAt(source, locate(whole, "detections", 7, "y", "z")).startsWith("[null"));
  assert.is(sourceOf(whole.detections[1].per), null);
  assert.is(sourceOf(null), null);
});

test("an absolute path is named as given", async () => {
  const folder = folderWith({ "x.zopf.ts": "" });
  const result = await loadBundle(join(folder, "x.zopf.ts"));
  assert.is(result.ok ? "" : result.diagnostics[0]?.file, join(folder, "x.zopf.ts"));
});

test("a bundle may use zopf's types through any name and export its bundle as a constant", async () => {
  const result = await loadText(
    'import * as z from "zopf"; const b = z.defineBundle({ name: "t", ossec: { home: "/o" }, detections: [] }); export { b as default };',
  );
  assert.ok(result.ok);
});

test.run();
