/** Random rule sets and hostile bytes: the fast ways say what the plain way says. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LogtestSession, runStream, type SessionOptions } from "../../../src/logtest/index.js";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import { decoders, line, loadedOf, rules, versions } from "./random.js";
import { engineOn, load } from "./tree.js";

const session = (
  loaded: LoadedOssec,
  plain: boolean,
  options: Partial<SessionOptions> = {},
): LogtestSession =>
  new LogtestSession(engineOn(loaded, plain ? { plain } : { transient: true }), {
    format: "text",
    alerts: false,
    verbose: false,
    control: false,
    now: () => 1700000000,
    ...options,
  });

test("random rules on random lines: fast, plain and watched say the same", () => {
  let loaded = 0;
  fc.assert(
    fc.property(rules, fc.array(line, { minLength: 1, maxLength: 30 }), versions, (text, lines, engine) => {
      const tree = loadedOf({ rules: text, decoders, engine });
      if (tree === null) return;
      loaded += 1;
      const engines = [{ plain: true }, {}, { transient: true }, { trace: {} }].map((options) =>
        engineOn(tree, options),
      );
      for (const [index, given] of lines.entries()) {
        const [plain, ...others] = engines.map((engine) => {
          const event = engine.process(given, 1000 + index);
          if (event.kind !== "event") return [event.kind];
          const { rule, alert, fields, decoder, lastEvents, counted, silencedBy, log, originHost, alertLog } =
            event;
          return [
            rule?.id,
            alert,
            fields,
            decoder,
            [...lastEvents],
            counted,
            silencedBy,
            log,
            originHost,
            alertLog,
          ];
        });
        for (const other of others) assert.equal(other, plain, JSON.stringify(given));
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(loaded > 250, `only ${loaded} of the random rule sets load`);
});

/** Everything that a session prints for these bytes, in chunks of this size. */
async function printed(run: LogtestSession, bytes: Buffer, size: number): Promise<string> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    // One memory for all of them, as files are read.
    const memory = Buffer.alloc(size);
    for (let at = 0; at < bytes.length; at += size) {
      const length = bytes.copy(memory, 0, at, Math.min(at + size, bytes.length));
      yield memory.subarray(0, length);
    }
  }
  let text = "";
  await runStream(run, chunks(), (more) => {
    text += Buffer.from(more).toString("latin1");
    return true;
  });
  return text;
}

const tree = load({
  rules:
    '<rule id="100" level="3"><match>failed|open</match><group>seen,</group><description>f</description></rule>' +
    '<rule id="101" level="9" frequency="1" timeframe="30"><if_matched_sid>100</if_matched_sid><same_source_ip /><description>often</description></rule>',
  decoders,
});

test("hostile bytes through the stream: chunks of any size, fast and plain, print the same", async () => {
  const bytes = fc.oneof(
    { weight: 4, arbitrary: line.map((text) => Buffer.from(text, "latin1")) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("\0\0", "a\0failed", "failed\r", "\xff\xfe\xc3", "\n", "\t failed \x7f")
        .map((text) => Buffer.from(text, "latin1")),
    },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 6100, max: 6300 }).map((length) => Buffer.alloc(length, "failed ")),
    },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(bytes, { maxLength: 20 }),
      fc.integer({ min: 1, max: 9000 }),
      fc.boolean(),
      async (parts, size, alerts) => {
        const all = Buffer.concat(parts.flatMap((part) => [part, Buffer.from("\n")]));
        const whole = await printed(session(tree, true, { alerts }), all, Math.max(1, all.length));
        assert.is(await printed(session(tree, false, { alerts }), all, size), whole);
      },
    ),
    { numRuns: 100 },
  );
});

test("a line of a megabyte comes in the engine's pieces, each of them analysed", async () => {
  const long = Buffer.alloc(1_000_000, "x failed from 192.0.2.1 ");
  for (const size of [1 << 16, 1 << 20]) {
    const fast = await printed(session(tree, false, { alerts: true }), long, size);
    assert.is(fast, await printed(session(tree, true, { alerts: true }), long, size));
    assert.is(fast.split("** Alert ").length - 1, Math.ceil(long.length / 6135));
  }
});

test.run();
