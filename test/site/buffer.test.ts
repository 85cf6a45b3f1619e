/** What a page has in Buffer's place, held against Node's own. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PageBuffer, type PageBytes } from "../../site/playground/edge/buffer.js";

const bytes = fc.uint8Array({ maxLength: 300 });
const latin1 = bytes.map((some) => Buffer.from(some).toString("latin1"));
const plain = (some: Uint8Array): readonly number[] => [...some];

test("texts of bytes, whole and in parts", () => {
  fc.assert(
    fc.property(bytes, fc.nat(300), fc.nat(300), (some, start, end) => {
      for (const encoding of ["latin1", "utf8"] as const) {
        assert.is(PageBuffer.from(some).toString(encoding), Buffer.from(some).toString(encoding));
        const [from, to] = [Math.min(start, end), Math.max(start, end)];
        assert.is(
          PageBuffer.from(some).toString(encoding, from, to),
          Buffer.from(some).toString(encoding, from, to),
        );
      }
    }),
    { numRuns: 300 },
  );
});

test("bytes of texts", () => {
  fc.assert(
    fc.property(latin1, fc.string({ unit: "binary", maxLength: 80 }), fc.nat(20), (text, any, offset) => {
      assert.equal(plain(PageBuffer.from(text, "latin1")), plain(Buffer.from(text, "latin1")));
      assert.equal(plain(PageBuffer.from(any)), plain(Buffer.from(any)));
      assert.is(PageBuffer.byteLength(any), Buffer.byteLength(any));
      const [mine, theirs] = [PageBuffer.alloc(400), Buffer.alloc(400)];
      assert.is(mine.write(text, offset, "latin1"), theirs.write(text, offset, "latin1"));
      assert.equal(plain(mine), plain(theirs));
      assert.is(PageBuffer.alloc(9).write(text, "latin1"), Buffer.alloc(9).write(text, "latin1"));
    }),
    { numRuns: 300 },
  );
});

test("parts are found, copied and joined", () => {
  const small = fc.uint8Array({ maxLength: 40, max: 3 });
  fc.assert(
    fc.property(
      small,
      fc.uint8Array({ minLength: 1, maxLength: 3, max: 3 }),
      fc.nat(40),
      (some, wanted, from) => {
        const [mine, theirs] = [PageBuffer.from(some), Buffer.from(some)];
        assert.is(mine.indexOf(PageBuffer.from(wanted), from), theirs.indexOf(Buffer.from(wanted), from));
        assert.is(mine.indexOf(2, from), theirs.indexOf(2, from));
        assert.equal(plain(PageBuffer.concat([some, wanted])), plain(Buffer.concat([some, wanted])));
        const [one, other] = [PageBuffer.alloc(30), Buffer.alloc(30)];
        if (from < some.length) {
          assert.is(mine.copy(one, 5, from), theirs.copy(other, 5, from));
          assert.equal(plain(one), plain(other));
        }
        const part: PageBytes = mine.subarray(1, 4);
        assert.is(part.toString("latin1"), theirs.subarray(1, 4).toString("latin1"));
      },
    ),
    { numRuns: 300 },
  );
});

test.run();
