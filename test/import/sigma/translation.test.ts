import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compileWritten } from "../../../src/import/compile-draft.js";
import { draftOf } from "../../../src/import/sigma/draft.js";
import { proveRules } from "../../../src/import/sigma/proof.js";
import type { EventRule, Piece, Test, ValueTest } from "../../../src/import/sigma/rule.js";
import { writeDraft } from "../../../src/import/writer/bundle-file.js";

const test = suite("import/sigma/translation");
const place = { file: "x.yml", line: 1, column: 1 };

const letters = fc.string({
  unit: fc.constantFrom("a", "B", "k", ".", "/", "$", "\\", "'", '"', "`", "|", "[", " "),
  minLength: 1,
  maxLength: 4,
});
const piece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 3, arbitrary: letters.map((text) => ({ kind: "text", text }) as const) },
  fc.constant({ kind: "any" } as const),
  fc.constant({ kind: "one" } as const),
);
const text: fc.Arbitrary<ValueTest> = fc.record({
  kind: fc.constant("text" as const),
  pieces: fc.array(piece, { minLength: 1, maxLength: 3 }),
  cased: fc.boolean(),
});
const field: fc.Arbitrary<Test> = fc.oneof(
  fc.record({
    kind: fc.constant("field" as const),
    field: fc.constantFrom("uri", "method", "cs-host", "c-useragent"),
    test: fc.oneof({ weight: 5, arbitrary: text }, fc.constant({ kind: "null" } as const)),
    place: fc.constant(place),
  }),
  fc.record({
    kind: fc.constant("field" as const),
    field: fc.constantFrom("sc-status", "dst_port"),
    test: fc.oneof(
      fc.nat(600).map((value) => ({ kind: "number", value }) as const),
      fc.record({
        kind: fc.constant("compare" as const),
        by: fc.constantFrom("lt" as const, "gte" as const),
        value: fc.nat(600),
      }),
    ),
    place: fc.constant(place),
  }),
  fc.record({
    kind: fc.constant("field" as const),
    field: fc.constant("dst_ip"),
    test: fc
      .constantFrom("10.0.0.0/8", "198.51.100.0/24")
      .map((network) => ({ kind: "cidr", network }) as const),
    place: fc.constant(place),
  }),
);
const { tree } = fc.letrec<{ tree: Test }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 3, arbitrary: field },
    fc.record({
      kind: fc.constantFrom("all" as const, "any" as const),
      of: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("not" as const), of: tie("tree") }),
  ),
}));

function ruleOf(condition: Test, at: number): EventRule {
  return {
    kind: "rule",
    title: `Rule ${at}`,
    id: null,
    name: null,
    level: "low",
    status: null,
    tags: [],
    remarks: [],
    place: { ...place, line: at + 1 },
    source: { category: "proxy", product: null, service: null, place },
    test: condition,
  };
}

test("random rules: what the bundle says of a row is what the evaluator says", async () => {
  const conditions = fc.sample(tree, { numRuns: 60, seed: 19 });
  const { draft, translated } = draftOf(conditions.map(ruleOf), "random", []);
  assert.equal(draft.refused, []);
  const compiled = await compileWritten(writeDraft(draft), "random");
  assert.ok(compiled.ok, compiled.ok ? "" : JSON.stringify(compiled.diagnostics.slice(0, 3)));
  if (!compiled.ok) return;
  const proof = await proveRules(translated, compiled.emitted);
  assert.equal(
    proof.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
    [],
  );
  assert.ok(proof.lines > 10_000);
  assert.ok(proof.answered > 30, `${proof.answered} rules spoke`);
});

test.run();
