/** Bans that grow, as one list for the whole host. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sharedGrowth } from "../../../src/import/fail2ban/growth.js";
import type { Jail } from "../../../src/import/fail2ban/jails.js";

const place = { file: "jail.local", line: 1, column: 1 };
const jail = (
  name: string,
  banTime: number,
  growth: Partial<NonNullable<Jail["growth"]>> | null = {},
): Jail => ({
  name,
  place,
  filter: { name, options: new Map() },
  logs: [],
  fromJournal: false,
  maxRetry: 3,
  findTime: 600,
  banTime,
  ignored: [],
  ignoredPlace: place,
  banAction: "nftables",
  banActionPlace: place,
  port: "",
  growth: growth === null ? null : { place, factors: [1, 2, 4, 8], longest: null, ...growth },
  others: [],
  problems: [],
});

const grown = (
  ...jails: readonly Jail[]
): readonly [steps: readonly number[], refused: readonly string[]] => {
  const { steps, refused } = sharedGrowth(jails, "OSSEC");
  return [steps, refused.map(({ what, reason }) => `${what}: ${reason}`)];
};

test("one jail: the second ban, the third …, in whole minutes, up to the longest", () => {
  assert.equal(grown(jail("a", 600)), [[1200, 2400, 4800], []]);
  assert.equal(grown(jail("a", 600, { longest: 1800 })), [[1200, 1800], []]);
  assert.equal(grown(jail("a", 10)), [[60, 120], []]);
  assert.equal(grown(jail("a", -1)), [[], []]);
  assert.equal(grown(jail("a", 600, null)), [[], []]);
});

test("several: the list of the one that bans longest, and it is said whose repeated bans it changes", () => {
  assert.equal(grown(jail("a", 600), jail("b", 700)), [
    [1440, 2820, 5640],
    [
      "the length of repeated bans of jail a: OSSEC has one list of longer blocks, for all of the host: it is that of jail b, 24 min, 47 min, 94 min",
    ],
  ]);
});

test("a jail whose first ban is longer than the others' second: no block grows", () => {
  assert.equal(grown(jail("a", 600), jail("recidive", 604_800, { longest: 604_800 })), [
    [],
    [
      "bantime.increment of jail a: OSSEC has one list of longer blocks, for all of the host: a second block of 20 min would be no longer than the first of jail recidive, 7 day",
    ],
  ]);
});

test.run();
