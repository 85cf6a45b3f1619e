import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundleText, workspace } from "./workspace.js";

const event = 'event: "connection_state_remove"';

async function diagnosticsOf(written: string) {
  const report = await workspace()
    .write("bundle.zopf.ts", bundleText({ [event]: written }))
    .build();
  assert.is(report.outcome, "failed");
  return report.diagnostics;
}

for (const [written, help] of [
  ['event: { log: "ssh" }', /^write event: "ssh\.log"$/],
  ['event: "ssh"', /^write event: "ssh\.log"$/],
  ['event: "SSH.log"', /^write event: "ssh\.log"$/],
  ['event: "modbus.log"', /"conn\.log".*zeekLog and onLog/],
  ['event: { log: "modbus" }', /"conn\.log".*zeekLog and onLog/],
] as const)
  test(`an event that is none is told once, at its place: ${written}`, async () => {
    const found = await diagnosticsOf(written);
    assert.equal(
      found.map(({ code }) => code),
      ["load/event"],
    );
    assert.match(found[0]?.help ?? "", help);
  });

test("an event that is right is not blamed for another mistake", async () => {
  const report = await workspace()
    .write("bundle.zopf.ts", bundleText().replace('from "zopf"', 'from "zofp"'))
    .build();
  assert.not.ok(report.diagnostics.some(({ code }) => code === "load/event"));
  assert.ok(report.diagnostics.some(({ code }) => code === "load/import"));
});

test.run();
