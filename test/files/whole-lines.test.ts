import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WholeLines } from "../../src/files/whole-lines.js";

const longest = 40;

/** The lines that come of chunks, and how many were too long. */
function cut(
  chunks: readonly Buffer[],
  keep = true,
): { readonly lines: readonly string[]; readonly long: number } {
  const whole = new WholeLines(longest);
  const lines: string[] = [];
  let long = 0;
  const read = (): void => {
    do {
      while (whole.at < whole.end) {
        const stop = whole.buffer.indexOf(10, whole.at);
        lines.push(whole.buffer.toString("latin1", whole.at, stop));
        whole.at = stop + 1;
      }
    } while (whole.useRest());
  };
  for (const chunk of chunks) {
    if (!whole.accept(chunk)) long += 1;
    read();
  }
  if (whole.finish(keep)) read();
  return { lines, long };
}

/** Cut at these places, each piece a memory of its own. */
function pieces(text: string, places: readonly number[]): readonly Buffer[] {
  const bytes = Buffer.from(text, "latin1");
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, at) => Buffer.from(bytes.subarray(cuts[at], end)));
}

test("lines are the same wherever the chunks are cut", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", "#", "\r"), maxLength: longest });
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), fc.array(fc.nat()), (all, ended, places) => {
      const text = all.join("\n") + (ended ? "\n" : "");
      const expected = text.split("\n");
      if (expected.at(-1) === "") expected.pop();
      assert.equal(cut(pieces(text, places)), { lines: expected, long: 0 });
    }),
  );
});

test("a byte order mark is left out, a line that is too long skipped, and the cut end of a damaged file dropped", () => {
  const mark = "\xef\xbb\xbf";
  assert.equal(cut([Buffer.from(`${mark}a\n${mark}b\n`, "latin1")]).lines, ["a", `${mark}b`]);
  const parts = ["one\n", "x".repeat(30), "y".repeat(30), "z".repeat(30), "end\ntwo\n", "cut"];
  const chunks = parts.map((part) => Buffer.from(part));
  assert.equal(cut(chunks), { lines: ["one", "two", "cut"], long: 1 });
  assert.equal(cut(chunks, false), { lines: ["one", "two"], long: 1 });
});

test.run();
