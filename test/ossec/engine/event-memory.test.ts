import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventLists } from "../../../src/ossec/engine/event-lists.js";
import { EventMemory } from "../../../src/ossec/engine/event-memory.js";
import { InternedTexts } from "../../../src/ossec/engine/interned-texts.js";
import { LineLog } from "../../../src/ossec/engine/line-log.js";
import { load } from "./tree.js";

test("lines come back from a log until they are dropped, long ones and those at a segment's end too", () => {
  const length = fc.oneof(fc.nat(200), fc.nat(100_000), fc.integer({ min: 262_140, max: 262_150 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(length, fc.boolean()), { maxLength: 30 }), (steps) => {
      const log = new LineLog();
      const kept: { place: number; line: string }[] = [];
      for (const [index, [size, drop]] of steps.entries()) {
        const line = String.fromCharCode(33 + index).repeat(size);
        const place = log.add(line);
        assert.ok(place >= (kept.at(-1)?.place ?? 0));
        kept.push({ place, line });
        if (drop && kept.length > 1) {
          kept.shift();
          log.dropBefore(kept[0]?.place ?? 0);
        }
        for (const { place: at, line: text } of kept) assert.ok(log.read(at, text.length) === text);
      }
    }),
    { numRuns: 60 },
  );
});

test("equal texts have one number as long as somebody refers to them", () => {
  const text = fc.constantFrom(
    "",
    "a",
    "192.0.2.1",
    "a text that is long enough to be a view",
    "b".repeat(5000),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, fc.boolean()), { maxLength: 60 }),
      fc.nat({ max: 3 }),
      (steps, unused) => {
        const texts = new InternedTexts(unused);
        const numbers = new Map<string, number[]>();
        for (const [value, add] of steps) {
          const known = numbers.get(value) ?? [];
          numbers.set(value, known);
          if (add) known.push(texts.refer(value));
          else {
            const number = known.pop();
            if (number !== undefined) texts.release(number);
          }
          const live = [...numbers.values()].flatMap(([first]) => first ?? []);
          assert.is(new Set(live).size, live.length);
          for (const [name, own] of numbers) {
            const found = texts.find(name);
            if (own[0] !== undefined) assert.is(found, own[0], name.slice(0, 20));
            else assert.not.ok(live.includes(found), name.slice(0, 20));
            if (unused === 0 && own[0] === undefined) assert.is(found, 0, name.slice(0, 20));
          }
        }
      },
    ),
  );
});

test("a rule that stands in the tree twice feeds a list twice", () => {
  const loaded = load({
    rules:
      '<rule id="100" level="0"><match>a</match><description>a</description></rule>' +
      '<rule id="101" level="0"><match>b</match><description>b</description></rule>' +
      '<rule id="102" level="3"><if_sid>100,101</if_sid><group>seen,</group><description>c</description></rule>' +
      '<rule id="103" level="9" frequency="2" timeframe="30"><if_matched_group>seen</if_matched_group><description>d</description></rule>' +
      '<rule id="104" level="9" frequency="4" timeframe="30"><if_matched_group>seen</if_matched_group><description>e</description></rule>',
  });
  const memory = new EventMemory({ events: 100, maxFrequency: 4 });
  const lists = new EventLists(loaded, memory, 128);
  const rule = loaded.ruleById.get(102);
  assert.ok(rule);
  const times = (id: number) => rule.feedsGroupListsOf.filter((fed) => fed === id).length;
  assert.ok(times(103) > 1, "the quirk that this is about");
  const { queues } = lists.fedBy(rule);
  for (const id of [103, 104])
    assert.is(queues.filter((queue) => queue === lists.ofComposite(id)).length, times(id));
});

test.run();
