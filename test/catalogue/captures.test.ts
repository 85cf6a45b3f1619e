/** Every preset with its own numbers over every recorded capture: what it must, may and must not fire on. */
import { existsSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connectionPresets, packetPresets, presets } from "../../src/catalogue/index.js";
import { oracle } from "../zeek/helpers.js";
import {
  byPreset,
  captureNames,
  captures,
  compile,
  everyPreset,
  example,
  otherLogs,
  replayed,
  serviceExample,
} from "./catalogue.js";

const model = await compile(example);
const services = await compile(serviceExample);
const detections = await everyPreset();

/** What all presets say to a capture. */
const fires = async (conn: string) => [
  ...(await replayed(model, conn)),
  ...(await replayed(services, conn, otherLogs(conn))),
];
const found = captures();

if (!existsSync(oracle))
  console.log(`skipped: ../shared/oracle/zeek is not there; only the ${found.size} copied captures run`);

test("the examples hold every preset once, in the catalogue's order", () => {
  assert.is(model.detections.length + services.detections.length + packetPresets.length, presets.length);
  assert.is(byPreset(model).size, connectionPresets.length);
  assert.is(detections.size, presets.length);
});

test("every capture that a preset speaks of was recorded", () => {
  const known = new Set<string>(captureNames);
  for (const { scan, captures: said } of presets) {
    for (const name of [...said.must, ...said.may]) assert.ok(known.has(name), `${scan}: ${name}`);
    assert.is(new Set([...said.must, ...said.may]).size, said.must.length + said.may.length, scan);
  }
  if (existsSync(oracle)) assert.equal([...found.keys()].sort(), [...captureNames].sort());
});

test("nothing but the presets for it fires on the benign capture and the traceroute", () => {
  for (const { scan, captures: said } of presets) {
    const all = [...said.must, ...said.may];
    assert.not(all.includes("benign"), scan);
    assert.is(all.includes("traceroute"), scan === "traceroute", scan);
  }
});

for (const [name, conn] of found) {
  test(`${name}: the presets that must fire do, no other ones`, async () => {
    const fired = new Set((await fires(conn)).map(({ detection }) => detection));
    for (const { scan, captures: said } of presets) {
      const does = fired.has(detections.get(scan)?.name ?? "");
      if (said.must.includes(name)) assert.ok(does, `${scan} stays silent on ${name}`);
      else if (!said.may.includes(name)) assert.not(does, `${scan} fires on ${name}`);
    }
  });

  test(`${name}: only the attacker is named`, async () => {
    for (const { source, detection } of await fires(conn))
      assert.ok(["66.132.172.191", "2a01:4f8:77::1"].includes(source), `${detection} names ${source}`);
  });
}

test.run();
