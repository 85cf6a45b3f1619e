import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Ordered, orderRules } from "../../../src/compiler/link/rule-order.js";

interface Entry extends Ordered<number> {
  readonly behind: Entry[];
}

/** Entries by number, each behind those that `pairs` says. */
function entries(count: number, pairs: readonly (readonly [one: number, other: number])[]): readonly Entry[] {
  const all = Array.from({ length: count }, (_, what): Entry => ({ what, behind: [] }));
  for (const [one, other] of pairs) {
    const base = all[other % count];
    if (base !== undefined) all[one % count]?.behind.push(base);
  }
  return all;
}

const numbers = ({ ordered }: ReturnType<typeof orderRules<number>>): readonly number[] =>
  ordered.map(({ what }) => what);

const pairs = fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 })), { maxLength: 40 });

test("everything stands behind its bases, once; what cannot is told apart", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), pairs, (count, given) => {
      const all = entries(count, given);
      const { ordered, circular } = orderRules(all);
      assert.is(new Set([...ordered, ...circular]).size, count);
      assert.is(ordered.length + circular.length, count);
      const at = new Map(ordered.map((one, index) => [one, index]));
      for (const one of ordered)
        for (const base of one.behind) assert.ok((at.get(base) ?? count) < (at.get(one) ?? -1));
      // One that waits for nobody in a circle is not in it.
      for (const one of circular) assert.ok(one.behind.some((base) => circular.includes(base)));
    }),
  );
});

test("where every base comes before, nothing moves", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), pairs, (count, given) => {
      const backwards = given
        .map(([one, other]) => [one % count, other % count] as const)
        .filter(([one, other]) => other < one);
      assert.equal(
        numbers(orderRules(entries(count, backwards))),
        Array.from({ length: count }, (_, index) => index),
      );
    }),
  );
});

test("what waits stands directly behind what it waited for, in the order of the bundle", () => {
  assert.equal(
    numbers(
      orderRules(
        entries(6, [
          [0, 3],
          [1, 0],
          [2, 3],
        ]),
      ),
    ),
    [3, 0, 1, 2, 4, 5],
  );
});

test.run();
