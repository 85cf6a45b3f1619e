import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LoadedBundle } from "../../../src/compiler/load/index.js";
import { bundle, detection, loadFine, textAt } from "./load-text.js";

const test = suite("load: trace");

// biome-ignore lint/suspicious/noExplicitAny: what a bundle holds is only known to link
const parts = (loaded: LoadedBundle): any => loaded.value;

test("a function gives its node, its span and what it captured", async () => {
  const source = bundle(
    detection(
      "One",
      "where: (c) => c.conn?.conn_state === state && busy(c.id.resp_h) && Site.local_nets.has(c.id.orig_h)",
    ),
    'const state = "S0"; const limit = 3; function busy(h: unknown): boolean { return String(h).length > limit; }',
  );
  const loaded = await loadFine(source);
  const where = loaded.sourceOf(parts(loaded).detections[0].where);
  assert.ok(where);
  assert.match(textAt(source, where.span), /^\(c\) => c\.conn\?\.conn_state === state/);
  assert.equal([...where.captured].sort(), ["Site", "busy", "state"]);
  assert.is(where.environment("state"), "S0");
  assert.is(where.environment("String"), undefined);
  assert.ok(where.checker.typeToString(where.checker.getTypeAtLocation(where.node)).includes("=> boolean"));
  const busy = loaded.sourceOf(where.environment("busy"));
  assert.is(busy?.environment("limit"), 3);
  assert.ok(busy && textAt(source, busy.span).startsWith("function busy"));
});

test("every round of a loop has its own environment", async () => {
  const before = `const made: Detection[] = [];
for (const state of ["S0", "REJ"]) { const deep = { state }; made.push(${detection("X", "where: (c) => c.history === state && c.conn?.conn_state === deep.state")}); }
for (let i = 0; i < 2; i++) made.push(${detection("Y", "where: (c) => c.history === String(i)")});`;
  const loaded = await loadFine(bundle("...made", before));
  const of = (index: number, name: string): unknown =>
    loaded.sourceOf(parts(loaded).detections[index].where)?.environment(name);
  assert.equal(
    [of(0, "state"), of(1, "state"), of(0, "deep"), of(2, "i"), of(3, "i")],
    ["S0", "REJ", { state: "S0" }, 0, 1],
  );
});

test("methods, function expressions, imports, exported variables, parameters, recursion, shadows", async () => {
  const before = `import { far as near } from "./far.js"; import * as all from "./far.js";
export let level = 4;
const outer = 1;
const curry = (limit: number) => (c: { history?: string }): boolean => { const outer = c.history; return outer === near(limit) && all.far(level) === ""; };
function again(n: number): number { return n > 0 ? again(n - 1) : outer; }
namespace N { export const inside = 8; export const check = () => inside; }
class K { static s = 5; f = () => K.s; }`;
  const more = `where(c) { return curry(7)(c) && again(level) > 0 && N.check() > 0 && new K().f() > 0; }`;
  const loaded = await loadFine(
    bundle(
      `${detection("A", more)}, ${detection("B", "where: curry(9)")}, ${detection("C", "where: function named(c): boolean { return c.history === near(outer) || named(c); }")}`,
      before,
    ),
    { "far.ts": "const secret = 's'; export const far = (n: number): string => secret.repeat(n);" },
  );
  const [a, b, c] = parts(loaded).detections.map((d: { where: unknown }) => loaded.sourceOf(d.where));
  assert.equal([...a.captured].sort(), ["K", "N", "again", "curry", "level"]);
  assert.is(a.environment("level"), 4);
  assert.equal([...b.captured].sort(), ["all", "level", "limit", "near"]);
  assert.is(b.environment("limit"), 9);
  assert.is(loaded.sourceOf(b.environment("near"))?.environment("secret"), "s");
  assert.equal([...c.captured].sort(), ["near", "outer"]);
  const again = loaded.sourceOf(a.environment("again"));
  assert.equal([...(again?.captured ?? [])].sort(), ["again", "outer"]);
  assert.is(loaded.sourceOf(a.environment("N").check)?.environment("inside"), 8);
  assert.is(loaded.sourceOf(new (a.environment("K"))().f)?.environment("K"), a.environment("K"));
});

test("a captured variable before its initialisation is undefined", async () => {
  const loaded = await loadFine(
    bundle(detection("One", "where: (c) => c.history === late")).replace("export default", "const bundle =") +
      "export default bundle;\ndeclare const late: string;\n",
  );
  assert.is(loaded.sourceOf(parts(loaded).detections[0].where)?.environment("late"), undefined);
});

test("locate: properties, elements, constants, spreads, calls, JSON, what is not there", async () => {
  const source = `import { defineBundle, pf } from "zopf";
import data from "./data.json";
const rule = { level: 6, description: "shared" } as const;
const base = { home: "/o", version: "4.3" } as const;
const table = "t" + "able";
const nets = ["192.0.2.1"];
export default defineBundle({
  name: "test",
  ossec: { ...base, firstRuleId: 100500 },
  firewall: pf({ table }),
  neverBlock: ["10.0.0.1", ...nets, ...data.never, "::1"],
  "detections": [${detection("One").replace('rule: { level: 6, description: "d" }', "rule")}],
});
`;
  const loaded = await loadFine(source, { "data.json": '{\n  "never": ["😀", "2001:db8::1"] }' });
  const value = parts(loaded);
  const at = (of: object, ...path: (string | number)[]): string => textAt(source, loaded.locate(of, ...path));
  assert.is(at(value, "name"), '"test"');
  assert.is(at(value, "ossec", "firstRuleId"), "100500");
  assert.is(at(value, "ossec", "home"), '"/o"');
  assert.is(at(value.ossec, "version"), '"4.3"');
  assert.is(at(value.ossec, "dialect"), "{ ...base, firstRuleId: 100500 }");
  assert.is(at(value, "firewall", "table"), "table");
  assert.is(at(value.firewall, "table"), "table");
  assert.is(at(value.firewall), "pf({ table })");
  assert.is(at(value, "neverBlock", 0), '"10.0.0.1"');
  assert.is(at(value.neverBlock, 4), '"::1"');
  assert.is(at(value, "detections", 0, "rule"), "rule");
  assert.is(at(value, "detections", 0, "rule", "level"), "6");
  assert.is(at(value.detections[0].rule, "description"), '"shared"');
  assert.is(at(value, "detections", 0, "count", "events"), "true");
  assert.is(at(value.detections[0].per), "(c) => c.id.orig_h");
  assert.ok(at(value, "responses").startsWith("{\n  name:"));
  assert.ok(at({}, "x").startsWith("defineBundle({"));
  const json = await loadFine(bundle("", 'import data from "./data.json";', "neverBlock: data.never,"), {
    "data.json": '{\n  "never": ["😀", "2001:db8::1"] }',
  });
  const { file, line, column } = json.locate(parts(json).neverBlock, 1);
  assert.equal([file, line, column], ["data.json", 2, 18]);
});

test("law: whatever stands before it, a string is located at itself, in code points", async () => {
  const filler = fc.array(fc.constantFrom("a", "é", "😀", "\t", "‮", "\r\n", "\n", "𝒳", " ", "漢"), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(filler, filler, async (before, inside) => {
      const text = JSON.stringify(inside.join(""));
      const source = `import { defineBundle } from "zopf";
/* ${before.join("")} */ export default defineBundle({ /* ${before.join("")} */ name: ${text}, ossec: { home: "/o" }, detections: [] });`;
      const loaded = await loadFine(source);
      assert.is(textAt(source, loaded.locate(parts(loaded), "name")), text);
      assert.is(JSON.stringify(parts(loaded).name), text);
    }),
    { numRuns: 15 },
  );
});

test.run();
