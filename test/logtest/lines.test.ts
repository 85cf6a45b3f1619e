import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LineCutter, lineLimit } from "../../src/logtest/index.js";

function cut(...chunks: string[]): string[] {
  const cutter = new LineCutter();
  const lines = chunks.flatMap((chunk) => [...cutter.push(Buffer.from(chunk, "latin1"))]);
  const rest = cutter.end();
  return rest === null ? lines : [...lines, rest];
}

test("lines end at LF; a last line without one counts; CR stays", () => {
  assert.equal(cut("a\nb\r\n\nc"), ["a", "b\r", "", "c"]);
  assert.equal(cut("a\n"), ["a"]);
  assert.equal(cut(""), []);
});

test("a line longer than the engine's buffer comes in pieces", () => {
  const long = "x".repeat(2 * lineLimit + 10);
  assert.equal(
    cut(`${long}\n`).map((line) => line.length),
    [lineLimit, lineLimit, 10],
  );
});

test("a line of exactly the buffer leaves its LF to the next read", () => {
  assert.equal(
    cut(`${"x".repeat(lineLimit)}\ny\n`).map((line) => line.length),
    [lineLimit, 0, 1],
  );
});

test("how the bytes come in chunks does not matter", () => {
  const bytes = fc.array(fc.constantFrom("a", "\n", "\r", "\0", "\xff", "y".repeat(lineLimit - 1)), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(bytes, fc.nat(), (parts, at) => {
      const text = parts.join("");
      const middle = text.length === 0 ? 0 : at % text.length;
      assert.equal(cut(text.slice(0, middle), text.slice(middle)), cut(text));
    }),
  );
});

test.run();
