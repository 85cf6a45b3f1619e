import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compileBundles } from "../../../src/compiler/compile.js";
import { workspace } from "../workspace.js";

const test = suite("bundles for Wazuh");

const refused = `{
    kind: "log",
    name: "Refused",
    log: "/var/log/app.log",
    program: "app",
    regex: pcre2\`^refused (.*) from ([0-9a-f.:]+)$\`,
    order: ["user", "srcip"],
    samples: [{ line: "Nov 14 18:09:08 web app[812]: refused carol from 198.51.100.66", fields: { user: "carol" } }],
    rule: { level: 5, groups: ["app"], description: "refused" },
  }`;

const many = `{
    kind: "burst",
    name: "Many_Refused",
    of: { detection: "Refused" },
    events: 5,
    within: "2 min",
    per: ["source", "user"],
    rule: { level: 10, groups: ["app"], description: "refused five times" },
  }`;

interface Parts {
  readonly detections?: readonly string[];
  readonly when?: string;
  readonly ossec?: string;
}

function bundle({ detections = [refused, many], when = '{ detection: "Many_Refused" }', ossec = "" }: Parts) {
  return workspace().write(
    "bundle.zopf.ts",
    `import { defineBundle, osMatch, osRegex, pcre2, pf } from "zopf";
void osMatch; void osRegex; void pcre2;
export default defineBundle({
  name: "logs",
  ossec: { dialect: "wazuh", home: "/var/ossec", firstRuleId: 100500${ossec} },
  firewall: pf({ table: "logs" }),
  neverBlock: ["192.0.2.1"], ownAddresses: ["192.0.2.1"],
  detections: [${detections.join(", ")}],
  responses: [{ kind: "block", when: ${when}, for: "10 min" }],
});
`,
  );
}

/** Code, severity and message of everything reported. */
async function said(parts: Parts): Promise<readonly (readonly [string, string, string])[]> {
  const { folder } = bundle(parts);
  const { diagnostics } = await compileBundles([join(folder, "bundle.zopf.ts")], {
    show: (path) => path,
    cache: false,
  });
  return diagnostics.map(({ code, severity, message }) => [code, severity, message] as const);
}

const changed = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`no ${from}`);
  return text.replace(from, () => to);
};

test("the user is srcuser, which Wazuh does not look at before it sends a response", async () => {
  const here = bundle({});
  assert.equal((await here.build()).diagnostics, []);
  assert.match(
    here.read("generated/logs/wazuh/0000-zopf-logs_decoders.xml") ?? "",
    "<order>srcuser,srcip</order>",
  );
  const rules = here.read("generated/logs/wazuh/zopf-logs_rules.xml") ?? "";
  assert.match(rules, "<same_srcuser />");
  assert.match(rules, ' frequency="5" ');
  assert.not.match(rules, "global_frequency");
});

test("a server's bursts count the events of all agents, as OSSEC's do", async () => {
  const here = bundle({ ossec: ', installation: "server"' });
  assert.equal((await here.build()).diagnostics, []);
  assert.match(here.read("generated/logs/wazuh/zopf-logs_rules.xml") ?? "", "<global_frequency />");
});

test("a dstuser that may have any characters starts no response; one of plain letters does", async () => {
  const dstuser = changed(
    changed(refused, '"user", "srcip"', '"dstuser", "srcip"'),
    "fields: { user",
    "fields: { dstuser",
  );
  const [found, ...more] = await said({ detections: [dstuser, many] });
  assert.equal([found?.[0], found?.[1], more], ["bundle/wazuh", "error", []]);
  assert.match(found?.[2] ?? "", /"Refused" gives Wazuh a dstuser that may have other characters/);
  assert.equal(await said({ detections: [changed(dstuser, "(.*)", "([a-z._0-9]+)"), many] }), []);
});

test("others' rules may name a user: that their responses may be kept back is said", async () => {
  for (const [of, when] of [
    ["{ rule: 5710 }", '{ detection: "Many_Refused" }'],
    ['{ detection: "Refused" }', "{ rule: 5712 }"],
    ['{ detection: "Refused" }', '{ group: "authentication_failures" }'],
  ] as const) {
    const burst = changed(changed(many, '{ detection: "Refused" }', of), '["source", "user"]', '"source"');
    const found = (await said({ detections: [refused, burst], when })).filter(
      ([code]) => code === "bundle/unsent",
    );
    assert.equal(found.length, 1, when);
    assert.is(found[0]?.[1], "warning");
  }
});

test("data and extra_data are two fields, and may be asked for", async () => {
  const two = changed(
    changed(
      changed(refused, '["user", "srcip"]', '["data", "extra_data", "srcip"]'),
      "^refused (.*) from",
      "^refused (\\\\w+)/(\\\\w+) from",
    ),
    '[{ line: "Nov 14 18:09:08 web app[812]: refused carol from 198.51.100.66", fields: { user: "carol" } }]',
    '["Nov 14 18:09:08 web app[812]: refused carol/x from 198.51.100.66"], where: { data: "carol" }',
  );
  const source = changed(many, '["source", "user"]', '"source"');
  const here = bundle({ detections: [two, source] });
  const { diagnostics } = await here.build();
  assert.equal(
    diagnostics.filter(({ code }) => code === "bundle/order"),
    [],
  );
});

test("patterns that grow too long, and addresses of the other family, are refused", async () => {
  const long = changed(refused, "^refused (.*) from", `^refused (.*) ${"x".repeat(1_000)} from`);
  assert.ok(
    (await said({ detections: [long, many] })).some(
      ([code, , text]) => code === "bundle/pattern" && /takes 1023/.test(text),
    ),
  );
  for (const [network, where] of [
    ["::1", /every IPv4 address/],
    ["0.0.0.0/0", /every IPv6 address too/],
  ] as const) {
    const asked = changed(refused, "samples:", `where: { srcip: "${network}" }, samples:`);
    assert.ok(
      (await said({ detections: [asked, many] })).some(
        ([code, , text]) => code === "bundle/wazuh" && where.test(text),
      ),
      network,
    );
  }
});

test("programs of Wazuh's own decoders: whose lines their rules no longer see is said", async () => {
  for (const [program, decoder] of [
    ["sshd", "sshd"],
    ["nginx", "web-accesslog"],
    ["systemd-logind", "systemd"],
  ] as const) {
    const one = changed(
      changed(refused, 'program: "app"', `program: "${program}"`),
      "web app[",
      `web ${program}[`,
    );
    const [found, ...more] = await said({ detections: [one, many] });
    assert.equal([found?.[0], found?.[1], more], ["bundle/stock-lines", "info", []]);
    assert.match(found?.[2] ?? "", `own decoder "${decoder}"`);
  }
});

test.run();
