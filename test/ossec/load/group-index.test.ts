import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createGroupIndex } from "../../../src/ossec/load/group-index.js";

const word = fc.string({ unit: fc.constantFrom("a", "b", "C", ",", "_", "é"), maxLength: 12 });

test("every text that holds a word is a candidate, indexed or not", () => {
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 40 }),
      fc.array(word, { minLength: 1, maxLength: 3 }),
      (texts, wanted) => {
        const index = createGroupIndex();
        for (const text of texts) index.add(text);
        const holds = (text: string): boolean =>
          wanted.some((one) => text.toLowerCase().includes(one.toLowerCase()));
        // Asked often enough the texts are indexed.
        for (let asked = 0; asked < 3; asked++) {
          const found = new Set([...index.candidates(wanted)].map((number) => index.texts[number] ?? ""));
          for (const text of texts) if (holds(text)) assert.ok(found.has(text), `${text} holds ${wanted}`);
          for (let looks = 0; looks < 20_000; looks += Math.max(1, index.texts.length))
            index.candidates(["zzz"]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("of many texts few are candidates", () => {
  const index = createGroupIndex();
  for (let number = 0; number < 5000; number++) index.add(`common,group_${number}_,pci_dss_1.1,`);
  for (let asked = 0; asked < 5; asked++) index.candidates(["zzz"]);
  assert.equal([...index.candidates(["GROUP_77_,"])], [77]);
  assert.equal([...index.candidates(["nobody"])], []);
  assert.is([...index.candidates(["common"])].length, 5000);
});

test.run();
