import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundleText, workspace } from "../workspace.js";

const message = "message: (hit) => `IP ${hit.key} suspected of scanning: ${hit.count} distinct ports`";
const script = "generated/perimeter/zeek/perimeter/port_scan_s0_detected.zeek";

test("a message of 10,000 characters would push the address out of OSSEC's sight", async () => {
  const here = workspace().write(
    "bundle.zopf.ts",
    bundleText({ [message]: `message: () => "${"m".repeat(10_000)}"` }),
  );
  const report = await here.build();
  assert.is(report.outcome, "failed");
  assert.is(report.diagnostics[0]?.code, "bundle/text");
  assert.is(report.diagnostics[0]?.line, 19);
});

test("somebody else's text in a message is cut, addresses and numbers are not", async () => {
  const plain = workspace().write("bundle.zopf.ts", bundleText());
  await plain.build();
  assert.not.match(plain.read(script) ?? "", /sub_bytes/);
  const foreign = workspace().write(
    "bundle.zopf.ts",
    bundleText({
      "per: (c) => c.id.orig_h": "per: (c) => [c.id.orig_h, c.history ?? ``]",
      [message]: "message: (hit) => `IP ${hit.key[0]} with ${hit.key[1]}`",
    }),
  );
  const report = await foreign.build();
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  assert.match(foreign.read(script) ?? "", /sub_bytes\(cat\(.*\), 1, 900\)/);
});

test.run();
