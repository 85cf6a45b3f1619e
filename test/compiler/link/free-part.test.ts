/** A refusal of a block says which part of the pattern is free, and what to write. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { freePartBefore, freePartHelp } from "../../../src/compiler/link/free-part.js";
import { workspace } from "../workspace.js";

for (const [text, group, free, next] of [
  ["^Failed password for (\\S+) from (\\S+) port", 2, "\\S+", " "],
  ["^login (.*) from ([0-9a-f.:]+)", 2, ".*", " "],
  ["^warning: (\\S+)\\[([0-9a-f.:]+)\\]: SASL", 2, "\\S+", "["],
  ["^\\d+ denied ([0-9.]+)", 1, null, null],
  ["^a (?:b|c) [0-9]+ ([0-9.]+)", 1, null, null],
  ["^client [^#]+ ([0-9.]+)", 1, "[^#]+", " "],
  ["^x (\\w{2,}) ([0-9.]+)", 2, "\\w{2,}", " "],
] as const)
  test(`${text}: ${free ?? "nothing that can be named"}`, () => {
    const found = freePartBefore({ language: "pcre2", text }, group);
    assert.equal(found, free === null ? null : { text: free, next });
  });

test("the help names the part and a class that may stand for it", () => {
  const help = freePartHelp({ language: "pcre2", text: "^warning: (\\S+)\\[([0-9a-f.:]+)\\]: SASL" }, 2);
  assert.match(help, /^`\\S\+` is free: /);
  assert.match(help, "write [^[]+ for it, and ^ in front");
});

const bundle = (regex: string): string => `import { defineBundle, dryRun, pcre2 } from "zopf";
export default defineBundle({
  name: "free", ossec: { home: "/var/ossec" }, firewall: dryRun(), neverBlock: ["192.0.2.1"], ownAddresses: ["192.0.2.1"],
  detections: [{ kind: "log", name: "Sasl", program: "smtpd", regex: pcre2\`${regex}\`, order: ["hostname", "srcip"],
    samples: ["Nov 14 18:09:08 mx smtpd[1]: warning: unknown[198.51.100.9]: SASL LOGIN"], rule: { level: 5, description: "sasl" } }],
  responses: [{ kind: "block", when: { detection: "Sasl" }, for: "10 min" }],
});
`;

test("what the help says passes", async () => {
  const refused = await workspace()
    .write("bundle.zopf.ts", bundle("^warning: (\\S+)\\[([0-9a-f.:]+)\\]: SASL"))
    .build();
  const found = refused.diagnostics.find(({ code }) => code === "bundle/forgeable-source");
  assert.match(found?.help ?? JSON.stringify(refused.diagnostics), /write \[\^\[\]\+ for it/);
  const passed = await workspace()
    .write("bundle.zopf.ts", bundle("^warning: ([^[]+)\\[([0-9a-f.:]+)\\]: SASL"))
    .build();
  assert.is(passed.outcome, "written", JSON.stringify(passed.diagnostics));
});

test.run();
