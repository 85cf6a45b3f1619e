import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createDueQueue } from "../../../src/ossec/response/due-queue.js";

test("property: items come out by due time, those of one moment in the order they came", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (dues) => {
      const queue = createDueQueue<number>();
      dues.forEach((due, index) => {
        queue.push(due, index);
      });
      const expected = dues
        .map((due, index) => ({ due, index }))
        .sort((a, b) => a.due - b.due || a.index - b.index)
        .map(({ index }) => index);
      const seen: number[] = [];
      for (let item = queue.pop(); item !== null; item = queue.pop()) seen.push(item);
      assert.equal(seen, expected);
    }),
  );
});

test.run();
