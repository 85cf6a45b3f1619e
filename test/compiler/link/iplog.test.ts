import { test } from "uvu";
import * as assert from "uvu/assert";
import { workspace } from "../workspace.js";

const text = (first: string, second = ""): string => `import { defineBundle } from "zopf";
export default defineBundle({
  name: "sensor",
  ossec: { home: "/var/ossec", firstRuleId: 100600 },
  detections: [
    { kind: "iplog", name: "Begun", log: "/var/log/iplog", rule: { level: 6, description: "begun" }, ${first} },
    ${second === "" ? "" : `{ kind: "iplog", name: "Other", rule: { level: 3, description: "other" }, ${second} },`}
  ],
});
`;

const both = 'log: "/var/log/iplog", expired: true, scans: ["syn_scan", "udp_scan"]';

test("a sensor and the ends of its scans", async () => {
  const here = workspace().write(
    "bundle.zopf.ts",
    text(
      `scans: ["syn_scan", "traceroute"],
      ignore: [{ protocol: "tcp", destinationPort: "6000:6010" }],
      sensor: { interfaces: ["em0", "em1"], promiscuous: "192.0.2.0/24", user: "nobody", group: "nogroup",
        pidFile: "/var/run/iplog.pid", scansOnly: true, verbose: true }`,
      both,
    ),
  );
  assert.equal((await here.build()).diagnostics, []);
  const conf = here.read("generated/sensor/iplog/iplog.conf") ?? "";
  for (const line of [
    "interface em0,em1",
    "promisc 192.0.2.0/24",
    "user nobody",
    "group nogroup",
    "pid-file /var/run/iplog.pid",
    "set scans_only true",
    "set verbose true",
    "set udp_scan true",
    "set fin_scan false",
    "set get_ident false",
    "ignore tcp dport 6000:6010",
  ])
    assert.ok(conf.split("\n").includes(line), line);
  assert.ok(conf.indexOf("promisc ") < conf.indexOf("set log_dest false"), "promisc switches log_dest on");
});

for (const [title, first, second, code, line, message] of [
  ["an end that iplog does not tell", 'expired: true, scans: ["bogus"]', "", "bundle/missing", 6, /over/],
  [
    "two files",
    'scans: ["syn_scan"]',
    'log: "/var/log/other", expired: true, scans: ["syn_scan"]',
    "bundle/duplicate",
    7,
    /one file/,
  ],
  [
    "one report twice",
    'scans: ["syn_scan"]',
    'log: "/var/log/iplog", scans: ["syn_scan"]',
    "bundle/duplicate",
    7,
    /already/,
  ],
  [
    "settings twice",
    'scans: ["syn_scan"], sensor: { user: "a" }',
    `${both}, sensor: { user: "b" }`,
    "bundle/duplicate",
    7,
    /already/,
  ],
  [
    "a network of IPv6",
    'scans: ["syn_scan"], sensor: { promiscuous: "2001:db8::/32" }',
    "",
    "bundle/network",
    6,
    /IPv4/,
  ],
  [
    "an interface of two words",
    'scans: ["syn_scan"], sensor: { interfaces: ["em0 em1"] }',
    "",
    "bundle/shape",
    6,
    /interface/,
  ],
  [
    "ports backwards",
    'scans: ["syn_scan"], ignore: [{ protocol: "tcp", destinationPort: "90:80" }]',
    "",
    "bundle/port",
    6,
    /port/,
  ],
] as const)
  test(`${title} is told where it is written`, async () => {
    const report = await workspace().write("bundle.zopf.ts", text(first, second)).build();
    const found = report.diagnostics.find((one) => one.code === code);
    assert.ok(found !== undefined, JSON.stringify(report.diagnostics));
    assert.is(found?.line, line);
    assert.match(found?.message ?? "", message);
  });

test.run();
