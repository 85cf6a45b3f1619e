import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  compilePattern,
  type Matcher,
  type PatternSource,
  wordMatch,
} from "../../../src/ossec/patterns/index.js";
import { bytes, readCopy, readOracle, rulesetFolder } from "./oracle.js";

interface RecordedPattern {
  readonly type: "R" | "M";
  readonly pattern: string;
  readonly compiled: 0 | 1;
  /** Index of the string; for OS_Regex also the end offset and the captures. */
  readonly hits: readonly (readonly [number, number?, (readonly string[])?])[];
}

interface Recorded {
  readonly strings: readonly string[];
  readonly patterns: readonly RecordedPattern[];
}

type Tables = Readonly<Record<string, readonly (readonly string[])[]>>;

function compiled(source: PatternSource): Matcher {
  const result = compilePattern(source);
  if (!result.ok) throw new Error(`${source.language} ${JSON.stringify(source.text)}: ${result.reason}`);
  return result.value;
}

/** Lists every string on which a pattern answers differently from the engine. */
function disagreements({ strings, patterns }: Recorded): string[] {
  const wrong: string[] = [];
  const texts = strings.map(bytes);
  for (const { type, pattern, hits } of patterns) {
    const matcher = compiled({ language: type === "R" ? "osregex" : "osmatch", text: bytes(pattern) });
    const expected = new Map(hits.map(([index, ...result]) => [index, result]));
    texts.forEach((text, index) => {
      const hit = expected.get(index);
      const match = matcher.exec(text);
      const agrees =
        (hit !== undefined) === (match !== null) &&
        matcher.test(text) === (match !== null) &&
        (hit?.[1] === undefined ||
          match === null ||
          JSON.stringify([match.end, match.captures]) === JSON.stringify([hit[0], hit[1].map(bytes)]));
      if (!agrees) wrong.push(`${type} ${pattern} on ${strings[index]}: ${JSON.stringify(match)}`);
      if (match !== null && !literalOccurs(matcher, text)) wrong.push(`literals of ${pattern} miss ${text}`);
    });
  }
  return wrong;
}

function literalOccurs(matcher: Matcher, text: string): boolean {
  const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return matcher.requiredLiterals?.some((literal) => folded.includes(literal)) ?? true;
}

test("298 patterns on 300 strings: every hit, end and capture as recorded", () => {
  const recorded = readOracle("v283_patterns.json") as Recorded;
  assert.equal(disagreements(recorded), []);
});

test("the copied part of the recordings", () => {
  assert.equal(disagreements(readCopy("v283_patterns.json") as Recorded), []);
});

for (const read of [readOracle, readCopy]) {
  const tables = read("unit_tables.json") as Tables;
  const rows = (name: string): readonly (readonly string[])[] => {
    const found = tables[name] ?? [];
    assert.ok(found.length > 0, `${name} is missing`);
    return found;
  };

  for (const [name, language, expected] of [
    ["test_success_match1", "osmatch", true],
    ["test_fail_match1", "osmatch", false],
    ["test_success_regex1", "osregex", true],
    ["test_fail_regex1", "osregex", false],
  ] as const) {
    test(`upstream's table ${name}`, () => {
      for (const [pattern = "", text = ""] of rows(name)) {
        const result = compilePattern({ language, text: pattern });
        assert.is(result.ok && result.value.test(text), expected, `${pattern} on ${text}`);
      }
    });
  }

  for (const [name, expected] of [
    ["test_success_wordmatch", true],
    ["test_fail_wordmatch", false],
  ] as const) {
    test(`upstream's table ${name}`, () => {
      for (const [pattern = "", text = ""] of rows(name)) {
        assert.is(wordMatch(pattern, text), expected, `${pattern} in ${text}`);
      }
    });
  }

  test("upstream's table of extractions", () => {
    for (const [pattern = "", text = "", ...captures] of rows("test_regexextraction")) {
      const match = compiled({ language: "osregex", text: pattern }).exec(text);
      const expected = captures.filter((capture) => capture !== "");
      assert.equal(match?.captures, expected, `${pattern} on ${text}`);
    }
  });
}

const patternElement =
  /<(regex|prematch|match|program_name|id|status|hostname|url|user|extra_data|\w*_?pcre2)(?: [^>]*)?>((?:\\<|[^<])*)<\/\1>/g;

test("every pattern of the stock rule set compiles", () => {
  const folder = rulesetFolder();
  if (folder === null) {
    console.log("  skipped: ../shared/ossec-ruleset is not there");
    return;
  }
  const rules = path.join(folder, "rules");
  const files = [
    path.join(folder, "decoder.xml"),
    ...readdirSync(rules).map((file) => path.join(rules, file)),
  ];
  let count = 0;
  for (const file of files) {
    for (const [, element = "", text = ""] of readFileSync(file, "latin1").matchAll(patternElement)) {
      const language = element.endsWith("pcre2")
        ? "pcre2"
        : element === "regex" || element === "prematch"
          ? "osregex"
          : "osmatch";
      const result = compilePattern({ language, text });
      assert.ok(result.ok, `${file}: ${element} ${text}`);
      count++;
    }
  }
  assert.ok(count > 1000, `only ${count} patterns found`);
});

test.run();
