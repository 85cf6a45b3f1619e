import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LiteralIndex } from "../../../src/ossec/engine/literal-index.js";
import { alwaysOpen } from "../../../src/ossec/engine/literal-tables.js";
import {
  OtherPrefilters,
  PrefilterBuilder,
  rememberedPrefilters,
} from "../../../src/ossec/engine/prefilters.js";
import { compileOsMatch, type Matcher } from "../../../src/ossec/patterns/index.js";

function osMatch(text: string): Matcher {
  const result = compileOsMatch(text);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

test("a prefilter is open exactly when one of its literals is in the line, letter case ignored", () => {
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
      const prefilters = new PrefilterBuilder(true);
      const built = words.map((alternatives) => {
        const matcher = osMatch(alternatives.join("|"));
        return { matcher, prefilter: prefilters.prefilter(matcher) };
      });
      const { scan } = prefilters.build();
      for (const line of texts) {
        scan.scan(Buffer.from(`${line} ${line}`, "latin1"), line.length + 1, 2 * line.length + 1);
        for (const { matcher, prefilter } of built) {
          if (prefilter !== alwaysOpen)
            assert.is(
              scan.isOpen(prefilter),
              matcher.test(line),
              `${matcher.text} on ${JSON.stringify(line)}`,
            );
        }
      }
    }),
  );
});

test("a prefilter is open where its pattern matches by a character beyond ASCII, too", () => {
  const prefilters = new PrefilterBuilder(true);
  const [kernel, abcdef, cafe, bytes] = ["kernel", "abcdef", "caf\xc3\xa9 noir", "^kernel"].map((text) =>
    prefilters.prefilter(osMatch(text)),
  );
  const { scan } = prefilters.build();
  const open = (text: string): (boolean | undefined)[] => {
    scan.scan(Buffer.from(text, "latin1"), 0, text.length);
    return [kernel, abcdef, cafe, bytes].map(
      (prefilter) => prefilter !== undefined && scan.isOpen(prefilter),
    );
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
  const prefilters = new PrefilterBuilder(true);
  const { scan } = prefilters.build();
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

test("prefilters of fields are apart from those of the line, and open all at once", () => {
  const prefilters = new PrefilterBuilder(true);
  const pattern = osMatch("abcdef");
  const ofLine = prefilters.prefilter(pattern);
  const ofField = prefilters.fieldPrefilter(pattern);
  assert.is.not(ofField, ofLine);
  assert.is(prefilters.fieldPrefilter(osMatch("abcd")), alwaysOpen);
  const { scan } = prefilters.build();
  scan.scan(Buffer.from("something else"), 0, 14);
  assert.not(scan.isOpen(ofField));
  scan.openFields();
  assert.ok(scan.isOpen(ofField));
  assert.not(scan.isOpen(ofLine));
  scan.scan(Buffer.from("ABCDEF"), 0, 6);
  assert.ok(scan.isOpen(ofField));
  assert.ok(scan.isOpen(ofLine));
});

test("prefilters of an earlier run are given out again, and only for the same questions", () => {
  const patterns = ["abcdef|ghijkl", "abc", "ghijkl", "abcdef|ghijkl"].map(osMatch);
  const builder = new PrefilterBuilder(true);
  const numbers = patterns.map((pattern) => builder.prefilter(pattern));
  const { known } = builder.build();
  const again = rememberedPrefilters(known);
  assert.equal(
    patterns.map((pattern) => again.prefilter(pattern)),
    numbers,
  );
  const { scan } = again.build();
  scan.scan(Buffer.from("x GHIJKL"), 0, 8);
  assert.equal(
    numbers.map((prefilter) => scan.isOpen(prefilter)),
    [true, true, true, true],
  );
  assert.throws(
    () => rememberedPrefilters(known).build(),
    (error: unknown) => error instanceof OtherPrefilters,
  );
  assert.throws(
    () => again.prefilter(osMatch("more")),
    (error: unknown) => error instanceof OtherPrefilters,
  );
});

test("prefilters are right behind the largest number of a line, and what was opened before it is shut", () => {
  const prefilters = new PrefilterBuilder(true);
  const prefilter = prefilters.prefilter(osMatch("abcdef"));
  const scan = new LiteralIndex(prefilters.build().known.tables, 2 ** 31 - 4);
  for (let line = 0; line < 8; line += 1) {
    const text = Buffer.from(line % 2 === 0 ? "an abcdef" : "and other");
    scan.scan(text, 0, text.length);
    assert.ok(scan.isOpen(alwaysOpen), `line ${line}`);
    assert.is(scan.isOpen(prefilter), line % 2 === 0, `line ${line}`);
  }
});

test("no prefilters when they are switched off, or when a literal is too short", () => {
  assert.is(new PrefilterBuilder(false).prefilter(osMatch("abcdef")), alwaysOpen);
  assert.is(new PrefilterBuilder(true).prefilter(osMatch("abc")), alwaysOpen);
});

test.run();
