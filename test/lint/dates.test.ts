import { suite } from "uvu";
import * as assert from "uvu/assert";
import { asksForDate, cutDates, keptDates } from "../../src/lint/dates.js";
import { ossecDialects } from "../../src/ossec/dialects.js";
import { predecode } from "../../src/ossec/predecode/index.js";

const test = suite("dates in patterns");

const concrete = (shape: string): string =>
  shape.replace("MMM", "Dec").replace("AAA", "Mon").replace("_9", "29").replace(/9/g, "1");

for (const engine of ["4.3", "3.8", "3.7"] as const) {
  test(`pre-decoding takes away what is said to be taken away, ${engine}`, () => {
    const isCut = (shape: string): boolean => {
      const line = `${concrete(shape)}node app[1]: hello`;
      const found = predecode(line, { dialect: ossecDialects[engine], ownHostname: "own" });
      return found.ignored !== true && !found.log.startsWith(concrete(shape).slice(0, 8));
    };
    assert.equal(
      cutDates.filter(({ shape }) => !isCut(shape)).map(({ shape }) => shape),
      [],
    );
    assert.equal(keptDates.filter(isCut), []);
  });
}

const osregex = (text: string) => asksForDate({ language: "osregex", text }) !== null;
const pcre2 = (text: string) => asksForDate({ language: "pcre2", text }) !== null;

test("patterns of dates that are gone", () => {
  for (const text of [
    "^Dec 29 10:",
    String.raw`^\w\w\w \d\d \d\d:\d\d:\d\d`,
    String.raw`^\w+ \d+ \d\d:\d\d:\d\d \S+ app`,
    String.raw`^\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\p\d\d:\d\d`,
  ])
    assert.ok(osregex(text), text);
  for (const text of [
    String.raw`^\w{3}\s+\d+ \d\d:\d\d:\d\d`,
    String.raw`^(?:Jan|Feb|Dec) [ \d]\d \d{2}:`,
    String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?[+-]\d{2}:\d{2} app: `,
    String.raw`^\d{4}-\d{2}-\d{2}T[\d:.]+\+\d\d:\d\d`,
    String.raw`^\[\w+ \w+ \d+ \d\d:\d\d:\d\d \d{4}\] `,
  ])
    assert.ok(pcre2(text), text);
});

test("patterns that do match", () => {
  for (const text of [
    String.raw`^\d\d\d\d-\d\d-\d\d \d\d:\d\d:\d\d app: `,
    String.raw`^\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d`,
    String.raw`^\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ app`,
    String.raw`^\S+ \S+ app`,
    String.raw`^[\w\w\w \w\w\w \d\d \d\d:\d\d:\d\d`,
    String.raw`^\w\w\w \w\w\w \d\d`,
    String.raw`\d\d:\d\d:\d\d`,
    "^Dec 29 1:",
    "^started at 10:00",
  ])
    assert.not(osregex(text), text);
  for (const text of [
    String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2}) `,
    String.raw`\d{4}-\d\d-\d\d`,
    String.raw`^\S+ \S+ \S+ \[\S+ \S\d+\] "\w+ .+? HTTP\S+" `,
    String.raw`^\[\w+ \w+ \d+ \d\d:\d\d:\d\d\.\d+ \d{4}\] `,
  ])
    assert.not(pcre2(text), text);
});

test.run();
