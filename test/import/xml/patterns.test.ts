import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { acceptedTraps, patternOf, wazuhPcre2 } from "../../../src/import/xml/patterns.js";
import { importOf, inFolder, writeAll } from "../import-of.js";

test("Wazuh's PCRE2 minds letter case, a bundle's only where it says so", () => {
  for (const [written, text] of [
    ["bad", "(?-i)bad"],
    ["(?i)bad", "bad"],
    ["(?i)(?-i)bad", "(?-i)(?i)(?-i)bad"],
    ["(*UTF)(?i)bad", "(*UTF)bad"],
    ["(*UTF)bad", "(*UTF)(?-i)bad"],
    ["", "(?-i)"],
  ] as const)
    assert.equal(wazuhPcre2(written), { language: "pcre2", text });
});

test("a ! in front turns an OS_Match of Wazuh around, and once more with negate", () => {
  const of = (text: string, negated?: true) =>
    patternOf({ language: "osmatch", text, ...(negated === undefined ? {} : { negated }) }, true);
  assert.equal(of("!bad"), { not: { language: "osmatch", text: "bad" } });
  assert.equal(of("!bad", true), { language: "osmatch", text: "bad" });
  assert.equal(of("bad", true), { not: { language: "osmatch", text: "bad" } });
  assert.equal(patternOf({ language: "osmatch", text: "!bad" }, false), {
    language: "osmatch",
    text: "!bad",
  });
});

test("within a word of Wazuh's OS_Match ^ and $ are letters", () => {
  assert.equal(patternOf({ language: "osmatch", text: "^a$b.|c$" }, true), {
    language: "pcre2",
    text: String.raw`^a\$b\.|c\z`,
  });
});

test("what reads like a regular expression and is none comes over as it is, and its rule accepts that", () =>
  inFolder(async (folder) => {
    writeAll(folder, {
      "local_rules.xml": `<group name="local,">
<rule id="100100" level="5"><if_sid>5716</if_sid><regex>from .+ port</regex><description>a</description></rule>
<rule id="100101" level="5"><if_sid>5716</if_sid><match>!bad|port \\d+</match><description>b</description></rule>
</group>
`,
    });
    const { draft, proof } = await importOf([join(folder, "local_rules.xml")], folder, { name: "some" });
    const [module] = draft?.modules ?? [];
    assert.equal(module?.raw, []);
    assert.equal(
      module?.detections.map(({ value }) => [
        value.kind === "rule" ? value.match : null,
        "rule" in value ? value.rule?.accept : null,
      ]),
      [
        [{ language: "osregex", text: "from .+ port" }, ["OSSEC-REGEX-DOT-STAR"]],
        [{ language: "osmatch", text: "!bad|port \\d+" }, ["OSSEC-MATCH-BANG", "OSSEC-MATCH-IS-NOT-REGEX"]],
      ],
    );
    assert.is(proof?.same, proof?.lines);
    assert.is(proof?.answered, 2);
  }));

test("the proof tries letter case where Wazuh minds it", () =>
  inFolder(async (folder) => {
    writeAll(folder, {
      "local_rules.xml": `<group name="local,">
<rule id="100100" level="5"><match type="pcre2">^denied by (?i)policy</match><description>a</description></rule>
</group>
`,
      "package.json": "{}",
    });
    const path = join(folder, "local_rules.xml");
    const { proof } = await importOf([path], folder, { from: "wazuh", name: "some" });
    assert.is(proof?.same, proof?.lines);
    const bundle = join(folder, "some.zopf.ts");
    const text = readFileSync(bundle, "utf8");
    assert.match(text, "(?-i)^denied");
    writeFileSync(bundle, text.replace("(?-i)^denied", "^denied"));
    const checked = await importOf([path], folder, { from: "wazuh", name: "some", check: true });
    assert.is(checked.proof?.differences[0]?.text, "DENIED BY POLICY");
  }));

test("each trap that a bundle refuses has the code of lint's finding", () => {
  assert.equal(acceptedTraps({ match: { language: "osregex", text: "[a-z]+(?:x){2}" } }), [
    "OSSEC-REGEX-BRACKETS",
    "OSSEC-REGEX-LITERAL-QUANTIFIER",
    "OSSEC-REGEX-BRACES",
    "OSSEC-REGEX-QUESTION-MARK",
  ]);
  assert.equal(acceptedTraps([{ language: "osmatch", text: "a^b|" }]), [
    "OSSEC-MATCH-CARET-INSIDE",
    "OSSEC-EMPTY-ALTERNATIVE",
  ]);
});

test.run();
