/** Counts and sequences: what a slow reading finds among events, and that the proof would notice another answer. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Detection } from "../../../src/dsl/detection.js";
import { compileWritten } from "../../../src/import/compile-draft.js";
import type { Draft } from "../../../src/import/draft.js";
import { foundBy, type TimedEvent } from "../../../src/import/sigma/correlate.js";
import type { CorrelationPart, EventPart } from "../../../src/import/sigma/correlation-part.js";
import { draftOf } from "../../../src/import/sigma/draft.js";
import { isSigma, parseRule } from "../../../src/import/sigma/parse-rule.js";
import { proveRules } from "../../../src/import/sigma/proof.js";
import type { Correlation } from "../../../src/import/sigma/rule.js";
import { readYaml } from "../../../src/import/sigma/yaml-file.js";
import { writeDraft } from "../../../src/import/writer/bundle-file.js";

const test = suite("import/sigma/correlations");
const place = { file: "x.yml", line: 1, column: 1 };
const info = { id: null, level: null, status: null, tags: [], remarks: [], place };

const eventPart = (letter: string): EventPart => ({
  kind: "event",
  rule: {
    kind: "rule",
    title: letter,
    name: letter,
    ...info,
    source: { category: null, product: "linux", service: null, place },
    test: {
      kind: "field",
      field: "what",
      test: { kind: "text", pieces: [{ kind: "text", text: letter }], cased: false },
      place,
    },
  },
  log: null,
  lines: { format: null, programs: [] },
});

const correlation = (parts: CorrelationPart["parts"], more: Partial<Correlation>): CorrelationPart => ({
  kind: "correlation",
  names: [],
  parts,
  rule: {
    kind: "correlation",
    title: "c",
    name: null,
    ...info,
    type: "event_count",
    rules: [],
    aliases: new Map(),
    groupBy: ["who"],
    seconds: 10,
    atLeast: 3,
    field: null,
    generate: false,
    ...more,
  },
});

/** `time letter who value` each. */
const eventsOf = (...lines: readonly string[]): readonly TimedEvent[] =>
  lines.map((line) => {
    const [time = "0", what = "", who = "", value = ""] = line.split(" ");
    const fields = new Map([
      ["what", what],
      ["value", value],
    ]);
    if (who !== "-") fields.set("who", who);
    return { time: Number(time), about: null, program: null, fields };
  });

const a = eventPart("a");
const b = eventPart("b");
const c = eventPart("c");

test("event_count: so many of one group within any stretch of the timespan", () => {
  const three = correlation([a], {});
  assert.equal(foundBy(three, eventsOf("0 a x", "4 a x", "9 a x", "12 a x", "20 a x")), [2, 3]);
  assert.equal(foundBy(three, eventsOf("0 a x", "4 a y", "9 a x", "9 b x")), []);
  // Who lacks the field is in no group.
  assert.equal(foundBy(three, eventsOf("0 a -", "1 a -", "2 a -")), []);
  assert.equal(foundBy(correlation([a, b], {}), eventsOf("0 a x", "1 b x", "2 a x")), [2]);
});

test("value_count: so many values of one group", () => {
  const three = correlation([a], { type: "value_count", field: "value" });
  assert.equal(foundBy(three, eventsOf("0 a x 1", "1 a x 1", "2 a x 2", "3 a x 3")), [3]);
  assert.equal(foundBy(three, eventsOf("0 a x 1", "1 a x 2", "2 a y 3", "12 a x 3")), []);
});

test("temporal and temporal_ordered: each of the rules, in any order or in this one", () => {
  const any = correlation([a, b, c], { type: "temporal" });
  const ordered = correlation([a, b, c], { type: "temporal_ordered" });
  const reversed = eventsOf("0 c x", "1 b x", "2 a x", "3 b x", "4 c x");
  assert.equal(foundBy(any, reversed), [2, 3, 4]);
  assert.equal(foundBy(ordered, reversed), [4]);
  assert.equal(foundBy(ordered, eventsOf("0 a x", "1 b y", "2 b x", "11 c x")), []);
  assert.equal(foundBy(any, eventsOf("0 a x", "1 b x", "2 c y")), []);
});

test("correlations of correlations", () => {
  const many = correlation([a], { atLeast: 2, seconds: 5 });
  const then = correlation([many, b], { type: "temporal_ordered", atLeast: 2 });
  assert.equal(foundBy(then, eventsOf("0 a x", "7 b x", "8 a x", "9 a x", "12 b x")), [4]);
});

const file = fileURLToPath(
  new URL(join("..", "..", "data", "import", "sigma-more", "correlations.yml"), import.meta.url),
);

async function proven(change: (detection: Detection) => Detection) {
  const { documents } = readYaml("correlations.yml", readFileSync(file, "utf8"));
  const made = draftOf(
    documents.flatMap((document) => (isSigma(document) ? parseRule(document) : [])),
    "correlations",
    [],
  );
  const modules = made.draft.modules.map((module) => ({
    ...module,
    detections: module.detections.map((one) => ({ ...one, value: change(one.value) })),
  }));
  const draft: Draft = { ...made.draft, modules };
  const compiled = await compileWritten(writeDraft(draft), "correlations");
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return {
    draft,
    proof: await proveRules(made, compiled.emitted, {
      home: null,
      logs: [],
      timeZone: "UTC0",
      show: (path) => path,
    }),
  };
}

test("counts and sequences over rows and lines agree with the slow reading, and each is found once at least", async () => {
  const { draft, proof } = await proven((one) => one);
  assert.equal(draft.refused, []);
  assert.equal(proof.diagnostics, []);
  assert.is(proof.same, proof.lines);
  assert.ok(proof.lines > 100);
});

test("another number, window, order or group is a difference", async () => {
  const { proof } = await proven((one) => {
    if (one.kind === "rows" && one.name === "Many_By_Two") return { ...one, threshold: 6 };
    if (one.kind === "rows" && one.name === "Hosts") return { ...one, window: { sliding: "30 min" } };
    if (one.kind === "burst" && one.name === "Scanner") return { ...one, events: 19 };
    if (one.kind === "sequence" && one.name === "Cron_Then") return { ...one, per: "all" };
    if (one.kind === "sequence" && one.name === "Then") return { ...one, within: "10 min" };
    return one;
  });
  const titles = new Set(proof.diagnostics.map(({ message }) => /^"([^"]+)"/.exec(message)?.[1]));
  assert.equal([...titles].sort(), ["Cron then", "Hosts", "Many by two", "Scanner", "Then"]);
});

test.run();
