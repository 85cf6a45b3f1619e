import { test } from "uvu";
import * as assert from "uvu/assert";
import { LogtestSession, runStream, type SessionOptions } from "../../src/logtest/index.js";
import { engineOn } from "../ossec/engine/tree.js";

const rules =
  '<rule id="100" level="3"><decoded_as>d</decoded_as><description>Base</description></rule>' +
  '<rule id="101" level="10" frequency="1" timeframe="60"><if_matched_sid>100</if_matched_sid><same_source_ip /><description>Burst</description><info type="link">http://example.org/</info><group>burst,</group></rule>';

const plain: SessionOptions = {
  format: "text",
  alerts: false,
  verbose: false,
  control: false,
  now: () => 1700000000,
};
const session = (options: Partial<SessionOptions> = {}) =>
  new LogtestSession(engineOn({ rules }), { ...plain, ...options });
const line = "D 192.0.2.1 bob i1 /a 1000 22";

test("text: the phases of ossec-logtest", () => {
  const run = session();
  assert.is(run.begin(), "ossec-testrule: Type one log per line.\n\n");
  assert.is(
    run.line(line),
    "\n\n**Phase 1: Completed pre-decoding.\n" +
      `       full event: '${line}'\n       hostname: 'here'\n       program_name: '(null)'\n       log: '${line}'\n` +
      "\n**Phase 2: Completed decoding.\n" +
      "       srcip: '192.0.2.1'\n       dstuser: 'bob'\n       id: 'i1'\n       url: '/a'\n       srcport: '1000'\n       dstport: '22'\n" +
      "       decoder: 'd'\n" +
      "\n**Phase 3: Completed filtering (rules).\n       Rule id: '100'\n       Level: '3'\n       Description: 'Base'\n" +
      "**Alert to be generated.\n\n\n",
  );
  assert.is(run.line("x"), "");
});

test("alerts: alerts.log's format, ports and the lines of the counted events included", () => {
  const run = session({ alerts: true });
  assert.is(run.begin(), "");
  assert.is(
    run.line(line),
    "** Alert 1700000000.1: - t,\n2023 Nov 14 22:13:20 here->stdin\nRule: 100 (level 3) -> 'Base'\n" +
      `Src IP: 192.0.2.1\nSrc Port: 1000\nDst Port: 22\nUser: bob\n${line}\n\n`,
  );
  run.line(`${line} second`);
  assert.is(
    run.line(`${line} third`),
    "** Alert 1700000000.3: mail  - t,burst,\n2023 Nov 14 22:13:20 here->stdin\nRule: 101 (level 10) -> 'Burst'\n" +
      `Src IP: 192.0.2.1\nSrc Port: 1000\nDst Port: 22\nUser: bob\n${line} third\n${line} second\n${line}\n\n`,
  );
  assert.is(run.line("nothing matches"), "");
});

test("alerts: lines are cut at 1256 bytes", () => {
  const long = `${line} ${"x".repeat(2000)}`;
  assert.ok(
    session({ alerts: true })
      .line(long)
      .includes(`\n${long.slice(0, 1256)}\n\n`),
  );
});

test("json: one object a line; bytes that are no UTF-8 become U+FFFD", () => {
  const run = session({ format: "json" });
  assert.is(run.begin(), "");
  const event = JSON.parse(run.line("D 192.0.2.1 b\xffb i1 /a 1000 22"));
  assert.equal(event, {
    schemaVersion: 1,
    line: "D 192.0.2.1 b\ufffdb i1 /a 1000 22",
    fullLog: "D 192.0.2.1 b\ufffdb i1 /a 1000 22",
    hostname: "here",
    programName: null,
    log: "D 192.0.2.1 b\ufffdb i1 /a 1000 22",
    decoder: "d",
    // 4.3 finds nothing in such a line: one invalid byte silences every general pattern (docs/reference/ossec.md#utf-8).
    fields: [],
    rule: { id: 100, level: 3, description: "Base", groups: ["t"] },
    alert: true,
  });
  const fields = JSON.parse(run.line("D 192.0.2.1 b\xc3\xa9b i1 /a 1000 22")).fields;
  assert.equal(fields.slice(0, 2), [
    ["srcip", "192.0.2.1"],
    ["dstuser", "b\u00e9b"],
  ]);
  assert.equal(JSON.parse(run.line("x")), { schemaVersion: 1, line: "x", ignored: true });
  assert.is(session({ format: "json", alerts: true }).line("nothing matches"), "");
});

test("control lines set the clock and are no events; wrong ones are kept to be told", () => {
  const run = session({ control: true, alerts: true });
  assert.is(run.line("@time 1000"), "");
  assert.ok(run.line(line).startsWith("** Alert 1000.1:"));
  assert.is(run.line("@time soon"), "");
  assert.equal(run.wrongControlLines, [{ lineNumber: 3, text: "@time soon" }]);
  assert.is.not(session().line("@time 1000"), "");
});

test("verbose: the rules tried, in the engine's words", () => {
  const text = session({ verbose: true }).line(line);
  assert.ok(
    text.includes(
      "\n**Rule debugging:\n    Trying rule: 1 - (null)\n       *Rule 1 matched.\n       *Trying child rules.\n",
    ),
  );
});

test("a stream: bytes in are bytes out, a last line without newline counts", async () => {
  const bytes = Buffer.from(`${line} \xe9\xff\r\n${line}`, "latin1");
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }
  const written: Buffer[] = [];
  await runStream(session({ alerts: true }), chunks(), async (more) => {
    written.push(Buffer.from(more));
    return true;
  });
  const output = Buffer.concat(written).toString("latin1");
  assert.ok(output.includes(`\n${line} \xe9\xff\n\n`));
  assert.is(output.match(/\*\* Alert/g)?.length, 2);
});

test.run();
