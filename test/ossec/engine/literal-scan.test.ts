import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GateBuilder, OtherGates, rememberedGates } from "../../../src/ossec/engine/gates.js";
import { LiteralScan } from "../../../src/ossec/engine/literal-scan.js";
import { alwaysOpen } from "../../../src/ossec/engine/scan-tables.js";
import { compileOsMatch, type Matcher } from "../../../src/ossec/patterns/index.js";

function osMatch(text: string): Matcher {
  const result = compileOsMatch(text);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

test("a gate is open exactly when one of its literals is in the line, letter case ignored", () => {
  const word = fc.string({
    unit: fc.constantFrom("a", "a", "b", "A", "B", "-"),
    minLength: 2,
    maxLength: 8,
  });
  const patterns = fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });
  const lines = fc.array(fc.string({ unit: fc.constantFrom("a", "a", "b", "A", "B", "-"), maxLength: 30 }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(patterns, lines, (words, texts) => {
      const gates = new GateBuilder(true);
      const built = words.map((alternatives) => {
        const matcher = osMatch(alternatives.join("|"));
        return { matcher, gate: gates.gate(matcher) };
      });
      const { scan } = gates.build();
      for (const line of texts) {
        scan.scan(Buffer.from(`${line} ${line}`, "latin1"), line.length + 1, 2 * line.length + 1);
        for (const { matcher, gate } of built) {
          if (gate !== alwaysOpen)
            assert.is(scan.isOpen(gate), matcher.test(line), `${matcher.text} on ${JSON.stringify(line)}`);
        }
      }
    }),
  );
});

test("a gate is open where its pattern matches by a character beyond ASCII, too", () => {
  const gates = new GateBuilder(true);
  const [kernel, abcdef, cafe, bytes] = ["kernel", "abcdef", "caf\xc3\xa9 noir", "^kernel"].map((text) =>
    gates.gate(osMatch(text)),
  );
  const { scan } = gates.build();
  const open = (text: string): (boolean | undefined)[] => {
    scan.scan(Buffer.from(text, "latin1"), 0, text.length);
    return [kernel, abcdef, cafe, bytes].map((gate) => gate !== undefined && scan.isOpen(gate));
  };
  assert.equal(open("the \xe2\x84\xaaERNEL"), [true, false, false, false]);
  assert.equal(open("abcde\xc5\xbf"), [true, false, false, false]);
  assert.equal(open("CAF\xc3\x89 NOIR"), [false, false, true, false]);
  assert.not(scan.isAscii);
  assert.equal(open("a kernel is here"), [true, false, false, true]);
  assert.ok(scan.isAscii);
  // Typographic quotes and the euro open nothing.
  assert.equal(open("\xe2\x80\x9cquoted\xe2\x80\x9d \xe2\x82\xac"), [false, false, false, false]);
});

test("a text is ASCII when each of its bytes is", () => {
  const gates = new GateBuilder(true);
  const { scan } = gates.build();
  for (let length = 5; length < 14; length += 1) {
    for (let at = 0; at < length; at += 1) {
      const text = Buffer.alloc(length + 2, "x");
      text[at + 1] = 0x80;
      scan.scan(text, 1, length + 1);
      assert.not(scan.isAscii, `byte ${at} of ${length}`);
      text[at + 1] = 0x7f;
      text[0] = text[length + 1] = 0xff;
      scan.scan(text, 1, length + 1);
      assert.ok(scan.isAscii);
    }
  }
});

test("gates of fields are apart from those of the line, and open all at once", () => {
  const gates = new GateBuilder(true);
  const pattern = osMatch("abcdef");
  const ofLine = gates.gate(pattern);
  const ofField = gates.fieldGate(pattern);
  assert.is.not(ofField, ofLine);
  assert.is(gates.fieldGate(osMatch("abcd")), alwaysOpen);
  const { scan } = gates.build();
  scan.scan(Buffer.from("something else"), 0, 14);
  assert.not(scan.isOpen(ofField));
  scan.openFields();
  assert.ok(scan.isOpen(ofField));
  assert.not(scan.isOpen(ofLine));
  scan.scan(Buffer.from("ABCDEF"), 0, 6);
  assert.ok(scan.isOpen(ofField));
  assert.ok(scan.isOpen(ofLine));
});

test("gates of an earlier run are given out again, and only for the same questions", () => {
  const patterns = ["abcdef|ghijkl", "abc", "ghijkl", "abcdef|ghijkl"].map(osMatch);
  const builder = new GateBuilder(true);
  const numbers = patterns.map((pattern) => builder.gate(pattern));
  const { known } = builder.build();
  const again = rememberedGates(known);
  assert.equal(
    patterns.map((pattern) => again.gate(pattern)),
    numbers,
  );
  const { scan } = again.build();
  scan.scan(Buffer.from("x GHIJKL"), 0, 8);
  assert.equal(
    numbers.map((gate) => scan.isOpen(gate)),
    [true, true, true, true],
  );
  assert.throws(
    () => rememberedGates(known).build(),
    (error: unknown) => error instanceof OtherGates,
  );
  assert.throws(
    () => again.gate(osMatch("more")),
    (error: unknown) => error instanceof OtherGates,
  );
});

test("gates are right behind the largest number of a line, and what was opened before it is shut", () => {
  const gates = new GateBuilder(true);
  const gate = gates.gate(osMatch("abcdef"));
  const scan = new LiteralScan(gates.build().known.tables, 2 ** 31 - 4);
  for (let line = 0; line < 8; line += 1) {
    const text = Buffer.from(line % 2 === 0 ? "an abcdef" : "and other");
    scan.scan(text, 0, text.length);
    assert.ok(scan.isOpen(alwaysOpen), `line ${line}`);
    assert.is(scan.isOpen(gate), line % 2 === 0, `line ${line}`);
  }
});

test("no gates when they are switched off, or when a literal is too short", () => {
  assert.is(new GateBuilder(false).gate(osMatch("abcdef")), alwaysOpen);
  assert.is(new GateBuilder(true).gate(osMatch("abc")), alwaysOpen);
});

test.run();
