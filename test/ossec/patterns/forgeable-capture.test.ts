import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  compilePattern,
  forgeableCapture,
  isLastOfLine,
  type PatternSource,
} from "../../../src/ossec/patterns/index.js";

const pcre2 = (text: string): PatternSource => ({ language: "pcre2", text });
const osRegex = (text: string): PatternSource => ({ language: "osregex", text });

/** Pattern, number of the captured address, a reason or null. */
const cases: readonly (readonly [PatternSource, number, RegExp | null, PatternSource?])[] = [
  // Fixed text and numbers from the line's start on.
  [pcre2(String.raw`^denied ([0-9.]+)`), 1, null],
  [pcre2(String.raw`^\[\d+\] denied ([0-9.]+) `), 1, null],
  [pcre2(String.raw`^(?:tcp|udp): drop (\S+)`), 1, null],
  [pcre2(String.raw`^2026-\d\d-\d\d [0-9:.]+ (\d+) (\S+) `), 2, null],
  [osRegex(String.raw`^denied (\S+) port \d+`), 1, null],
  [osRegex("^from (\\S+) "), 1, null, osRegex("^denied: ")],
  // Anchored, but another's text stands before.
  [pcre2(String.raw`^Failed password for (\S+) from ([0-9.]+) port`), 2, /others may choose.*line's end/],
  [osRegex(String.raw`^Failed \S+ for (\S+) from (\S+) port \d+`), 2, /others may choose/],
  [pcre2(String.raw`^user=(.*) src=(\S+) `), 2, /others may choose/],
  [pcre2(String.raw`^user=\w+ src=(\S+) `), 1, /others may choose/],
  [osRegex("^from (\\S+) "), 1, /others may choose/, osRegex(String.raw`^user \S+: `)],
  // The last of the line.
  [pcre2(String.raw`^Failed password for (.*) from ([0-9a-f.:]+) port \d+ ssh2$`), 2, null],
  [pcre2(String.raw` from (\S+) port \d+$`), 1, null],
  [osRegex(String.raw`^Failed \S+ for (\.*) from (\S+) port \d+ ssh2$`), 2, null],
  [pcre2(String.raw`user .* at (\d+\.\d+\.\d+\.\d+)\z`), 1, null],
  // One place in every line that fits (unique-capture.test.ts): a spelled class is taken at its word.
  [pcre2(String.raw`^user=[a-z ]+ src=(\S+) `), 1, null],
  [pcre2(String.raw`^user .* from (\S+)(?: port \d+)?$`), 1, null],
  // To the end, but not in one way.
  [pcre2(String.raw`^user .* from (\S+) .*$`), 1, /cannot be told/],
  [pcre2(String.raw`^user .*([0-9.]+)$`), 1, /where it begins/],
  [pcre2(String.raw`^user .*from(\S+)$`), 1, /where it begins/],
  // Found anywhere.
  [pcre2(String.raw`from ([0-9.]+) port`), 1, /anywhere/],
  [osRegex(String.raw`from (\S+) `), 1, /anywhere/, osRegex("^denied: ")],
  [osRegex("^from (\\S+) "), 1, /anywhere/, osRegex("denied: ")],
  [pcre2(String.raw`^denied |from (\S+) `), 1, /anywhere/],
  [pcre2(String.raw`(?m)^from (\S+) `), 1, /anywhere/],
  [pcre2(String.raw`^(?:from (\S+) )+`), 1, /repetition/],
];

for (const [pattern, group, expected, prematch] of cases)
  test(`${pattern.text}${prematch === undefined ? "" : ` behind ${prematch.text}`}`, () => {
    assert.ok(compilePattern(pattern).ok);
    const why = forgeableCapture({ prematch: prematch ?? null, regex: pattern }, group);
    if (expected === null) assert.is(why, null);
    else assert.match(why ?? "", expected);
  });

test("the last of the line, whatever stands before: the engine reads the real address", () => {
  const address = "([0-9a-f.:]+)";
  const names = [
    "x from 192.0.2.7 port 22 ssh2",
    "a from 192.0.2.7",
    " from from ",
    "",
    "x port 1 ssh2",
    "from 9.9.9.9 port",
  ];
  for (const text of [
    String.raw`^Failed password for (?:invalid user )?(.*) from ${address} port \d+ ssh2$`,
    String.raw`^Failed password for (.*?) from ${address} port \d+ ssh2$`,
    String.raw` from ${address} port \d+ ssh2$`,
  ]) {
    const compiled = compilePattern(pcre2(text));
    assert.ok(compiled.ok);
    const group = compiled.value.groups;
    assert.ok(isLastOfLine(pcre2(text), group));
    for (const name of names)
      for (const invalid of ["", "invalid user "]) {
        const line = `Failed password for ${invalid}${name} from 198.51.100.66 port 4711 ssh2`;
        assert.is(compiled.value.exec(line)?.captures[group - 1], "198.51.100.66", line);
      }
  }
});

test.run();
