/** One thing after another, and things that are seen for the first time. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine } from "../../../src/ossec/engine/index.js";
import { loadLoose } from "../../../src/ossec/load/index.js";
import { workspace } from "../workspace.js";

const log = (
  name: string,
  verb: string,
  more = "",
): string => `{ kind: "log", name: "${name}", program: "app",
  regex: osRegex("^${verb} (\\\\S+) from (\\\\S+)$"), order: ["user", "srcip"], ${more}
  samples: ["Nov 14 18:09:08 web app[1]: ${verb} alice from 198.51.100.66"], rule: { level: 5, groups: ["app"], description: "${verb}" } },`;
const sequence = `{ kind: "sequence", name: "Guessed", first: { detection: "Refused" }, times: 3, next: { detection: "Accepted" },
  within: "10 min", per: "source", rule: { level: 12, description: "guessed" } },`;

const text = (detections: string, dialect = "ossec"): string => `import { defineBundle, osRegex } from "zopf";
export default defineBundle({
  name: "seq", ossec: { home: "/var/ossec", firstRuleId: 100500, dialect: "${dialect}" },
  detections: [${detections}],
});
`;

async function built(detections: string, dialect?: string) {
  const here = workspace().write("bundle.zopf.ts", text(detections, dialect));
  return { here, report: await here.build() };
}

const line = (verb: string, user: string, source: string): string =>
  `Nov 14 18:09:08 web app[1]: ${verb} ${user} from ${source}`;

/** Ids of the rules that lines reach, one a second, by what was built for OSSEC. */
async function reached(detections: string, lines: readonly string[]): Promise<readonly (number | null)[]> {
  const { here, report } = await built(detections);
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  const file = (name: string) => ({
    file: name,
    bytes: Buffer.from(here.read(`generated/seq/ossec/${name}`) ?? ""),
  });
  const loaded = loadLoose(
    { decoders: [file("local_decoder.xml")], rules: [file("local_rules.xml")] },
    { engine: "4.3" },
  );
  const engine = createEngine(loaded, { ownHostname: "h", timeZone: "UTC", mode: "logtest" });
  return lines.map((one, index) => {
    const event = engine.process(one, 1_000 + index);
    return event.kind === "event" ? (event.rule?.id ?? null) : null;
  });
}

const both = `${log("Refused", "refused")} ${log("Accepted", "accepted")}`;

test("guessed, then accepted: from the third guess on, of the same source only", async () => {
  const [a, b] = ["198.51.100.66", "198.51.100.67"] as const;
  const lines = [
    line("refused", "alice", a),
    line("refused", "bob", a),
    line("accepted", "bob", a),
    line("refused", "carol", b),
    line("accepted", "carol", b),
    line("refused", "bob", a),
    line("accepted", "bob", b),
    line("accepted", "bob", a),
  ];
  assert.equal(
    await reached(`${both} ${sequence}`, lines),
    [100500, 100500, 100501, 100500, 100501, 100500, 100501, 100502],
  );
});

test("one is enough without times; Wazuh counts the last one in", async () => {
  const once = sequence.replace("times: 3,", "");
  const { here } = await built(`${both} ${once}`);
  assert.match(
    here.read("generated/seq/ossec/local_rules.xml") ?? "",
    /<rule id="100502" level="12" timeframe="600">\s*<if_sid>100501<\/if_sid>\s*<if_matched_sid>100500<\/if_matched_sid>\s*<same_source_ip \/>/,
  );
  const wazuh = await built(`${both} ${sequence}`, "wazuh");
  assert.match(
    wazuh.here.read("generated/seq/wazuh/zopf-seq_rules.xml") ?? JSON.stringify(wazuh.report.diagnostics),
    /<rule id="100502" level="12" frequency="4" timeframe="600">/,
  );
});

test("samples of a sequence run at the build", async () => {
  const lines = (count: number): string =>
    JSON.stringify([
      ...Array.from({ length: count }, () => line("refused", "x", "192.0.2.9")),
      line("accepted", "x", "192.0.2.9"),
    ]);
  const withSamples = (count: number): string =>
    sequence.replace("rule:", `samples: [${lines(count)}], rule:`);
  assert.is((await built(`${both} ${withSamples(3)}`)).report.outcome, "written");
  const { report } = await built(`${both} ${withSamples(2)}`);
  assert.match(report.diagnostics[0]?.message ?? "", /fires on none of these 3 lines/);
});

test("below rules of the host", async () => {
  const { here, report } = await built(
    '{ kind: "sequence", name: "Guessed", first: { rule: 5716 }, next: { rule: 5715 }, within: "10 min", per: "source", rule: { level: 12, description: "guessed" } }',
  );
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  assert.match(
    here.read("generated/seq/ossec/local_rules.xml") ?? "",
    "<if_sid>5715</if_sid>\n    <if_matched_sid>5716</if_matched_sid>",
  );
});

for (const [title, detections, message] of [
  ["level 0 first", `${both.replace("level: 5", "level: 0")} ${sequence}`, /keeps no event of level 0/],
  [
    "the same twice",
    `${both} ${sequence.replace('"Accepted"', '"Refused"')}`,
    /waits for the same thing twice/,
  ],
  [
    "itself",
    `${both} ${sequence.replace('{ detection: "Accepted" }', '{ detection: "Guessed" }')}`,
    /waits for itself/,
  ],
  [
    "a mark of its own level",
    `${both} { kind: "burst", name: "Many", of: { detection: "Refused" }, events: 5, within: "1 min", per: "source", rule: { level: 12, description: "m" } }, ${sequence.replace('"Refused"', '"Many"')}`,
    /carries the mark of level 12/,
  ],
  [
    "a key that is not captured",
    `${both.replace('order: ["user", "srcip"]', 'order: ["user", "dstip"]')} ${sequence}`,
    /has no srcip/,
  ],
] as const)
  test(`refused: ${title}`, async () => {
    const { report } = await built(detections);
    assert.ok(
      report.diagnostics.some(({ severity, message: said }) => severity === "error" && message.test(said)),
      JSON.stringify(report.diagnostics),
    );
  });

test("users that a source has not tried before: one source with many names, and many sources with one", async () => {
  const spray = `${log("New_User", "refused", 'firstTime: ["srcip", "user"],')}
    { kind: "burst", name: "Spraying", of: { detection: "New_User" }, events: 3, within: "2 min", per: "source", rule: { level: 10, description: "spraying" } }`;
  const [a, b] = ["198.51.100.66", "198.51.100.67"] as const;
  const lines = [
    line("refused", "alice", a),
    line("refused", "alice", a),
    line("refused", "alice", b),
    line("refused", "bob", a),
    line("refused", "alice", a),
    line("refused", "carol", a),
  ];
  assert.equal(await reached(spray, lines), [100500, null, 100500, 100500, null, 100501]);
});

test("different users: refused, with what to write; a field that the engine does not remember too", async () => {
  const burst = `{ kind: "burst", name: "Many", of: { detection: "Refused" }, events: 5, within: "1 min", per: "source", different: JSON.parse('"user"'), rule: { level: 10, description: "m" } }`;
  const different = (await built(`${log("Refused", "refused")} ${burst}`)).report.diagnostics;
  assert.match(
    different.find(({ code }) => code === "bundle/burst")?.help ?? JSON.stringify(different),
    /firstTime: \["srcip", "user"\]/,
  );
  const url = log("Refused", "refused", 'firstTime: ["url"],').replace('"user", "srcip"', '"url", "srcip"');
  assert.match(JSON.stringify((await built(url)).report.diagnostics), /does not remember url/);
});

test.run();
