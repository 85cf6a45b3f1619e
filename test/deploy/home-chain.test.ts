/** Sample lines in somebody's home: who takes them, and what to write. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkHome } from "../../src/check/home.js";
import { showPath } from "../../src/cli/command.js";
import { type CompiledBundle, compileBundles } from "../../src/compiler/compile.js";
import { discoverBundles } from "../../src/compiler/output/discover.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { diffDeployed } from "../../src/diff/diff.js";
import { workspace } from "../compiler/workspace.js";
import { deployTo, type Host, host } from "./host.js";
import { stockFiles, stockIsHere } from "./stock-home.js";

const header = `import { defineBundle, nftables, osMatch, osRegex } from "zopf";
`;

/** What the rules of the home need. */
const sshd = '<decoder name="sshd"><program_name>^sshd</program_name></decoder>\n';

/** Sample lines of a program, of an application's own log, and a burst of the first. */
const source = `${header}
export default defineBundle({
  name: "door",
  ossec: { home: "/var/ossec", decodersFirst: true },
  firewall: nftables({ table: "door" }),
  ownAddresses: ["192.0.2.1"],
  neverBlock: ["192.0.2.0/24"],
  detections: [
    {
      kind: "log", name: "Refused", program: osMatch("^doord$"),
      regex: osRegex("^refused (\\\\S+)$"), order: ["srcip"],
      samples: ["Nov 14 18:09:08 web doord[812]: refused 198.51.100.66"],
      notSamples: ["Nov 14 18:09:08 web doord[812]: welcome 198.51.100.66"],
      rule: { id: 104900, level: 5, groups: ["door"], description: "door: refused" },
    },
    {
      kind: "log", name: "Own_Log", log: "/var/log/door.log",
      prematch: osRegex("^\\\\d\\\\d\\\\d\\\\d-\\\\d\\\\d-\\\\d\\\\d \\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d door: "), 
      samples: ["2026-06-11 03:12:00 door: bell"],
      rule: { id: 104901, level: 3, groups: ["bell"], description: "door: bell" },
    },
    {
      kind: "burst", name: "Knocking", of: { detection: "Refused" }, events: 4, within: "2 min", per: "source",
      rule: { id: 104902, level: 10, groups: ["door"], description: "door: knocking" },
    },
  ],
  responses: [{ kind: "block", when: { detection: "Knocking" }, for: "1 hr" }],
});
`;

async function compiledText(text: string): Promise<CompiledBundle> {
  const here = workspace().write("bundle.zopf.ts", text);
  const { bundles, diagnostics } = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  const [bundle] = bundles;
  if (bundle === undefined) throw new Error(JSON.stringify(diagnostics));
  return bundle;
}

const door = compiledText(source);

/** Deploy, check and diff say the same of a home. */
async function answers(there: Host, bundle: CompiledBundle): Promise<readonly Diagnostic[]> {
  const before = there.tree();
  const report = await deployTo(there.root, bundle, { dryRun: true });
  assert.equal(there.tree(), before);
  const found = report.diagnostics.filter(({ severity }) => severity === "error");
  const checked = await checkHome([bundle], { with: join(there.root, "var/ossec"), show: showPath });
  assert.equal(
    checked.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
    found.map(({ message }) => message),
  );
  assert.is(checked.status, found.length > 0 ? "failed" : "passed");
  const conflicts = diffDeployed(bundle, there.root, showPath).changes.filter(
    ({ kind }) => kind === "conflict",
  );
  assert.is(conflicts.length, found.length);
  for (const [index, { summary, security }] of conflicts.entries()) {
    assert.ok(security);
    assert.ok(summary.includes(found[index]?.message ?? "?"), summary);
  }
  assert.is(report.outcome, found.length > 0 ? "refused" : "planned", JSON.stringify(found));
  return found;
}

test("a home that takes none of the lines: it holds", async () => {
  assert.equal(await answers(host(), await door), []);
});

for (const [language, decoder] of [
  ["osmatch", '<decoder name="daemons"><program_name>^doord</program_name></decoder>'],
  ["pcre2", '<decoder name="daemons"><program_name_pcre2>^[a-e]oor</program_name_pcre2></decoder>'],
] as const)
  test(`a decoder of the program that stands before ours (${language}): named, and what to write helps`, async () => {
    const there = host();
    there.write("var/ossec/etc/decoder.xml", `<!-- theirs -->\n${decoder}\n${sshd}`);
    const [first, ...more] = await answers(there, await door);
    assert.equal(more, [], "what the burst counts does not come: that is not said again");
    assert.match(first?.message ?? "", /does not reach rule 104900 of "Refused"/);
    assert.match(first?.message ?? "", /decoder "daemons" \(.*etc\/decoder\.xml:2\)/);
    assert.match(first?.file ?? "", "bundle.zopf.ts");
    const written = /write (<decoder>.*<\/decoder>), in this order/.exec(first?.help ?? "")?.[1];
    assert.is(written, "<decoder>etc/local_decoder.xml</decoder><decoder>etc/decoder.xml</decoder>");
    const conf = there.read("var/ossec/etc/ossec.conf") ?? "";
    there.write("var/ossec/etc/ossec.conf", conf.replace("<rules>", `<rules>${written}`));
    assert.equal(await answers(there, await door), []);
  });

for (const [language, prematch] of [
  ["osregex", "<prematch>^\\d\\d\\d\\d-\\d\\d-\\d\\d </prematch>"],
  ["pcre2", "<prematch_pcre2>^\\d{4}-\\d\\d-\\d\\d \\d\\d:</prematch_pcre2>"],
] as const)
  test(`a decoder of dates that takes an application's own log (${language})`, async () => {
    const there = host();
    there.write("var/ossec/etc/decoder.xml", `<decoder name="dates">\n${prematch}</decoder>\n${sshd}`);
    const [first, ...more] = await answers(there, await door);
    assert.equal(more, []);
    assert.match(first?.message ?? "", /rule 104901 of "Own_Log": the decoder "dates" \(.*decoder\.xml:1\)/);
  });

test("a decoder before our block in the same file: where to move the block", async () => {
  const there = host();
  there.write(
    "var/ossec/etc/local_decoder.xml",
    '<!-- local -->\n<decoder name="mine"><program_name>doord</program_name></decoder>\n',
  );
  const [first] = await answers(there, await door);
  assert.match(first?.message ?? "", /decoder "mine" \(.*local_decoder\.xml:2\)/);
  assert.match(first?.help ?? "", /zopf:begin door .* before line 2/);
  there.write(
    "var/ossec/etc/local_decoder.xml",
    '<!-- zopf:begin door -->\n<!-- zopf:end door -->\n<decoder name="mine"><program_name>doord</program_name></decoder>\n',
  );
  assert.equal(await answers(there, await door), []);
});

test("a rule that is tried before the parent of ours: it is the parent that wants the level", async () => {
  const there = host();
  there.write(
    "var/ossec/rules/sshd_rules.xml",
    '<group name="x,">\n<rule id="1234" level="8"><match>refused</match><description>d</description></rule>\n<rule id="5700" level="0"><decoded_as>sshd</decoded_as><description>SSHD</description></rule></group>\n',
  );
  const bundle = await compiledText(
    source.replace(
      "detections: [",
      `detections: [
    {
      kind: "rule", name: "Known", under: { detection: "Refused" }, where: { srcip: "198.51.100.67" }, effect: { raise: 9 },
      samples: ["Nov 14 18:09:08 web doord[812]: refused 198.51.100.67"],
      rule: { id: 104903, groups: ["door"], description: "door: known" },
    },`,
    ),
  );
  const helps = (await answers(there, bundle)).map(({ help }) => help ?? "");
  assert.ok(
    helps.some((help) =>
      help.includes('give rule 104900 of "Refused", which rule 104903 stands below, a level above 8, or'),
    ),
    helps.join("\n"),
  );
  assert.not(helps.some((help) => help.includes("give rule 104903")));
});

test("a rule that is tried before ours: named, with the level that would do", async () => {
  const there = host();
  there.write(
    "var/ossec/rules/sshd_rules.xml",
    '<group name="x,">\n<rule id="1234" level="8"><match>refused</match><description>d</description></rule>\n<rule id="5700" level="0"><decoded_as>sshd</decoded_as><description>SSHD</description></rule></group>\n',
  );
  const [first, ...more] = await answers(there, await door);
  assert.equal(more, []);
  assert.match(first?.message ?? "", /rule 1234 \(.*sshd_rules\.xml:2, level 8\) takes the event/);
  assert.match(first?.help ?? "", /a level above 8, or overwrite rule 1234/);
});

test("a child of our rule takes its events", async () => {
  const there = host();
  await deployTo(there.root, await door);
  there.write(
    "var/ossec/rules/local_rules.xml",
    `${there.read("var/ossec/rules/local_rules.xml") ?? ""}<group name="l,">\n<rule id="100002" level="0"><if_sid>104900</if_sid><description>quiet</description></rule></group>\n`,
  );
  const [first, ...more] = await answers(there, await door);
  assert.equal(more, []);
  assert.match(first?.message ?? "", /rule 100002 \(.*local_rules\.xml:\d+\), a child of it/);
});

test("active response that is switched off", async () => {
  const there = host();
  const conf = there.read("var/ossec/etc/ossec.conf") ?? "";
  there.write(
    "var/ossec/etc/ossec.conf",
    conf.replace(
      "</ossec_config>",
      "<active-response>\n<disabled>yes</disabled></active-response>\n</ossec_config>",
    ),
  );
  const found = await answers(there, await door);
  assert.ok(
    found.some(
      ({ file, line, message }) => file.endsWith("ossec.conf") && line > 1 && /switched off/.test(message),
    ),
    JSON.stringify(found),
  );
});

test("rules of others that a burst counts or a response names, and that are not there", async () => {
  const bundle = await compiledText(`${header}
export default defineBundle({
  name: "outside",
  ossec: { home: "/var/ossec" },
  firewall: nftables({ table: "outside" }),
  ownAddresses: ["192.0.2.1"],
  neverBlock: ["192.0.2.0/24"],
  detections: [
    { kind: "burst", name: "More", of: { rule: 5700 }, events: 4, within: "2 min", per: "source",
      rule: { id: 104910, level: 10, groups: ["door"], description: "more" } },
  ],
  responses: [{ kind: "block", when: { rule: 5712 }, for: "1 hr" }],
});
`);
  const found = await answers(host(), bundle);
  assert.ok(
    found.some(({ message }) =>
      /"More" never fires: the events of rule 5700 \(.*sshd_rules\.xml:2\) are not kept/.test(message),
    ),
    JSON.stringify(found),
  );
  assert.ok(
    found.some(({ message }) => /rule 5712, which is not loaded/.test(message)),
    JSON.stringify(found),
  );
});

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

if (!stockIsHere)
  console.log("skipped: ../shared/ossec-ruleset is not here, so no home with the stock rules is built");
else {
  /** They say that the host's ossec.conf names local_decoder.xml first, which the stock home does not. */
  const decodersFirst = new Set(["sshd-burst", "service-logs"]);
  test("every example beside the stock rules holds, or says who takes its lines", async () => {
    const { bundles } = await compileBundles(discoverBundles(examples, null), {
      show: showPath,
      cache: true,
    });
    assert.ok(bundles.length > 8);
    const there = host(stockFiles("stock"));
    const refused = new Set<string>();
    for (const bundle of bundles.filter(({ model }) => model.ossec.dialect === "ossec")) {
      const report = await deployTo(there.root, bundle, { dryRun: true });
      const taken = report.diagnostics.filter(({ severity }) => severity === "error");
      const { name } = bundle.model;
      if (!decodersFirst.has(name)) assert.equal(taken, [], name);
      assert.is(report.outcome, taken.length === 0 ? "planned" : "refused", name);
      if (taken.length > 0) refused.add(name);
      for (const { code, message, help } of taken) {
        assert.is(code, "deploy/chain");
        assert.match(message, /the decoder "[\w-]+" \(.*etc\/decoder\.xml:\d+\) stands before the bundle's/);
        assert.match(message, /rule \d+ \(.*_rules\.xml:\d+\) fires|no rule fires/);
        assert.match(
          help ?? "",
          "<decoder>etc/local_decoder.xml</decoder><decoder>etc/decoder.xml</decoder>",
        );
      }
    }
    assert.equal([...refused].sort(), [...decodersFirst].sort());
  });

  test("examples/sshd-burst holds where its decoders come first, as the error says", async () => {
    const { bundles } = await compileBundles([join(examples, "sshd-burst/sshd.zopf.ts")], {
      show: showPath,
      cache: true,
    });
    const [bundle] = bundles;
    assert.ok(bundle !== undefined);
    assert.equal(await answers(host(stockFiles("own first")), bundle), []);
  });

  test("lines with a date in front, and the stock decoder of such dates", async () => {
    const found = await answers(host(stockFiles("stock")), await door);
    assert.ok(
      found.some(({ message }) => /rule 104901 .*the decoder "windows-date-format" \(/.test(message)),
      JSON.stringify(found),
    );
  });
}

test.run();
