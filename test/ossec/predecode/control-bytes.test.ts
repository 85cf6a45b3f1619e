import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ControlBytes, deleteControlBytes } from "../../../src/ossec/predecode/index.js";

test("four bytes at a time find what one at a time does, wherever the memory and the range begin", () => {
  const byte = fc.oneof(
    { weight: 30, arbitrary: fc.nat({ max: 255 }) },
    fc.constantFrom(31, 32, 126, 127, 128, 255),
  );
  const plain = fc.oneof(fc.integer({ min: 32, max: 126 }), fc.integer({ min: 128, max: 255 }));
  const bytes = fc.tuple(
    fc.array(plain, { maxLength: 12 }),
    fc.array(byte, { maxLength: 2 }),
    fc.array(plain, { maxLength: 12 }),
  );
  fc.assert(
    fc.property(bytes, fc.nat({ max: 7 }), fc.nat(), fc.nat(), (parts, offset, one, other) => {
      const codes = parts.flat();
      const memory = new Uint8Array(offset + codes.length).subarray(offset);
      memory.set(codes);
      const [from = 0, to = 0] = [one % (codes.length + 1), other % (codes.length + 1)].sort((a, b) => a - b);
      const expected = codes.slice(from, to).some((code) => code < 32 || code === 127);
      assert.is(new ControlBytes(memory).has(from, to), expected);
      const text = String.fromCharCode(...codes);
      assert.is(deleteControlBytes(text) !== text, new ControlBytes(memory).has(0, codes.length));
    }),
    { numRuns: 3000 },
  );
});

test.run();
