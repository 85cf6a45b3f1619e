/** Lines come as parts of larger texts: what a session remembers of a line must not keep the text around it. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LogtestSession, runStream } from "../../src/logtest/index.js";
import { engineOn } from "../ossec/engine/tree.js";

const decoders = `
<decoder name="fts"><prematch>^F </prematch><regex offset="after_prematch">^(\\S+)</regex><order>user</order><fts>name, user</fts></decoder>
<decoder name="diff"><program_name>^diff</program_name></decoder>
<decoder name="list"><prematch>^L </prematch><regex offset="after_prematch">^(\\S+)</regex><order>id</order></decoder>
<decoder name="alert"><prematch>^ossec: Alert</prematch><plugin_decoder>OSSECAlert_Decoder</plugin_decoder></decoder>
`;
const rule = (id: number, conditions: string, attributes = ""): string =>
  `<rule id="${id}" level="3" ${attributes}>${conditions}<description>r</description></rule>`;
const rules =
  rule(101, "<decoded_as>fts</decoded_as><if_fts />") +
  rule(102, "<decoded_as>diff</decoded_as><check_diff />") +
  rule(103, "<if_matched_regex>nowhere</if_matched_regex><same_id />", 'frequency="1" timeframe="60"') +
  rule(104, "<decoded_as>list</decoded_as>") +
  Array.from({ length: 300 }, (_, at) => rule(1000 + at, "<match>nowhere</match>")).join("");

const windows = 300;
const filler = `${"a line that no decoder and no rule takes ".repeat(25)}\n`.repeat(66);
const megabyte = 1 << 20;

const collect: unknown = (() => {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
})();

/** Megabytes in use after everything that nobody keeps is gone. */
function used(): number {
  assert.type(collect, "function");
  if (typeof collect === "function") collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / megabyte;
}

/** Megabytes that a session keeps of a log in which one line in 64 KB is remembered. */
async function heldOf(remembered: (number: number) => string): Promise<number> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let number = 0; number < windows; number += 1)
      yield Buffer.from(`${remembered(number)}\n${filler}`, "latin1");
  }
  const session = new LogtestSession(engineOn({ rules, decoders }, { transient: true }), {
    format: "text",
    alerts: true,
    verbose: false,
    control: false,
    now: () => 1700000000,
  });
  const before = used();
  let written = 0;
  await runStream(session, chunks(), (bytes) => {
    written += bytes.length;
    return true;
  });
  const kept = used() - before;
  assert.ok(written > 50 * windows, "every remembered line but the first raises an alert");
  assert.is(session.line("x"), "");
  return kept;
}

const long = "-with-a-name-of-more-than-a-few-bytes";
const cases: Readonly<Record<string, (number: number) => string>> = {
  "combinations seen for the first time": (number) => `F user-${number}${long}`,
  "hosts whose output is compared": (number) =>
    `Mar 17 18:27:14 host-${number >> 1}${long} diff: state ${number} ${long}`,
  "events that every search sees": (number) => `L id-${number}${long}`,
  "places of alerts from other servers": (number) =>
    `ossec: Alert Level: 3; Rule: ${1000 + number} - r; Location: (agent-${number}${long}) any->/var/log/x; srcip: 192.0.2.7;  x`,
};

for (const [name, remembered] of Object.entries(cases))
  test(`memory: ${name} keep no log`, async () => {
    const kept = await heldOf(remembered);
    assert.ok(kept < 8, `${kept.toFixed(1)} MB of ${windows / 16} MB are kept`);
  });

test.run();
