/** A host that only logs and notifies needs no packet filter and no never-block list. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { workspace } from "./workspace.js";

const text = (hook: string): string => `import { defineBundle, osRegex } from "zopf";
export default defineBundle({
  name: "only", ossec: { home: "/var/ossec" },
  detections: [{ kind: "log", name: "Refused", program: "app", regex: osRegex("^refused (\\\\S+)$"), order: ["srcip"],
    samples: ["Nov 14 18:09:08 web app[1]: refused 192.0.2.9"], rule: { level: 5, description: "refused" } }],
  responses: [{ kind: "notify", when: { detection: "Refused" }, webhook: { url: ${JSON.stringify(hook)} } }, { kind: "log", when: { detection: "Refused" } }],
});
`;

test("a webhook and a log, and nothing that blocks", async () => {
  const here = workspace().write("bundle.zopf.ts", text("https://hooks.example.org/x"));
  const report = await here.build();
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  assert.equal(report.diagnostics, []);
  assert.equal(Object.keys(here.tree("generated/only")).sort(), [
    "active-response/log.sh*",
    "active-response/notify.sh*",
    "manifest.json",
    "ossec/local_decoder.xml",
    "ossec/local_rules.xml",
    "ossec/ossec.conf",
  ]);
});

for (const hook of [
  "hooks.example.org",
  'https://x/"',
  "https://x/$(reboot)",
  "https://x/'",
  "https://x/a b",
  "ftp://x/",
])
  test(`${hook} is no web service`, async () => {
    const { diagnostics } = await workspace().write("bundle.zopf.ts", text(hook)).build();
    assert.is(diagnostics.find(({ severity }) => severity === "error")?.code, "bundle/notify");
  });

test.run();
