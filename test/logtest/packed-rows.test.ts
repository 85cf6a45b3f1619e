import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { packRows, unpackRows } from "../../src/logtest/packed-rows.js";

const plain = { noNullPrototype: true };

test("what is packed comes out as it was", () => {
  const row = fc.record(
    {
      id: fc.integer({ min: 0, max: 3 }),
      name: fc.constantFrom(null, "a", "b"),
      list: fc.array(fc.constantFrom("x", "y"), { maxLength: 2 }),
      flags: fc.record({ one: fc.boolean(), other: fc.boolean() }, plain),
    },
    plain,
  );
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      assert.equal(unpackRows(packRows(rows)), rows);
    }),
  );
});

test("what most have in common is there once", () => {
  const { usual, rows } = packRows([
    { id: 1, level: 3 },
    { id: 2, level: 5 },
    { id: 3, level: 3 },
  ]);
  assert.is(usual?.level, 3);
  assert.equal(
    rows.map((row) => row.level),
    [undefined, 5, undefined],
  );
});

test.run();
