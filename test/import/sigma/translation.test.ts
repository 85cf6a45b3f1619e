import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compileWritten } from "../../../src/import/compile-draft.js";
import { draftOf } from "../../../src/import/sigma/draft.js";
import { evaluate, type SigmaEvent } from "../../../src/import/sigma/evaluate.js";
import { lineEvent } from "../../../src/import/sigma/line-events.js";
import { accessFormat, auditFormat, sudoFormat } from "../../../src/import/sigma/line-formats.js";
import { lineMatchesOf } from "../../../src/import/sigma/line-match.js";
import { linesFor } from "../../../src/import/sigma/line-samples.js";
import { proveRules } from "../../../src/import/sigma/proof.js";
import {
  type EventRule,
  type Piece,
  Refusal,
  type Test,
  type ValueTest,
} from "../../../src/import/sigma/rule.js";
import { writeDraft } from "../../../src/import/writer/bundle-file.js";
import { compilePattern } from "../../../src/ossec/patterns/index.js";

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
const lineField: fc.Arbitrary<Test> = fc.oneof(
  fc.record({
    kind: fc.constant("field" as const),
    field: fc.constantFrom("c-uri", "cs-uri-stem", "cs-referer", "cs-user-agent", "cs-method", "cs-host"),
    test: fc.oneof(
      { weight: 5, arbitrary: text },
      fc.constant({ kind: "null" } as const),
      fc.boolean().map((value) => ({ kind: "exists", value }) as const),
      fc
        .record({
          source: fc.constantFrom("^/a.*\\.php$", "[^a/]b+", '"x|\\\\', "a{2,3}(b|c)", "\\d\\D", "/.$"),
          flags: fc.constantFrom("", "i"),
        })
        .map((regex) => ({ kind: "regex", ...regex }) as const),
    ),
    place: fc.constant(place),
  }),
  fc.record({
    kind: fc.constant("field" as const),
    field: fc.constantFrom("sc-status", "sc-bytes"),
    test: fc.oneof(
      fc.nat(600).map((value) => ({ kind: "number", value }) as const),
      fc.record({
        kind: fc.constant("compare" as const),
        by: fc.constantFrom("lt" as const, "lte" as const, "gt" as const, "gte" as const),
        value: fc.nat(60_000),
      }),
    ),
    place: fc.constant(place),
  }),
  fc.record({
    kind: fc.constant("field" as const),
    field: fc.constant("c-ip"),
    test: fc
      .constantFrom("10.0.0.0/8", "198.51.100.4/30", "203.0.113.128/25")
      .map((network) => ({ kind: "cidr", network }) as const),
    place: fc.constant(place),
  }),
);

const treeOf = (leaf: fc.Arbitrary<Test>): fc.Arbitrary<Test> =>
  fc.letrec<{ tree: Test }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      fc.record({
        kind: fc.constantFrom("all" as const, "any" as const),
        of: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant("not" as const), of: tie("tree") }),
    ),
  })).tree;

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

const options = { home: null, logs: [], timeZone: "UTC0", show: (path: string) => path };

async function proven(rules: readonly EventRule[]) {
  const { draft, ...made } = draftOf(rules, "random", [], { accessLogs: true });
  const compiled = await compileWritten(writeDraft(draft), "random");
  assert.ok(compiled.ok, compiled.ok ? "" : JSON.stringify(compiled.diagnostics.slice(0, 3)));
  if (!compiled.ok) throw new Error("unreachable");
  const proof = await proveRules(made, compiled.emitted, options);
  assert.equal(
    proof.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
    [],
  );
  return { draft, proof };
}

test("random rules: what the bundle says of a row is what the evaluator says", async () => {
  const conditions = fc.sample(treeOf(field), { numRuns: 60, seed: 19 });
  const { draft, proof } = await proven(conditions.map((one, at) => ruleOf(one, at)));
  assert.equal(draft.refused, []);
  assert.ok(proof.lines > 10_000);
  assert.ok(proof.answered > 30, `${proof.answered} rules spoke`);
});

const words = fc.string({
  unit: fc.constantFrom("a", "B", "/", "=", ";", " ; ", "USER=", "COMMAND=", "'", " ", "#", "-", "."),
  minLength: 1,
  maxLength: 3,
});
const nameField = (...names: readonly string[]): fc.Arbitrary<Test> =>
  fc.record({
    kind: fc.constant("field" as const),
    field: fc.constantFrom(...names),
    test: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant("text" as const),
          pieces: fc.array(
            fc.oneof(
              { weight: 3, arbitrary: words.map((one) => ({ kind: "text", text: one }) as const) },
              fc.constant({ kind: "any" } as const),
              fc.constant({ kind: "one" } as const),
            ),
            { minLength: 1, maxLength: 3 },
          ),
          cased: fc.boolean(),
        }),
      },
      fc.constant({ kind: "null" } as const),
      fc
        .constantFrom("^a", "B.$", "[a/]+;?")
        .map((source) => ({ kind: "regex", source, flags: "" }) as const),
    ),
    place: fc.constant(place),
  });

for (const [format, leaf] of [
  [accessFormat, lineField],
  [sudoFormat, nameField("user", "pwd", "command", "tty")],
  [auditFormat, nameField("type", "a0", "a1", "name", "exe")],
] as const)
  test(`random rules about ${format.called}: each pattern fits exactly the lines that the rule holds for`, () => {
    const lines = new Map<string, SigmaEvent>();
    const rules: { readonly condition: Test; readonly fits: (line: string) => boolean }[] = [];
    for (const condition of fc.sample(treeOf(leaf), { numRuns: 350, seed: 19 })) {
      let texts: readonly string[];
      try {
        texts = lineMatchesOf(condition, format, place);
      } catch (error) {
        assert.ok(error instanceof Refusal && /2,047 bytes|in hexadecimal/.test(error.reason), String(error));
        continue;
      }
      const matchers = texts.map((pattern) => {
        const made = compilePattern({ language: "pcre2", text: pattern });
        if (!made.ok) throw new Error(pattern);
        return made.value;
      });
      rules.push({
        condition,
        fits: (line) => matchers.some((matcher) => matcher.test(Buffer.from(line).toString("latin1"))),
      });
      for (const line of linesFor(condition, format)) {
        const fields = lineEvent(line, format);
        if (fields !== null) lines.set(line, fields);
      }
    }
    assert.ok(rules.length > 100 && lines.size > 400, `${rules.length} rules, ${lines.size} lines`);
    let held = 0;
    for (const { condition, fits } of rules)
      for (const [line, fields] of lines) {
        const wanted = evaluate(condition, fields);
        if (wanted) held += 1;
        assert.is(fits(line), wanted, `${JSON.stringify(condition)}\n${line}`);
      }
    assert.ok(held > 1000);
  });

test.run();
