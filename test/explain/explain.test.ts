import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ExplainOptions, explain, explainLine, ruleVerdict } from "../../src/explain/index.js";
import { engineOn, load } from "../ossec/engine/tree.js";

const rules =
  '<rule id="100" level="0"><decoded_as>d</decoded_as><description>Base</description></rule>' +
  '<rule id="101" level="7"><if_sid>100</if_sid><match>bad login</match><description>Higher</description></rule>' +
  '<rule id="102" level="5"><if_sid>100</if_sid><match>bad</match><user>^root$</user><description>Lower</description></rule>' +
  '<rule id="103" level="6"><if_sid>102</if_sid><match>now</match><description>Below</description></rule>';
const loaded = load({ rules });
const line = (end: string, user = "bob") => `D 192.0.2.1 ${user} i1 /a 1000 22 ${end}`;

const verdict = (id: number, text: string) => {
  const { kind, ...rest } = ruleVerdict(explainLine(engineOn(loaded), text, 1), loaded, id);
  const attempt = "attempt" in rest ? rest.attempt : null;
  return attempt === null ? kind : `${kind} ${attempt.rule.id} ${attempt.failed?.condition}`;
};

/** The pieces of an explanation put together. */
async function explained(request: Omit<ExplainOptions, "write">) {
  let text = "";
  const { problems } = await explain({
    ...request,
    write: (piece) => {
      text += piece;
    },
  });
  return { text, problems };
}

test("what became of a rule on a line", () => {
  assert.is(verdict(102, line("bad", "root")), "fired");
  assert.is(verdict(102, line("bad now", "root")), "child");
  assert.is(verdict(102, line("bad")), "failed 102 user");
  assert.is(verdict(102, line("good")), "failed 102 match");
  assert.is(verdict(102, line("bad login", "root")), "taken");
  assert.is(verdict(103, line("bad")), "parent-failed 102 user");
  assert.is(verdict(103, "nothing"), "parent-failed 100 decoded_as");
  assert.is(verdict(102, "x"), "no-event");
});

test("the nearest miss has the pattern and the text side by side", async () => {
  const { nearest } = explainLine(engineOn(loaded), line("bad"), 1);
  assert.is(nearest?.rule.id, 102);
  assert.equal(nearest?.failed, { condition: "user", wanted: "^root$", found: "bob" });
});

const options = {
  loaded,
  earlier: null,
  ownHostname: "here",
  timeZone: "UTC",
  control: true,
  all: false,
  format: "text",
  now: () => 1000,
} as const;

test("text for a line names the decoder, the way through the tree and the nearest miss", async () => {
  const { text, problems } = await explained({ ...options, what: line("bad") });
  assert.equal(problems, []);
  assert.match(text, /d1: matched\n {2}decoder: d\n/);
  assert.match(text, /rule 100 \(level 0\) Base: matched\n/);
  assert.match(
    text,
    /Nearest miss\n {2}rule 102 \(level 5\) Lower: user not met\n {4}wanted {4}\^root\$\n {4}found {5}'bob'\n/,
  );
});

test("a rule without lines is no silence", async () => {
  const { text, problems } = await explained({ ...options, what: "102" });
  assert.is(text, "");
  assert.is(problems[0]?.code, "EXPLAIN-NO-LINES");
});

test("a rule over lines; an unknown one is told", async () => {
  async function* earlier(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`@time 5\n${line("bad", "root")}\n${line("good")}`);
  }
  const { text } = await explained({ ...options, what: "102", earlier: earlier(), format: "json" });
  const seen = text
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row).verdict);
  assert.equal(seen, ["fired", "failed"]);
  const unknown = await explained({ ...options, what: "4711" });
  assert.is(unknown.problems[0]?.code, "EXPLAIN-UNKNOWN-RULE");
});

test.run();
