import { test } from "uvu";
import * as assert from "uvu/assert";
import { OutputPieces } from "../../src/logtest/output-pieces.js";

const taken = (pieces: readonly string[], encoding: OutputPieces["encoding"]): readonly [string, string] => {
  const out = new OutputPieces(encoding);
  for (const piece of pieces) out.add(piece);
  const bytes = Buffer.from(out.takeBytes()).toString("hex");
  for (const piece of pieces) out.add(piece);
  return [bytes, out.takeText()];
};

test("pieces of bytes, of text, and bytes of UTF-8 of which wrong ones become U+FFFD", () => {
  assert.equal(taken(["a", "\xe9"], "latin1"), ["61e9", "a\xe9"]);
  assert.equal(taken(["a", "\xe9"], "utf8"), ["61c3a9", "a\xe9"]);
  assert.equal(taken(["a", "\xc3\xa9\n"], "utf8-bytes"), ["61c3a90a", "a\xe9\n"]);
  assert.equal(taken(["\xe9\n", "b"], "utf8-bytes"), ["efbfbd0a62", "\ufffd\nb"]);
});

test.run();
