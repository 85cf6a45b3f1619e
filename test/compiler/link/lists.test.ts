/** Lists: their files, the conditions that look up in them, and what OSSEC's cannot hold. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { holds, parsePrefix } from "../../../src/firewall/address.js";
import type { OssecModel } from "../../../src/model/model.js";
import { createEngine } from "../../../src/ossec/engine/index.js";
import { loadLoose } from "../../../src/ossec/load/index.js";
import { workspace } from "../workspace.js";

const log = (
  where: string,
): string => `{ kind: "log", name: "Login", program: "app", regex: osRegex("^login (\\\\S+) from (\\\\S+)$"),
  order: ["user", "srcip"], where: { ${where} },
  samples: ["Nov 14 18:09:08 web app[1]: login alice from 10.1.2.3"], rule: { level: 5, description: "login" } }`;

function text(lists: string, detection: string, dialect: OssecModel["dialect"] = "ossec"): string {
  return `import { defineBundle, list, osMatch, osRegex } from "zopf";
void osMatch;
${lists}
export default defineBundle({
  name: "listed", ossec: { home: "/var/ossec", firstRuleId: 100500, dialect: "${dialect}" },
  detections: [${detection}],
});
`;
}

async function built(lists: string, detection: string, dialect?: OssecModel["dialect"]) {
  const here = workspace().write("bundle.zopf.ts", text(lists, detection, dialect));
  return { here, report: await here.build() };
}

test("a list is a file of its own, named by ossec.conf, looked up at the build's samples", async () => {
  const { here, report } = await built(
    'const users = list({ name: "users", entries: { alice: "admin", bob: "guest" } });\nconst nets = list({ name: "nets", entries: ["10.0.0.0/12", "192.0.2.4/31"] });',
    log('user: { in: users, having: osMatch("admin") }, srcip: { in: nets }'),
  );
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  const out = "generated/listed/ossec";
  assert.is(
    here.read(`${out}/lists/zopf-listed-users`),
    "# Made by zopf from the bundle listed\nalice:admin\nbob:guest\n",
  );
  const nets = (here.read(`${out}/lists/zopf-listed-nets`) ?? "").split("\n");
  assert.equal(nets.slice(1, 3), ["10.0.:", "10.1.:"]);
  assert.equal(nets.slice(-3), ["192.0.2.4:", "192.0.2.5:", ""]);
  const rules = here.read(`${out}/local_rules.xml`) ?? "";
  assert.match(
    rules,
    '<list field="user" lookup="match_key_value" check_value="admin">etc/lists/zopf-listed-users</list>',
  );
  assert.match(rules, '<list field="srcip" lookup="address_match_key">etc/lists/zopf-listed-nets</list>');
  assert.match(
    here.read(`${out}/ossec.conf`) ?? "",
    "    <list>etc/lists/zopf-listed-nets</list>\n    <list>etc/lists/zopf-listed-users</list>\n  </rules>",
  );
  const manifest = JSON.parse(here.read("generated/listed/manifest.json") ?? "{}");
  const entry = manifest.files.find(
    (file: { path: string }) => file.path === "ossec/lists/zopf-listed-users",
  );
  assert.equal(entry.reload, [
    ["/var/ossec/bin/ossec-makelists"],
    ["/var/ossec/bin/ossec-control", "restart"],
  ]);
});

test("a sample that the list does not hold is an error", async () => {
  const { report } = await built(
    'const users = list({ name: "users", entries: ["bob"] });',
    log("user: { in: users }"),
  );
  assert.is(report.diagnostics[0]?.code, "bundle/sample");
});

test("Wazuh names lists in its own section and quotes keys with a colon", async () => {
  const { here, report } = await built(
    'const users = list({ name: "users", entries: ["alice", "a:b"] });',
    log("user: { in: users }"),
    "wazuh",
  );
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  assert.match(here.read("generated/listed/wazuh/lists/zopf-listed-users") ?? "", 'alice:\n"a:b":""\n');
  assert.match(
    here.read("generated/listed/wazuh/ossec.conf") ?? "",
    /<list>etc\/lists\/zopf-listed-users<\/list>\n {2}<\/ruleset>/,
  );
});

for (const [title, lists, where, message] of [
  ["IPv6", '["2001:db8::/32"]', "srcip: { in: one }", /IPv6/],
  ["no address", '["gateway"]', "srcip: { in: one }", /neither an address/],
  ["a colon", '["a:b"]', "user: { in: one }", /ends a key/],
  ["twice", '["a", "a"]', "user: { in: one }", /there twice/],
  ["a key of two lines", '["a\\nb"]', "user: { in: one }", /U\+000A/],
  [
    "a value of an address",
    '{ "10.0.0.0/8": "x" }',
    'srcip: { in: one, having: osMatch("x") }',
    /turns the look-up/,
  ],
  ["two uses", '["10.0.0.0/8"]', "srcip: { in: one }, user: { in: one }", /addresses to one condition/],
] as const)
  test(`refused: ${title}`, async () => {
    const { report } = await built(`const one = list({ name: "one", entries: ${lists} });`, log(where));
    const found = report.diagnostics.find(({ code }) => code === "bundle/list");
    assert.match(found?.message ?? JSON.stringify(report.diagnostics), message);
  });

test("two lists of one name that hold different things are refused; a field of the decoder's own is not looked up", async () => {
  const two = await built(
    'const a = list({ name: "one", entries: ["alice"] });\nconst b = list({ name: "one", entries: ["bob"] });',
    `${log("user: { in: a }")}, ${log("user: { in: b }").replace('"Login"', '"Other"')}`,
  );
  assert.match(JSON.stringify(two.report.diagnostics), /two lists are called/);
  const own = await built(
    'const a = list({ name: "one", entries: ["alice"] });',
    log("who: { in: a }").replace('"user", ', '"who", '),
  );
  assert.match(JSON.stringify(own.report.diagnostics), /OSSEC looks up srcip/);
});

test("the keys of a prefix are found by exactly its addresses", async () => {
  const octet = fc.nat({ max: 255 });
  const address = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join("."));
  const samples = fc.sample(
    fc.tuple(address, fc.integer({ min: 8, max: 32 }), fc.array(address, { maxLength: 5 })),
    {
      numRuns: 12,
      seed: 18,
    },
  );
  for (const [base, length, others] of samples) {
    const { here } = await built(
      `const one = list({ name: "one", entries: ["${base}/${length}"] });`,
      log("srcip: { in: one }").replace("10.1.2.3", base),
    );
    const file = here.read("generated/listed/ossec/lists/zopf-listed-one");
    assert.ok(file !== null);
    const loaded = loadLoose(
      {
        decoders: [
          {
            file: "d.xml",
            bytes: Buffer.from(
              '<decoder name="x"><prematch>^from </prematch><regex offset="after_prematch">^(\\S+)$</regex><order>srcip</order></decoder>',
            ),
          },
        ],
        rules: [
          {
            file: "r.xml",
            bytes: Buffer.from(
              '<group name="x,"><rule id="100500" level="5"><list field="srcip" lookup="address_match_key">etc/lists/one</list><description>x</description></rule></group>',
            ),
          },
        ],
        lists: [{ file: "etc/lists/one", bytes: Buffer.from(file ?? "") }],
      },
      { engine: "4.3" },
    );
    const engine = createEngine(loaded, { ownHostname: "h", timeZone: "UTC", mode: "logtest" });
    const prefix = parsePrefix(`${base}/${length}`);
    assert.ok(prefix !== null);
    for (const other of [base, ...others, base.replace(/\d+$/, "0"), base.replace(/\d+\.\d+$/, "255.255")]) {
      const event = engine.process(`from ${other}`, 1);
      const inside = parsePrefix(other);
      const expected = prefix !== null && inside !== null && holds(prefix, inside);
      assert.is(
        event.kind === "event" && event.rule?.id === 100500,
        expected,
        `${other} in ${base}/${length}`,
      );
    }
  }
});

test.run();
