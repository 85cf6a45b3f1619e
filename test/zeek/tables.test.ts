/** docs/reference/zeek.md#table-expiry: the rules of table expiry, each with the run that it was seen in. */
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createClock } from "../../src/zeek/tables/clock.js";
import {
  createExpiringTable,
  type ExpiringTableOptions,
  type Expiry,
} from "../../src/zeek/tables/expiring-table.js";
import { createSuppression } from "../../src/zeek/tables/suppression.js";

const test = suite("Zeek tables");
const START = 1_781_175_600;

type Options = Partial<ExpiringTableOptions<string, number>>;

/** A table on a clock that has packets at every half second as far as it is told to run. */
function table(expiry: Expiry, timeout: number, options: Options = {}) {
  const clock = createClock();
  const made = createExpiringTable<string, number>(clock, { expiry, timeout, ...options });
  let at = 0;
  const runTo = (time: number) => {
    for (; at <= time; at += 0.5) clock.advance(START + at);
    clock.advance(START + time);
  };
  return { clock, t: made, runTo };
}

/** Packet time (of the half-second clock) at which the key goes. */
function goneAt({ t, runTo }: ReturnType<typeof table>, key: string, from: number): number {
  for (let time = from; time < from + 500; time += 0.5) {
    runTo(time);
    if (t.peek(key) === undefined) return time;
  }
  return Number.NaN;
}

test("an entry goes at the first tick strictly later than its stamp + timeout", () => {
  const made = table("create", 60);
  made.runTo(10);
  made.t.assign("a", 1);
  assert.is(goneAt(made, "a", 10.5), 80);
});

test("stamps are whole seconds, cut off", () => {
  const made = table("create", 60);
  made.clock.advance(START);
  made.clock.advance(START + 0.5);
  for (const time of [10.5, 10.9]) made.clock.advance(START + time);
  made.t.assign("a", 1);
  const ticks = [20.5, 30.5, 40.5, 50.5, 60.5, 70.5];
  for (const time of ticks) made.clock.advance(START + time);
  assert.is(made.t.peek("a"), undefined);
});

test("sparse traffic stretches the ticks", () => {
  const made = table("create", 60);
  made.clock.advance(START);
  made.t.assign("a", 1);
  made.clock.advance(START + 300);
  assert.is(made.t.peek("a"), undefined);
  made.t.assign("b", 1);
  made.clock.advance(START + 309.9);
  assert.is(made.t.peek("b"), 1);
});

test("12,500 entries go 5000, 5000, 2500, a step each 0.01 s", () => {
  const made = table("create", 60);
  made.clock.advance(START);
  for (let i = 0; i < 12_500; i++) made.t.assign(`k${i}`, i);
  const sizes: number[] = [];
  for (const time of [61, 61.005, 61.01, 61.02, 61.03, 71.01]) {
    made.clock.advance(START + time);
    sizes.push(made.t.size());
  }
  assert.equal(sizes, [7500, 7500, 2500, 0, 0, 0]);
});

test("an entry past its timeout that no tick has met is alive and can be saved", () => {
  const made = table("write", 60);
  made.runTo(5);
  made.t.assign("a", 1);
  made.runTo(69.5);
  assert.is(made.t.has("a"), true);
  made.t.assign("a", 2);
  assert.is(goneAt(made, "a", 70), 130);
});

test("what refreshes: create nothing, write assignments, read every look", () => {
  const accesses: readonly (readonly [
    string,
    (t: ReturnType<typeof table>["t"]) => void,
    readonly Expiry[],
  ])[] = [
    ["t[k] = v", (t) => t.assign("a", 2), ["write", "read"]],
    ["k in t", (t) => void t.has("a"), ["read"]],
    ["t[k]", (t) => void t.get("a"), ["read"]],
    ["|t|", (t) => void t.size(), []],
    ["for ( k in t )", (t) => void [...t.entries()], []],
    ["another key", (t) => t.assign("b", 1), []],
    [
      "delete, then assign",
      (t) => {
        t.delete("a");
        t.assign("a", 2);
      },
      ["create", "write", "read"],
    ],
  ];
  for (const [name, access, refreshes] of accesses) {
    for (const expiry of ["create", "write", "read"] as const) {
      const made = table(expiry, 60);
      made.runTo(5);
      made.t.assign("a", 1);
      made.runTo(35);
      access(made.t);
      const expected = refreshes.includes(expiry) ? 100 : 70;
      assert.is(goneAt(made, "a", 36), expected, `${name} with &${expiry}_expire`);
    }
  }
});

test("an entry made in zeek_init counts as made at the first packet", () => {
  const made = table("create", 60);
  made.t.assign("a", 1);
  assert.is(goneAt(made, "a", 0), 70);
});

test("the timeout is asked for again at every tick", () => {
  let timeout = 600;
  const clock = createClock();
  const t = createExpiringTable<string, number>(clock, { expiry: "create", timeout: () => timeout });
  clock.advance(START);
  t.assign("a", 1);
  clock.advance(START + 100);
  assert.is(t.size(), 1);
  timeout = 60;
  clock.advance(START + 110);
  assert.is(t.size(), 0);
});

test("expire_func: +30 s at 70 comes back at 110 with ticks each 10 s; the entry is still there in it", () => {
  const asked: number[] = [];
  const seen: boolean[] = [];
  const made: ReturnType<typeof table> = table("create", 60, {
    expireFunc: (key) => {
      asked.push(made.clock.now() - START);
      seen.push(made.t.peek(key) !== undefined);
      return asked.length === 1 ? 30 : 0;
    },
  });
  made.runTo(5);
  made.t.assign("a", 1);
  assert.is(goneAt(made, "a", 6), 110);
  assert.equal(asked, [70, 110]);
  assert.equal(seen, [true, true]);
});

test("expire_func may delete the entry itself, or write another", () => {
  const made: ReturnType<typeof table> = table("create", 60, {
    expireFunc: (key) => {
      made.t.delete(key);
      made.t.assign("new", 1);
      return 100;
    },
  });
  made.runTo(0);
  made.t.assign("a", 1);
  made.runTo(70);
  assert.equal([...made.t.entries()], [["new", 1]]);
});

test("the clock never goes back", () => {
  const clock = createClock();
  clock.advance(START + 5);
  clock.advance(START);
  assert.is(clock.now(), START + 5);
});

test("suppression: 20 s asked at 3.3, next notice at 30.3 with ticks at 20.25 and 30.25", () => {
  const clock = createClock();
  const suppression = createSuppression(clock);
  const logged: number[] = [];
  // Packets so that the ticks are at 10.1, 20.25, 30.25.
  for (const time of [0, 3.3, 5.3, 10.1, 15.3, 20.25, 23.4, 25.3, 30.25, 30.3]) {
    clock.advance(START + time);
    const asked = { note: "A::B", identifier: "x", suppressFor: 20 };
    if ([3.3, 5.3, 15.3, 23.4, 25.3, 30.3].includes(time) && suppression.accept(asked)) logged.push(time);
  }
  assert.equal(logged, [3.3, 30.3]);
});

test("suppression: no identifier, or 0 s, suppresses nothing; the empty identifier does", () => {
  const clock = createClock();
  clock.advance(START);
  const suppression = createSuppression(clock);
  const twice = (identifier: string | undefined, suppressFor: number) =>
    [1, 2].map(() => suppression.accept({ note: "N", identifier, suppressFor }));
  assert.equal(twice(undefined, 3600), [true, true]);
  assert.equal(twice("k", 0), [true, true]);
  assert.equal(twice("", 3600), [true, false]);
  assert.equal(suppression.accept({ note: "Other", identifier: "", suppressFor: 1 }), true);
});

/** The model of the spec, entry by entry, without any ordering: what the table must equal. */
function plainModel(expiry: Expiry, timeout: number) {
  const entries = new Map<string, number>();
  let now = 0;
  let start: number | undefined;
  let due = Number.NEGATIVE_INFINITY;
  const stamp = () => (start === undefined ? 0 : Math.floor(now - start));
  return {
    entries,
    advance(time: number) {
      start ??= time;
      now = Math.max(now, time);
      if (now < due) return;
      for (const [key, at] of entries) if (start + at + timeout < now) entries.delete(key);
      due = now + 10;
    },
    assign(key: string) {
      if (!entries.has(key) || expiry !== "create") entries.set(key, stamp());
    },
    has(key: string) {
      if (entries.has(key) && expiry === "read") entries.set(key, stamp());
      return entries.has(key);
    },
    delete: (key: string) => entries.delete(key),
  };
}

test("law: the ordered table and the plain model of the spec hold the same keys", () => {
  const key = fc.constantFrom("a", "b", "c", "d", "e");
  const steps = fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 12_000 }),
      what: fc.constantFrom("assign", "has", "delete"),
      key,
    }),
    { maxLength: 80 },
  );
  fc.assert(
    fc.property(
      fc.constantFrom("create", "write", "read"),
      fc.integer({ min: 0, max: 40 }),
      steps,
      (expiry, timeout, list) => {
        const clock = createClock();
        const t = createExpiringTable<string, number>(clock, { expiry, timeout });
        const model = plainModel(expiry, timeout);
        let time = START;
        for (const step of list) {
          time += step.gap / 1000;
          clock.advance(time);
          model.advance(time);
          if (step.what === "assign") {
            t.assign(step.key, 1);
            model.assign(step.key);
          } else if (step.what === "has") assert.is(t.has(step.key), model.has(step.key));
          else {
            t.delete(step.key);
            model.delete(step.key);
          }
          assert.equal([...t.entries()].map(([k]) => k).sort(), [...model.entries.keys()].sort());
        }
      },
    ),
  );
});

test.run();
