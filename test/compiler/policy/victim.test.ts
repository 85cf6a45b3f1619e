import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundleText, workspace } from "../workspace.js";

const per = "per: (c) => c.id.orig_h";
const where = 'where: (c) => c.conn?.conn_state === "S0" && !Site.local_nets.has(c.id.orig_h)';
const distinct = "distinct: (c) => c.id.resp_p";

async function told(change: Readonly<Record<string, string>>): Promise<readonly (readonly unknown[])[]> {
  const report = await workspace().write("bundle.zopf.ts", bundleText(change)).build();
  return report.diagnostics.map(({ code, severity, line, column }) => [code, severity, line, column]);
}

const cases: readonly (readonly [
  title: string,
  change: Readonly<Record<string, string>>,
  told: readonly (readonly unknown[])[],
])[] = [
  ["the originator", {}, []],
  ["the responder", { [per]: "per: (c) => c.id.resp_h" }, [["bundle/victim", "warning", 14, 10]]],
  [
    "the responder before the originator",
    { [per]: "per: (c) => [c.id.resp_h, c.id.orig_h]" },
    [["bundle/victim", "warning", 14, 10]],
  ],
  ["the responder behind the originator", { [per]: "per: (c) => [c.id.orig_h, c.id.resp_h]" }, []],
  [
    "the responder, meant",
    { [per]: "per: (c) => c.id.resp_h", "threshold: 5,": "threshold: 5, source: (hit) => hit.key," },
    [],
  ],
  [
    "one's own responder",
    {
      [per]: "per: (c) => c.id.resp_h",
      [where]: 'where: (c) => Site.local_nets.has(c.id.resp_h) && c.conn?.conn_state === "S0"',
    },
    [["bundle/innocent", "error", 14, 10]],
  ],
  [
    "one's own responder, meant",
    {
      [per]: "per: (c) => c.id.resp_h",
      [where]: 'where: (c) => Site.local_nets.has(c.id.resp_h) && c.conn?.conn_state === "S0"',
      "threshold: 5,": "threshold: 5, source: (hit) => hit.key,",
    },
    [],
  ],
  [
    "a responder that is none of one's own",
    {
      [per]: "per: (c) => c.id.resp_h",
      [where]: 'where: (c) => !Site.local_nets.has(c.id.resp_h) && c.conn?.conn_state === "S0"',
    },
    [["bundle/victim", "warning", 14, 10]],
  ],
  [
    "the responder, of whom is only told",
    { [per]: "per: (c) => c.id.resp_h", 'kind: "block"': 'kind: "notify"', ', for: "10 min"': "" },
    [],
  ],
  [
    "rows of a log",
    {
      connection_state_remove: "ssh.log",
      [where]: "where: (c) => c.auth_success === false",
      [per]: "per: (c) => c.id.resp_h",
      [distinct]: "events: true",
    },
    [["bundle/victim", "warning", 14, 10]],
  ],
];

for (const [title, change, expected] of cases)
  test(`a block of ${title}`, async () => {
    assert.equal(await told(change), expected);
  });

test.run();
