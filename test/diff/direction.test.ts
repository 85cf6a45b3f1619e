/** Never-block lists as sets of addresses, and drift that left a host weaker than its bundle. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compareNeverBlock } from "../../src/diff/address-sets.js";
import type { Change } from "../../src/diff/change.js";
import { diffDeployed, diffTree } from "../../src/diff/diff.js";
import { bundleTree } from "../../src/diff/since.js";
import { letsMoreThrough } from "../../src/diff/verdicts.js";
import { noPaint } from "../../src/report/diagnostics-text.js";
import { diffGithub, diffJson, diffText } from "../../src/report/diff.js";
import { diffMarkdown } from "../../src/report/markdown/diff.js";
import { compiled, deployTo, type Host, host } from "../deploy/host.js";

const compare = (before: readonly string[], after: readonly string[]): readonly string[] =>
  compareNeverBlock(before, after, "f", "the list", true).map(
    ({ kind, weakens, summary }) => `${kind}${weakens ? "!" : ""} ${summary}`,
  );

test("a never-block list is a set of addresses", () => {
  assert.equal(compare(["10.20.0.0/16"], ["10.0.0.0/8"]), [
    "change! the list: 10.20.0.0/16 → 10.0.0.0/8: wider, nothing of it is lost",
  ]);
  assert.equal(compare(["10.0.0.0/8"], ["10.20.0.0/16"]), [
    "create the list gains 10.20.0.0/16, which other entries held already",
    "delete! the list lost 10.0.0.0/8 but for a part that other entries hold: it can be blocked now",
  ]);
  assert.equal(compare(["10.0.0.0/9", "10.128.0.0/9"], ["10.0.0.0/8"]), [
    "change the list: 10.0.0.0/9, 10.128.0.0/9 → 10.0.0.0/8: the same addresses",
  ]);
  assert.equal(
    compare(["10.0.0.0/8"], ["10.128.0.0/9", "10.0.0.0/9"]).filter((one) => one.includes("!")),
    [],
  );
  assert.equal(compare(["10.0.0.0/8", "10.1.2.3"], ["10.0.0.0/8"]), [
    "delete the list loses 10.1.2.3, and other entries hold all of it",
  ]);
  assert.equal(compare(["2001:db8::/48"], ["2001:db8::/32"]), [
    "change! the list: 2001:db8::/48 → 2001:db8::/32: wider, nothing of it is lost",
  ]);
  assert.equal(compare(["10.0.0.0/8"], ["::/0"]), [
    "create! the list gains ::/0",
    "delete! the list lost 10.0.0.0/8: it can be blocked now",
  ]);
  assert.equal(compare(["gw.example.org"], []), [
    "delete! the list lost gw.example.org: it can be blocked now",
  ]);
});

test("a loss is shown exactly where an address is lost", () => {
  const network = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }))
    .map(([low, length]) => ({
      text: `192.0.2.${low}/${length}`,
      holds: (address: number) => address >> (32 - length) === low >> (32 - length),
    }));
  const list = fc.array(network, { maxLength: 5 });
  fc.assert(
    fc.property(list, list, (before, after) => {
      const inSome = (some: typeof before, address: number) => some.some(({ holds }) => holds(address));
      const all = Array.from({ length: 256 }, (_, address) => address);
      const lost = all.some((address) => inSome(before, address) && !inSome(after, address));
      const found = compareNeverBlock(
        before.map(({ text }) => text),
        after.map(({ text }) => text),
        "f",
        "l",
        false,
      );
      assert.is(
        found.some(({ weakens }) => weakens),
        lost,
      );
    }),
    { numRuns: 300 },
  );
});

test("verdicts of packet filters", () => {
  assert.ok(letsMoreThrough("ip saddr @x drop", "ip saddr @x accept"));
  assert.ok(letsMoreThrough("-A x -j DROP", ""));
  assert.ok(letsMoreThrough("a drop", "b accept\na drop"));
  assert.not(letsMoreThrough("ip saddr @x accept", "ip saddr @x drop"));
  assert.not(letsMoreThrough("a drop", "a log drop"));
});

const toNft = {
  'firewall: pf({ table: "ossec_fwtable" }),': 'firewall: nftables({ table: "perimeter" }),',
  "pf }": "nftables }",
};

async function drift(path: string, edit: (text: string) => string, replace = {}): Promise<readonly Change[]> {
  const there: Host = host();
  const bundle = await compiled(replace);
  assert.is((await deployTo(there.root, bundle)).outcome, "installed");
  const text = there.read(path) ?? "";
  assert.is.not(edit(text), text, `${path} was not changed`);
  there.write(path, edit(text));
  return diffDeployed(bundle, there.root, showPath).changes;
}

const rules = "var/ossec/rules/local_rules.xml";
const conf = "var/ossec/etc/ossec.conf";

const weaker: readonly (readonly [
  string,
  string,
  (text: string) => string,
  Readonly<Record<string, string>>,
])[] = [
  ["a lower level", rules, (text) => text.replace('id="100500" level="6"', 'id="100500" level="3"'), {}],
  [
    "one more condition",
    rules,
    (text) => text.replace(/(<rule id="100500"[^>]*>)/, "$1<srcip>10.0.0.0/8</srcip>"),
    {},
  ],
  ["a rule that is gone", rules, (text) => text.replace(/<rule id="100500"[\s\S]*?<\/rule>/, ""), {}],
  ["a shorter block", conf, (text) => text.replace("<timeout>600</timeout>", "<timeout>60</timeout>"), {}],
  [
    "a response that is gone",
    conf,
    (text) => text.replace(/<active-response>[\s\S]*?<\/active-response>/, ""),
    {},
  ],
  ["block → pass", "etc/pf.conf", (text) => text.replace("block drop in", "pass in"), {}],
  [
    "drop → accept",
    "etc/nftables.d/perimeter.nft",
    (text) => text.replace(/^([^#\n]*)\bdrop$/m, "$1accept"),
    toNft,
  ],
  [
    "a higher threshold",
    "opt/zeek/share/zeek/site/perimeter/port_scan_s0_detected.zeek",
    (text) => text.replace("_threshold: count = 5", "_threshold: count = 50"),
    {},
  ],
];

for (const [name, path, edit, replace] of weaker)
  test(`a host that is weaker than its bundle: ${name}`, async () => {
    const changes = await drift(path, edit, replace);
    const marked = changes.filter(({ strengthens }) => strengthens);
    assert.ok(marked.length > 0, JSON.stringify(changes.map(({ patch, ...one }) => one)));
    assert.ok(marked.every(({ security, weakens }) => security && !weakens));
  });

test("a host that is stricter is not marked, nor one where nothing was installed", async () => {
  const higher = await drift(rules, (text) => text.replace('id="100500" level="6"', 'id="100500" level="9"'));
  assert.ok(higher.length > 0 && higher.every(({ strengthens }) => !strengthens));
  assert.ok(higher.some(({ weakens }) => weakens));
  const fresh = diffDeployed(await compiled(), host().root, showPath).changes;
  assert.ok(fresh.length > 0 && fresh.every(({ strengthens }) => !strengthens));
});

test("between two versions what gets stronger is marked and needs no approval", async () => {
  const before = bundleTree(await compiled({ "level: 6": "level: 3" }), (path) => path);
  const { changes } = diffTree(await compiled(), before);
  const [rule] = changes.filter(({ what }) => what === "rule");
  assert.ok(rule?.strengthens && !rule.security, JSON.stringify(rule));
});

test("responses name what starts them", async () => {
  const changes = await drift(conf, (text) =>
    text.replace("<timeout>600</timeout>", "<timeout>60</timeout>"),
  );
  assert.match(
    changes.find(({ what }) => what === "active-response")?.summary ?? "",
    /the active response perimeter-firewall-drop \(rules 100500.*\): timeout "60" → "600"/,
  );
});

test("every format names the host, and marks what is weaker there", async () => {
  const changes = await drift(rules, (text) =>
    text.replace('id="100500" level="6"', 'id="100500" level="3"'),
  );
  const report = { bundle: "perimeter", changes, unmanaged: [], behaviour: null, diagnostics: [] };
  const result = {
    reports: [
      { ...report, host: "web-1" },
      { ...report, host: "web-2" },
    ],
    diagnostics: [],
  };
  const text = diffText(result, noPaint, { unmanaged: false, patches: false });
  assert.match(text, /~ web-1: rule 100500: level 3 → 6.* \[weaker there now\]/);
  assert.match(text, /~ web-2: rule 100500/);
  assert.match(text, /2 where what lies there is weaker/);
  assert.match(diffMarkdown(result), /web-2: rule 100500.*\*\*weaker there now\*\*/);
  assert.match(diffGithub(result), /::error .*web-1: rule 100500.*\(weaker there now\)/);
  assert.match(diffJson(result, false), /"host":"web-2"/);
  const alone = diffText({ reports: [{ ...report, host: null }], diagnostics: [] }, noPaint, {
    unmanaged: false,
    patches: false,
  });
  assert.not.match(alone, "web");
});

test.run();
