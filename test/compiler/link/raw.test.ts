/** Raw XML: carried as it is, tried, owned; what is wrong with it is said at the bundle. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { workspace } from "../workspace.js";

const decoders = `<decoder name="legacy"><prematch>^legacy: </prematch></decoder>
<decoder name="legacy-child"><parent>legacy</parent><regex offset="after_parent">^(\\S+) (\\S+)$</regex><order>action, srcip</order></decoder>`;
const rules = `<group name="legacy,">
  <rule id="100700" level="3"><decoded_as>legacy</decoded_as><description>legacy</description></rule>
  <rule id="100701" level="8"><if_sid>100700</if_sid><action>DROP</action><description>dropped</description></rule>
</group>`;

function text({ raw = "", detections = "", dialect = "ossec" } = {}): string {
  return `import { defineBundle, raw } from "zopf";
export default defineBundle({
  name: "legacy", ossec: { home: "/var/ossec", firstRuleId: 100700, dialect: "${dialect}" },
  detections: [${detections}],
  raw: [raw({
    name: "Legacy",
    decoders: String.raw\`${decoders}\`,
    rules: String.raw\`
${rules}\`,
    samples: [{ line: "legacy: DROP 198.51.100.66", rule: 100701 }],
    ${raw}
  })],
});
`;
}

async function built(source: string) {
  const here = workspace().write("bundle.zopf.ts", source);
  return { here, report: await here.build() };
}

test("a bundle of raw XML alone: carried, owned, and its ids are given to nobody else", async () => {
  const burst = `{ kind: "burst", name: "Many", of: { rule: 100701 }, events: 5, within: "2 min", per: "source", rule: { level: 10, description: "many" } },
    { kind: "rule", name: "Ours", under: { rules: [100701] }, where: { srcip: "192.0.2.0/24" }, effect: { lower: 2 }, rule: { description: "ours" } }`;
  const { here, report } = await built(text({ detections: burst }));
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  const written = here.read("generated/legacy/ossec/local_rules.xml") ?? "";
  assert.ok(written.includes(rules));
  assert.ok(written.indexOf("100701") < written.indexOf("<if_matched_sid>"), written);
  assert.ok((here.read("generated/legacy/ossec/local_decoder.xml") ?? "").includes(decoders));
  const manifest = JSON.parse(here.read("generated/legacy/manifest.json") ?? "{}");
  assert.equal(manifest.owns.ruleIds, [100700, 100701, 100702, 100703]);
  assert.equal(manifest.owns.decoders, ["legacy", "legacy-child"]);
});

test("a sample that does not reach its rule", async () => {
  const { report } = await built(text().replace("DROP 198", "PASS 198"));
  assert.match(
    report.diagnostics[0]?.message ?? "",
    /does not reach rule 100701 of "Legacy": rule 100700 fires/,
  );
});

test("before and behind a detection's rule", async () => {
  const detections = `{ kind: "rule", name: "One", where: { program: "a" }, effect: { level: 5 }, rule: { id: 100800, description: "one" } },
    { kind: "rule", name: "Other", where: { program: "b" }, effect: { level: 5 }, rule: { id: 100801, description: "other" } }`;
  for (const [raw, order] of [
    ['before: "Other",', [100800, 100700, 100801]],
    ['before: "One",', [100700, 100800, 100801]],
    ['after: "One",', [100800, 100700, 100801]],
    ['after: "Other",', [100800, 100801, 100700]],
  ] as const) {
    const { here, report } = await built(text({ detections, raw }));
    assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
    const written = here.read("generated/legacy/ossec/local_rules.xml") ?? "";
    const found = [...written.matchAll(/<rule id="(\d+)"/g)].map(([, id]) => Number(id));
    assert.equal(
      found.filter((id) => id !== 100701),
      [...order],
    );
  }
  for (const [raw, message] of [
    ['after: "Nobody",', /Nobody/],
    ['before: "One", after: "Other",', /before a detection and behind one/],
  ] as const) {
    const { report } = await built(text({ detections, raw }));
    assert.is(report.outcome, "failed");
    assert.match(report.diagnostics[0]?.message ?? "", message);
  }
});

test("what it names of the host's is not asked for at the build", async () => {
  const { report } = await built(
    text()
      .replace("<if_sid>100700</if_sid>", "<if_sid>5716</if_sid><decoded_as>sshd</decoded_as>")
      .replace("<parent>legacy</parent>", "<parent>sshd</parent>"),
  );
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
});

for (const [title, from, to, message] of [
  ["broken XML", "</group>", "<group>", /line \d+ of the rules of "Legacy"/],
  [
    "what the engine refuses",
    "<action>DROP</action>",
    "<acton>DROP</acton>",
    /line 4 of the rules of "Legacy": .*acton/,
  ],
  [
    "a variable",
    '<group name="legacy,">',
    '<var name="X">y</var><group name="legacy,">',
    /a variable would be one/,
  ],
  [
    "another root",
    '<decoder name="legacy"><prematch>',
    '<rule id="1"></rule><decoder name="legacy"><prematch>',
    /<rule> is no <decoder>/,
  ],
  ["an id twice", 'id="100701" level="8"', 'id="100700" level="8"', /used by|is used/],
] as const)
  test(`refused: ${title}`, async () => {
    const { report } = await built(text().replace(from, () => to));
    const found = report.diagnostics.find(({ message: said }) => message.test(said));
    assert.ok(found !== undefined, JSON.stringify(report.diagnostics, null, 1));
    assert.not.match(JSON.stringify(report.diagnostics), /bug in zopf/);
  });

test.run();
