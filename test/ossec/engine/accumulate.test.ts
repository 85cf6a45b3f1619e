import { test } from "uvu";
import * as assert from "uvu/assert";
import { analysed, engineOn } from "./tree.js";

/** Lines `c=7 A 192.0.2.1` and `c=7 B bob`: two decoders under one name (docs/reference/ossec.md#corner-cases-of-analysis, `<accumulate>`). */
const decoders = `
<decoder name="d"><prematch>^c=</prematch></decoder>
<decoder name="a"><parent>d</parent><prematch> A</prematch><regex>c=(\\d*) A (\\S*)</regex><order>id,srcip</order><accumulate></accumulate></decoder>
<decoder name="b"><parent>d</parent><prematch> B</prematch><regex>c=(\\d*) B (\\S*)</regex><order>id,user</order><accumulate></accumulate></decoder>
<decoder name="n"><parent>d</parent><prematch> N</prematch><regex>c=(\\d*) N (\\S*)</regex><order>id,user</order></decoder>
<decoder name="p"><program_name>^p</program_name></decoder>`;
const rules =
  '<rule id="100" level="3"><decoded_as>d</decoded_as><description>x</description></rule>' +
  '<rule id="101" level="7"><if_sid>100</if_sid><srcip>192.0.2.1</srcip><user>^bob$</user><description>both</description></rule>';

const engine = () => engineOn({ rules, decoders });

test("what one line says is known to the next one of its id, for 120 seconds", () => {
  for (const [later, rule] of [
    [1, 101],
    [120, 101],
    [121, 100],
  ] as const) {
    const running = engine();
    running.process("c=7 A 192.0.2.1", 1000);
    const event = analysed(running.process("c=7 B bob", 1000 + later));
    assert.is(event.rule?.id, rule, `${later}`);
    assert.ok(event.accumulated);
    assert.is(event.srcip, rule === 101 ? "192.0.2.1" : null);
    // Filled fields are not printed.
    assert.equal(
      event.fields.map(([name]) => name),
      ["id", "dstuser"],
    );
  }
});

test("other ids, other hosts and decoders without accumulate know nothing of it", () => {
  const running = engine();
  running.process("c=7 A 192.0.2.1", 1000);
  assert.is(analysed(running.process("c=8 B bob", 1001)).rule?.id, 100);
  assert.is(analysed(running.process("c=7 N bob", 1001)).rule?.id, 100);
  assert.is(analysed(running.process("Nov 29 10:00:00 other c=7 B bob", 1001)).rule?.id, 100);
  assert.is(analysed(running.process("c=7 B bob", 1001)).rule?.id, 101);
});

test("the first value that is not empty is kept, one of more than 80 bytes is not", () => {
  const running = engine();
  running.process("c=7 A ", 1000);
  running.process("c=7 A 192.0.2.1", 1000);
  running.process("c=7 A 192.0.2.2", 1000);
  assert.is(analysed(running.process("c=7 B bob", 1001)).srcip, "192.0.2.1");
  for (const [length, kept] of [
    [80, true],
    [81, false],
  ] as const) {
    running.process(`c=${length} A ${"1".repeat(length)}`, 1001);
    assert.is(analysed(running.process(`c=${length} B bob`, 1001)).srcip !== null, kept);
  }
});

test("each line keeps the connection: 120 seconds are counted from the last one", () => {
  const running = engine();
  running.process("c=7 A 192.0.2.1", 1000);
  for (let time = 1100; time < 2000; time += 100)
    assert.is(analysed(running.process("c=7 B bob", time)).rule?.id, 101);
});

test.run();
