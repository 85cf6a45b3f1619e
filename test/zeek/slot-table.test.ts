/** The table of slots does what the general table does, tick by tick. */
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createClock } from "../../src/zeek/tables/clock.js";
import { createExpiringTable } from "../../src/zeek/tables/expiring-table.js";
import { createSlotTable } from "../../src/zeek/tables/slot-table.js";

const test = suite("Table of slots");

const action = fc.record({
  after: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 25, noNaN: true }), fc.constant(0.01)),
  key: fc.nat(200),
  what: fc.constantFrom("see", "see", "see", "write", "delete"),
});

test("law: the same keys leave at the same time in the same order", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("create" as const, "write" as const, "read" as const),
      fc.constantFrom(-1, 0, 7, 60),
      fc.integer({ min: 1, max: 6 }),
      fc.array(action, { maxLength: 300 }),
      (expiry, timeout, step, actions) => {
        const gone: string[] = [];
        const alsoGone: string[] = [];
        const clock = createClock();
        const general = createExpiringTable<number, number>(clock, {
          expiry,
          timeout,
          step,
          onExpired: (key, _, now) => gone.push(`${key} ${now}`),
        });
        const slots = createSlotTable(clock, {
          expiry,
          timeout,
          step,
          onExpired: (_, key) => alsoGone.push(`${key} ${clock.now()}`),
        });
        let now = 1000;
        for (const { after, key, what } of actions) {
          now += after;
          clock.advance(now);
          const slot = slots.find(key);
          const known = general.get(key);
          assert.is(slot >= 0, known !== undefined);
          if (known === undefined) {
            if (what === "delete") continue;
            general.assign(key, 1);
            assert.is(slots.keyOf(slots.add(key)), key);
          } else if (what === "delete") {
            general.delete(key);
            slots.delete(slot);
          } else {
            if (what === "write") general.assign(key, 1);
            if (expiry === "read" || (expiry === "write" && what === "write")) slots.refresh(slot);
          }
          assert.is(slots.size(), general.size());
        }
        assert.equal(alsoGone, gone);
        const left = [...slots.slots()].map((slot) => slots.keyOf(slot)).sort((a, b) => a - b);
        assert.equal(
          left,
          [...general.entries()].map(([key]) => key).sort((a, b) => a - b),
        );
      },
    ),
    { numRuns: 500 },
  );
});

test.run();
