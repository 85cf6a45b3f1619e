import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { emitPattern } from "../../../../src/ossec/patterns/emit.js";
import { casedCharacters, otherCases } from "../../../../src/ossec/patterns/unicode/case-folding.js";
import {
  caselessRanges,
  characterNode,
  characterSetNode,
  complementRanges,
} from "../../../../src/ossec/patterns/unicode/characters.js";
import {
  decodeUnchecked,
  encodeCharacter,
  encodingOf,
  isAscii,
} from "../../../../src/ossec/patterns/unicode/utf8.js";
import { hasPcre2test } from "../pcre2test.js";

/** Characters near the borders of lengths, and any. */
const codes = fc.oneof(
  fc.constantFrom(0, 0x20, 0x4b, 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0xfff, 0x1000, 0xd7ff, 0xe000, 0xffff),
  fc.constantFrom(0x10000, 0x3ffff, 0x40000, 0xfffff, 0x100000, 0x10ffff),
  fc.integer({ min: 0, max: 0x10ffff }),
);
const isScalar = (code: number): boolean => code < 0xd800 || code > 0xdfff;
const utf8 = (code: number): string => Buffer.from(String.fromCodePoint(code)).toString("latin1");

test("encodingOf says what a strict decoder says", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const byte = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5),
  );
  const pieces = fc.oneof(
    codes.filter(isScalar).map(utf8),
    fc.array(byte, { maxLength: 4 }).map((bytes) => String.fromCharCode(...bytes)),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 5 }), (all) => {
      const text = all.join("");
      let expected = "utf8";
      try {
        strict.decode(Buffer.from(text, "latin1"));
      } catch {
        expected = "invalid";
      }
      if (/^[\0-\x7f]*$/.test(text)) expected = "ascii";
      assert.is(encodingOf(text), expected);
      assert.is(isAscii(text), expected === "ascii");
    }),
    { numRuns: 3000 },
  );
});

test("characters are encoded and decoded", () => {
  fc.assert(
    fc.property(fc.array(codes), (all) => {
      assert.equal(decodeUnchecked(all.map(encodeCharacter).join("")), all);
      for (const code of all) if (isScalar(code)) assert.is(encodeCharacter(code), utf8(code));
    }),
  );
});

test("decoding unchecked takes the length that the lead byte says, and zeros behind the end", () => {
  assert.equal(decodeUnchecked("\xe9|a"), [0x9f21]);
  assert.equal(decodeUnchecked("\xc3aa"), [0xe1, 0x61]);
  assert.equal(decodeUnchecked("\x80\xc3"), [0x80, 0xc0]);
  assert.equal(decodeUnchecked("\xf8\x88\x80\x80\x80x"), [0x200000, 0x78]);
});

const ranges = fc
  .array(fc.tuple(codes, codes), { minLength: 1, maxLength: 4 })
  .map((pairs) =>
    pairs.map(([one, other]): [number, number] => [Math.min(one, other), Math.max(one, other)]),
  );

test("the tree of a set of characters takes the bytes of its members, and of no others", () => {
  fc.assert(
    fc.property(ranges, fc.array(codes), (set, more) => {
      const within = new RegExp(`^(?:${emitPattern({ root: characterSetNode(set), groups: 0 }).source})$`);
      const outside = new RegExp(
        `^(?:${emitPattern({ root: characterSetNode(complementRanges(set)), groups: 0 }).source})$`,
      );
      const borders = set.flatMap(([first, last]) => [first - 1, first, last, last + 1]);
      for (const code of [...borders, ...more]) {
        if (code < 0 || code > 0x10ffff) continue;
        const isMember = set.some(([first, last]) => code >= first && code <= last);
        assert.is(within.test(encodeCharacter(code)), isMember, code.toString(16));
        assert.is(outside.test(encodeCharacter(code)), !isMember, code.toString(16));
      }
    }),
  );
});

test("a character without case is each of its cases, the Kelvin sign beside k", () => {
  const matches = (code: number, other: number): boolean =>
    new RegExp(`^(?:${emitPattern({ root: characterNode(code, true), groups: 0 }).source})$`).test(
      encodeCharacter(other),
    );
  for (const [code, others] of casedCharacters()) {
    for (const other of [code, ...others]) assert.ok(matches(code, other), code.toString(16));
    assert.not(matches(code, 0x2d));
  }
  assert.equal(otherCases(0x6b), [0x4b, 0x212a]);
  // The dotted and the dotless i are letters of their own.
  for (const code of [0x130, 0x131]) assert.equal(otherCases(code), []);
  assert.equal(caselessRanges([[0x61, 0x7a]]), [
    [0x41, 0x5a],
    [0x61, 0x7a],
    [0x17f, 0x17f],
    [0x212a, 0x212a],
  ]);
});

test("the classes of characters are those of PCRE2 10.42", () => {
  if (!hasPcre2test()) {
    console.log("  skipped: pcre2test 10.42 (Debian package pcre2-utils) is not there");
    return;
  }
  const cased = [...casedCharacters().keys()].sort((one, other) => one - other);
  const hex = (code: number): string => `\\x{${code.toString(16)}}`;
  const input = cased.map((code) => {
    const near = [1, 2, 8, 16, 32, 40, 48, 80].flatMap((step) => [code - step, code + step]);
    const around = new Set([...near.filter((one) => one > 0), code, ...otherCases(code)]);
    const subject = [...around]
      .sort((one, other) => one - other)
      .filter((one) => one < 0xd800 || one > 0xdfff);
    return `/${hex(code)}/utf,caseless,global\n    ${subject.map(hex).join("")}\n\n`;
  });
  const run = spawnSync("pcre2test", ["-q"], {
    input: input.join(""),
    encoding: "latin1",
    maxBuffer: 1 << 28,
  });
  const seen = new Map<number, number[]>();
  let current: number[] = [];
  for (const line of run.stdout.split("\n")) {
    const pattern = /^\/\\x\{([0-9a-f]+)\}\//.exec(line);
    if (pattern?.[1] !== undefined) {
      current = [];
      seen.set(Number.parseInt(pattern[1], 16), current);
    }
    const match = /^ 0: (?:\\x\{([0-9a-f]+)\}|(.))$/.exec(line);
    if (match !== null)
      current.push(match[1] === undefined ? (match[2] ?? "").charCodeAt(0) : Number.parseInt(match[1], 16));
  }
  assert.is(seen.size, cased.length);
  for (const code of cased) {
    const expected = [code, ...otherCases(code)].sort((one, other) => one - other);
    assert.equal(seen.get(code), expected, code.toString(16));
  }
});

test.run();
