import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Engine } from "../../../src/ossec/engine/index.js";
import { engineOn, load } from "./tree.js";

/** What two engines must agree on. */
function answers(engine: Engine, lines: readonly string[], times: readonly number[]): unknown[] {
  return lines.map((line, index) => {
    const event = engine.process(line, times[index] ?? 0);
    if (event.kind !== "event") return event.kind;
    const { rule, alert, fields, decoder, lastEvents, counted, silencedBy } = event;
    return { rule: rule?.id, alert, fields, decoder, lastEvents, counted, silencedBy };
  });
}

const composite = (id: number, level: number, frequency: number, more: string) =>
  `<rule id="${id}" level="${level}" frequency="${frequency}" timeframe="20">${more}<description>c${id}</description></rule>`;

const rules =
  '<rule id="100" level="3"><decoded_as>d</decoded_as><group>seen,</group><description>b</description></rule>' +
  '<rule id="101" level="4"><if_sid>100</if_sid><match>evil|wicked</match><group>seen,</group><description>m</description></rule>' +
  '<rule id="102" level="2"><decoded_as>app</decoded_as><program_name>^app$</program_name><group>seen,</group><description>p</description></rule>' +
  composite(110, 8, 1, "<if_matched_sid>100</if_matched_sid><same_source_ip />") +
  composite(111, 10, 3, "<if_matched_group>seen</if_matched_group><same_source_ip /><same_id />") +
  composite(112, 9, 2, "<if_matched_sid>101</if_matched_sid><same_user /><different_url />") +
  composite(113, 12, 2, "<if_sid>101</if_sid><if_matched_regex>evil</if_matched_regex><same_id />") +
  composite(114, 11, 2, "<if_matched_group>seen</if_matched_group><same_location />");

const loaded = load({ rules, conf: "<global><memory_size>2048</memory_size></global>" });

const address = fc.constantFrom("192.0.2.1", "192.0.2.2", "-");
const word = fc.constantFrom("a", "b", "EVIL", "wicked");
const anyLine = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(address, word, word, word)
      .map(([ip, user, id, url]) => `D ${ip} ${user} ${id} /${url} 1 2`),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(address, word).map(([ip, user]) => `Dec 29 10:00:01 h app[1]: ${ip} ${user} x`),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 20 }) },
);

test("the fast way and the plain way say the same, also when the clock goes back", () => {
  const steps = fc.array(fc.tuple(anyLine, fc.integer({ min: -3, max: 9 })), { maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.boolean(), (given, backwards) => {
      const lines = given.map(([line]) => line);
      let time = 1000;
      const times = given.map(([, step]) => {
        time += backwards ? step : Math.max(0, step);
        return time;
      });
      const plain = answers(engineOn(loaded, { plain: true }), lines, times);
      assert.equal(answers(engineOn(loaded), lines, times), plain);
      assert.equal(answers(engineOn(loaded, { transient: true }), lines, times), plain);
    }),
    { numRuns: 300 },
  );
});

test("an observer changes nothing", () => {
  const steps = fc.array(anyLine, { maxLength: 40 });
  fc.assert(
    fc.property(steps, (lines) => {
      const times = lines.map((_, index) => 1000 + index);
      assert.equal(
        answers(engineOn(loaded, { trace: {} }), lines, times),
        answers(engineOn(loaded), lines, times),
      );
    }),
    { numRuns: 100 },
  );
});

test("no bytes make it throw", () => {
  const bytes = fc.string({
    unit: fc.nat({ max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 80,
  });
  const engine = engineOn(loaded);
  fc.assert(
    fc.property(bytes, fc.nat(), (line, time) => {
      engine.process(line, time);
      engine.process(`D ${line}`, time);
      engine.process(`Dec 29 10:00:01 h app[1]: ${line}`, time);
    }),
    { numRuns: 500 },
  );
});

test.run();
