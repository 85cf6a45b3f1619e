/** Misspelt names that the type checker lets pass, for example since it is told to: each is an error of the build. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nearestName } from "../../../src/diagnostics/near-names.js";
import { bundleText, workspace } from "../workspace.js";

const rule = 'rule: { level: 6, description: "x" }';
const text = (detection: string): string => `import { defineBundle } from "zopf";
export default defineBundle({
  name: "misspelt",
  zeek: { logs: "/zeek/logs", site: "/zeek/site" },
  ossec: { home: "/var/ossec" },
  detections: [
    // @ts-ignore
    ${detection},
  ],
});
`;

const cases: readonly (readonly [title: string, detection: string, wrong: string, meant: string])[] = [
  ["a scan", 'kind: "scan", scan: "half-open", name: "A", treshold: 3', "treshold", "threshold"],
  [
    "a log",
    `kind: "log", name: "A", program: "app", samples: ["app: x"], notSample: ["app: y"], ${rule}`,
    "notSample",
    "notSamples",
  ],
  [
    "a burst",
    `kind: "burst", name: "A", of: { group: "a" }, events: 5, within: "1 min", per: "source", source: 3, ${rule}`,
    "source",
    "sources",
  ],
  [
    "an iplog",
    `kind: "iplog", name: "A", log: "/l", scans: ["frag"], ignoreDNS: true, ${rule}`,
    "ignoreDNS",
    "ignoreDns",
  ],
];

for (const [title, detection, wrong, meant] of cases)
  test(`a misspelt property of ${title} is shown where it is written`, async () => {
    const source = text(`{ ${detection} }`);
    const { outcome, diagnostics } = await workspace().write("bundle.zopf.ts", source).build();
    assert.is(outcome, "failed");
    assert.equal(
      diagnostics.map(({ code, line, help }) => [code, line, help]),
      [["bundle/unknown-property", 8, `did you mean "${meant}"?`]],
    );
    assert.match(diagnostics[0]?.message ?? "", new RegExp(`^detections\\[0\\]\\S*\\.${wrong}: `));
    const column = source.split("\n")[7]?.indexOf(`${wrong}: `) ?? 0;
    assert.ok((diagnostics[0]?.column ?? 0) > column);
  });

test("errors of different kinds are reported in one run", async () => {
  const change = {
    'noticeLog: "dedicated"': 'noticeLog: "notice.log", noticeKey: "0123456789abcdef"',
    '["192.0.2.1", "10.0.0.0/8", "2001:db8::/32"]': '["192.0.2.1"]',
    'suppress: "5 min"': 'suppress: "1 hr"',
    "threshold: 5": "threshold: 5.5",
    'for: "10 min" }]': 'for: "10 min" }, { kind: "log", when: { level: 1 } }]',
  };
  const { diagnostics } = await workspace().write("bundle.zopf.ts", bundleText(change)).build();
  assert.equal(diagnostics.map(({ code }) => code).sort(), [
    "bundle/number",
    "bundle/own-address",
    "bundle/response-level",
    "bundle/suppress",
    "bundle/text",
  ]);
});

test("the name that was meant", () => {
  const known = ["threshold", "window", "where", "per", "paths"];
  assert.is(nearestName("treshold", known), "threshold");
  assert.is(nearestName("THRESHOLD", known), "threshold");
  assert.is(nearestName("pre", known), "per");
  assert.is(nearestName("path", known), "paths");
  assert.is(nearestName("something", known), null);
  assert.is(nearestName("", known), null);
  assert.is(nearestName("x".repeat(1_000_000), known), null);
});

test.run();
