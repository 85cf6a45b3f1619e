import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundleText, type Workspace, workspace } from "../workspace.js";

const test = suite("pf beyond blocking");

const line = 7;
const rate = (changes: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    ports: "[22, 80]",
    to: '["192.0.2.10", "2001:db8::10"]',
    connections: "15",
    within: '"5 sec"',
    for: '"1 hr"',
    ...changes,
  })
    .map(([key, value]) => `${key}: ${value}`)
    .join(", ");

function withFirewall(firewall: string): Workspace {
  return workspace().write(
    "bundle.zopf.ts",
    bundleText({ 'pf({ table: "ossec_fwtable" })': `${firewall} as any` }),
  );
}

const refusals: readonly (readonly [
  title: string,
  firewall: string,
  at: string,
  code: string,
  message: RegExp,
])[] = [
  [
    "a flavour that there is not",
    'pf({ table: "t", flavour: "netbsd" as any })',
    '"netbsd"',
    "bundle/shape",
    /openbsd/,
  ],
  [
    "a port of 0",
    `pf({ table: "t", rateLimit: { ${rate({ ports: "[22, 0]" })} } })`,
    "0], to",
    "bundle/number",
    /1 to 65535/,
  ],
  [
    "no port",
    `pf({ table: "t", rateLimit: { ${rate({ ports: "[]" })} } })`,
    "[], to",
    "bundle/shape",
    /1 to 64/,
  ],
  [
    "an address that would break out",
    `pf({ table: "t", rateLimit: { ${rate({ to: '["192.0.2.10 } port 1"]' })} } })`,
    '"192.0.2.10 }',
    "bundle/network",
    /neither/,
  ],
  [
    "no address",
    `pf({ table: "t", rateLimit: { ${rate({ to: "[]" })} } })`,
    "[], conn",
    "bundle/shape",
    /services/,
  ],
  [
    "no connection at all",
    `pf({ table: "t", rateLimit: { ${rate({ connections: "0" })} } })`,
    "0, within",
    "bundle/number",
    /connections/,
  ],
  [
    "half a second",
    `pf({ table: "t", rateLimit: { ${rate({ within: '"500 msec"' })} } })`,
    '"500 msec"',
    "bundle/duration",
    /whole seconds/,
  ],
  [
    "no end",
    `pf({ table: "t", rateLimit: { ${rate({ for: "undefined as any" })} } })`,
    "undefined",
    "bundle/shape",
    /for must be a string/,
  ],
  [
    "an interface that would break out",
    `pf({ table: "t", rateLimit: { ${rate({ interface: '"em0 from any"' })} } })`,
    '"em0 from any"',
    "bundle/name",
    /interface/,
  ],
  [
    "egress on FreeBSD",
    'pf({ table: "t", flavour: "freebsd", redirect: { ports: [25], to: 8025, interface: "egress" } })',
    '"egress"',
    "bundle/name",
    /egress/,
  ],
  [
    "a redirect to no port",
    'pf({ table: "t", redirect: { ports: [25], to: 70000 } })',
    "70000",
    "bundle/number",
    /65535/,
  ],
  [
    "a name that leaves no room for two more",
    `pf({ table: "${"t".repeat(26)}", rateLimit: { ${rate()} } })`,
    "{ ports",
    "bundle/table",
    /31 characters/,
  ],
  [
    "counters that are no switch",
    'pf({ table: "t", counters: "yes" as any })',
    '"yes"',
    "bundle/shape",
    /true or false/,
  ],
];

for (const [title, firewall, at, code, message] of refusals)
  test(`${title} is refused where it is written`, async () => {
    const here = withFirewall(firewall);
    const report = await here.build();
    assert.is(report.outcome, "failed");
    const found = report.diagnostics.find((diagnostic) => diagnostic.code === code);
    assert.ok(found !== undefined, `${code} expected; ${JSON.stringify(report.diagnostics)}`);
    const text = here.read("bundle.zopf.ts")?.split("\n")[line - 1] ?? "";
    assert.is(`${found?.line}:${found?.column}`, `${line}:${text.indexOf(at) + 1}`, found?.message);
    assert.match(found?.message ?? "", message);
  });

/** The rules of the emitted fragment. */
async function rules(firewall: string): Promise<readonly string[]> {
  const here = withFirewall(firewall);
  const report = await here.build();
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  return (here.read("generated/perimeter/pf/pf.conf") ?? "")
    .split("\n")
    .filter((text) => text !== "" && !text.startsWith("#"));
}

const blocks = (table: string): readonly string[] => [
  `block drop in log quick from <${table}> to any`,
  `block drop out log quick from any to <${table}>`,
];

test("rateLimit: a table of its own, the never-block list beside it, one rule", async () => {
  assert.equal(
    await rules(
      `pf({ table: "t", counters: true, rateLimit: { ${rate({ atOnce: "100", interface: '"egress"' })} } })`,
    ),
    [
      "table <t> persist counters",
      "table <t_rate> persist counters",
      "table <t_never> const { 192.0.2.1 10.0.0.0/8 2001:db8::/32 }",
      ...blocks("t"),
      ...blocks("t_rate"),
      "pass in quick on egress proto tcp from ! <t_never> to { 192.0.2.10 2001:db8::10 } port { 22 80 } flags S/SA keep state (max-src-conn 100, max-src-conn-rate 15/5, overload <t_rate> flush global)",
    ],
  );
});

test("redirect: as each of the two writes it, in front of the blocks", async () => {
  const asked = "redirect: { ports: [25, 465], to: 8025 }";
  assert.equal(await rules(`pf({ table: "t", ${asked} })`), [
    "table <t> persist",
    "pass in quick inet proto tcp from <t> to any port { 25 465 } rdr-to 127.0.0.1 port 8025",
    ...blocks("t"),
  ]);
  assert.equal(await rules(`pf({ table: "t", flavour: "freebsd", ${asked} })`), [
    "table <t> persist",
    "rdr pass inet proto tcp from <t> to any port { 25 465 } -> 127.0.0.1 port 8025",
    ...blocks("t"),
  ]);
});

test("the script ends and lists what pf has put into its own table", async () => {
  const here = withFirewall(`pf({ table: "t", rateLimit: { ${rate()} } })`);
  assert.is((await here.build()).outcome, "written");
  const script = here.read("generated/perimeter/active-response/firewall-drop.sh") ?? "";
  assert.match(script, /pfctl -q -t "\$PF_RATE" -T expire 3600/);
  const { owns } = JSON.parse(here.read("generated/perimeter/manifest.json") ?? "");
  assert.equal(owns.tables, ["t", "t_rate", "t_never"]);
});

test.run();
