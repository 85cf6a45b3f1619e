import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Detection } from "../../../src/dsl/detection.js";
import { constantsOf, responseConstants } from "../../../src/import/xml/constants.js";

const origin = { place: { file: "f", line: 1, column: 1 }, rules: [] };
const drafted = <T>(value: T) => ({ value, comments: [], origin });

const burst = (name: string, within: `${number} min`, ignore?: `${number} min`): Detection => ({
  kind: "burst",
  name,
  of: { rule: 5716 },
  events: 8,
  within,
  per: "source",
  rule: { level: 10, description: name, ...(ignore === undefined ? {} : { ignore }) },
});

const named = (detections: readonly Detection[]) =>
  constantsOf({ detections: detections.map(drafted) }, () => undefined).map((one) => [one.name, one.value]);

test("a length of time that several detections count over has a name, and equal ones of another kind have not", () => {
  assert.equal(named([burst("A", "2 min", "2 min"), burst("B", "2 min"), burst("C", "2 min")]), [
    ["burstWindow", "2 min"],
  ]);
  assert.equal(named([burst("A", "2 min", "2 min"), burst("B", "2 min", "2 min"), burst("C", "5 min")]), []);
});

test("of several lengths of time only the most frequent one has a name", () => {
  const all = ["2 min", "5 min", "5 min", "2 min", "5 min", "2 min", "5 min"] as const;
  assert.equal(named(all.map((within, at) => burst(`A${at}`, within))), [["burstWindow", "5 min"]]);
});

test("the time of blocks and how it grows have names, as lists of sources have", () => {
  const block = { kind: "block", when: { group: "g" }, for: "10 min", escalate: ["30 min", "1 hr"] } as const;
  assert.equal(
    responseConstants({ responses: [drafted(block), drafted(block)] }).map((one) => one.name),
    ["banTime", "longerBans"],
  );
  const silent = (name: string, srcip: readonly string[]): Detection => ({
    kind: "rule",
    name,
    under: { rules: [5716] },
    where: { srcip },
    effect: { silence: true },
    rule: { description: name },
  });
  const office = ["192.0.2.1", "192.0.2.7"];
  assert.equal(named([silent("A", office), silent("B", office), silent("C", ["192.0.2.1"])]), [
    ["knownSources", office],
  ]);
});

test.run();
