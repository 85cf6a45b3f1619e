import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  compileOsMatch,
  compileOsRegex,
  compilePattern,
  type Matcher,
} from "../../../src/ossec/patterns/index.js";
import { isAscii } from "../../../src/ossec/patterns/unicode/utf8.js";
import { referenceMatch, referenceRegex } from "./reference.js";

const subjects = fc
  .array(
    fc.constantFrom(..."a A b B 1 2 . - + ( | é É / @ k K \u212a s ſ ς Σ ẞ İ ı 日".split(" "), " ", "\t"),
    {
      maxLength: 14,
    },
  )
  .map((characters) => characters.join(""));

const atoms = fc.constantFrom(
  ..."a A b 1 - . + * [ ] ? / é É k K S ſ σ ß i 日".split(" "),
  " ",
  ..."\\w \\W \\d \\D \\s \\S \\p \\. \\t \\( \\$ \\|".split(" "),
  ..."\\w+ \\w* \\d+ \\S+ \\S* \\.+ \\.* \\p* \\s* \\W+ \\(+".split(" "),
  "^",
  "$",
);

const { pattern: regexes } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  pattern: fc
    .array(tie("part"), { minLength: 1, maxLength: 5 })
    .chain((parts) => fc.constantFrom(parts.join(""), parts.join("|"))),
  part: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: atoms },
    { weight: 2, arbitrary: tie("pattern").map((body) => `(${body})`) },
  ),
}));

const words = fc
  .array(fc.constantFrom(..."a A b 1 . | ^ $ é \\ ( - k K s ſ σ ß".split(" "), " "), { maxLength: 7 })
  .map((characters) => characters.join(""));

/** Characters as the bytes of UTF-8. */
const bytes = (text: string): string => Buffer.from(text).toString("latin1");

function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The promises that the matcher makes about texts that it matches. */
function checkPromises(matcher: Matcher, text: string): void {
  const folded = fold(text);
  const occurs = matcher.requiredLiterals?.some((literal) => folded.includes(literal)) ?? true;
  if (matcher.test(text)) {
    // The Kelvin sign and the long s stand for letters of literals; a line with them opens the prefilters (LiteralIndex).
    if (!matcher.general || !/\xe2\x84\xaa|\xc5\xbf/.test(text))
      assert.ok(occurs, "a required literal is missing");
    const first = matcher.firstBytes;
    if (first !== null) {
      const code = text.charCodeAt(0);
      assert.ok(((first[code >> 5] ?? 0) >>> (code & 31)) & 1, "the first byte is not in the set");
    }
  } else if (matcher.literalsDecide && matcher.requiredLiterals !== null) {
    if (!matcher.general || isAscii(text)) assert.not(occurs, "the literals should decide");
  }
}

test("a compiled OS_Regex agrees with the naive reading of the specification", () => {
  fc.assert(
    fc.property(regexes, fc.array(subjects, { minLength: 4, maxLength: 4 }), (pattern, texts) => {
      const result = compileOsRegex(bytes(pattern));
      assert.ok(result.ok, pattern);
      for (const text of texts) {
        const match = result.value.exec(bytes(text));
        const expected = referenceRegex(pattern, text);
        assert.is(match?.end, expected?.end, `${pattern} on ${text}`);
        assert.equal(match?.captures, expected?.captures.map(bytes), `${pattern} on ${text}`);
        assert.is(result.value.test(bytes(text)), match !== null);
        assert.is(result.value.endOf(bytes(text)), match?.end ?? -1);
        assert.equal(result.value.unchecked.exec(bytes(text)), match);
        checkPromises(result.value, bytes(text));
      }
    }),
    { numRuns: 2000 },
  );
});

test("a compiled OS_Match agrees with the naive reading of the specification", () => {
  fc.assert(
    fc.property(words, fc.array(subjects, { minLength: 4, maxLength: 4 }), (pattern, texts) => {
      // Two anchors at one place, as in `^^a`, are not what the specification speaks of; `^$` is.
      fc.pre(!/[$^]{2}/.test(pattern.replace(/(^|\|)\^\$(?=\||$)/g, "$1 ")));
      const result = compileOsMatch(bytes(pattern));
      assert.ok(result.ok, pattern);
      for (const text of texts) {
        assert.is(result.value.test(bytes(text)), referenceMatch(pattern, text), `${pattern} on ${text}`);
        checkPromises(result.value, bytes(text));
      }
    }),
    { numRuns: 2000 },
  );
});

test("matching from an offset is matching the rest as a text of its own", () => {
  fc.assert(
    fc.property(regexes, subjects.map(bytes), fc.nat(14), (pattern, text, from) => {
      fc.pre(from <= text.length);
      const result = compileOsRegex(bytes(pattern));
      assert.ok(result.ok);
      const rest = result.value.exec(text.slice(from));
      const expected = rest === null ? null : { end: rest.end + from, captures: rest.captures };
      assert.equal(result.value.exec(text, from), expected);
    }),
  );
});

const anyBytes = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes));
const specials = fc
  .array(fc.constantFrom(..."\\()[]{}|?*+^$.-:<>=!#&PRxgkNQE01239a,iJ'".split("")), { maxLength: 24 })
  .map((characters) => characters.join(""));

test("compiling any bytes never throws, and a refusal says why", () => {
  fc.assert(
    fc.property(fc.oneof(anyBytes, specials), fc.oneof(subjects.map(bytes), anyBytes), (text, subject) => {
      for (const language of ["osregex", "osmatch", "pcre2"] as const) {
        const result = compilePattern({ language, text });
        if (result.ok) {
          assert.is(result.value.exec(subject) !== null, result.value.test(subject));
          assert.type(result.value.backtracking.kind, "string");
          checkPromises(result.value, subject);
        } else {
          assert.ok(result.reason !== "");
          assert.ok(result.engineMessage === 1450 || result.unsupported !== undefined);
          assert.ok((result.at ?? 0) <= text.length);
        }
      }
    }),
    { numRuns: 3000 },
  );
});

test.run();
