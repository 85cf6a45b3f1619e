import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PatternNode } from "../../../src/ossec/patterns/ast.js";
import { forgeableCapture, restsOnLineEnd } from "../../../src/ossec/patterns/index.js";
import { parsePcre2 } from "../../../src/ossec/patterns/pcre2/parse.js";
import { capturePlace } from "../../../src/ossec/patterns/unique-capture.js";

function placeOf(text: string): ReturnType<typeof capturePlace> {
  const tree = parsePcre2(text);
  if (!tree.ok) throw new Error(`${text}: ${tree.reason}`);
  return capturePlace(tree.value.root, 1, true);
}

const forgeable = (text: string): string | null =>
  forgeableCapture({ prematch: null, regex: { language: "pcre2", text } }, 1);

for (const text of [
  String.raw`^warning: [^\[]+\[([0-9a-f.:]+)\]: SASL`,
  String.raw`^Failed \S+ for .* from ([0-9a-f.:]+) port \d+ ssh2$`,
  String.raw`^Failed \S+ for .* from ([0-9a-f.:]+) port \d+ \S* ssh2$`,
  String.raw`^user "[^"]*": password mismatch, client: ([0-9a-f.:]+),`,
  String.raw`^(?!.*, client: .*, client: )user ".*": password mismatch, client: ([0-9a-f.:]+),`,
])
  test(`one place only: ${text}`, () => {
    assert.equal(placeOf(text), { kind: "unique" });
    assert.is(forgeable(text), null);
  });

for (const text of [
  // `\S` and `\w` say what is expected there, not what is sent.
  String.raw`^warning: \S+\[([0-9a-f.:]+)\]: SASL`,
  String.raw`^Failed \S+ for \S+ from ([0-9a-f.:]+) `,
  String.raw`^Failed \S+ for .* from ([0-9a-f.:]+) port \d+ ssh2`,
  String.raw`^user ".*": password mismatch, client: ([0-9a-f.:]+),`,
  String.raw`[^\[]+\[([0-9a-f.:]+)\]: SASL`,
  // A guard that is not at the start is not followed.
  String.raw`^user (?!.*, client: .*, client: )".*", client: ([0-9a-f.:]+),`,
])
  test(`two places: ${text}`, () => {
    assert.is(placeOf(text).kind, "ambiguous");
    assert.match(forgeable(text) ?? "", /has two such texts$/);
  });

test("what rests on the line's end is said: the end itself, and guards", () => {
  const rests = (text: string): boolean =>
    restsOnLineEnd({ prematch: null, regex: { language: "pcre2", text } }, 1, 4_000);
  assert.not(rests(String.raw`^warning: [^\[]+\[([0-9a-f.:]+)\]: SASL`));
  assert.ok(rests(String.raw`^Failed \S+ for .* from ([0-9a-f.:]+) port \d+ ssh2$`));
  assert.ok(rests(String.raw`^(?!.*, client: .*, client: )user ".*": wrong, client: ([0-9a-f.:]+),`));
});

test("hostile patterns are given up, not walked for ever", () => {
  for (const text of [
    `^${"(?:a|b|[ab]){1,60}".repeat(4)}(a+)b`,
    `^(?!${".*a.{14}b|".repeat(8)}z)(?:.*x.*y)*(a+)b`,
    `^(?:${"(?:a?b?)*".repeat(40)})(a)c`,
  ])
    assert.ok(["ambiguous", "unknown", "unique"].includes(placeOf(text).kind));
});

/** Every way in which a small pattern reads a text from a place on: where it ends, and the capture. */
type Way = readonly [end: number, start: number, stop: number];

function ways(node: PatternNode, text: string, [at, start, stop]: Way): readonly Way[] {
  switch (node.kind) {
    case "empty":
      return [[at, start, stop]];
    case "byte":
      return text.charCodeAt(at) === node.code || text.toUpperCase().charCodeAt(at) === node.code
        ? [[at + 1, start, stop]]
        : [];
    case "set":
      return at < text.length &&
        ((node.set[text.charCodeAt(at) >> 5] ?? 0) >>> (text.charCodeAt(at) & 31)) & 1
        ? [[at + 1, start, stop]]
        : [];
    case "sequence":
      return node.items.reduce<readonly Way[]>(
        (all, item) => all.flatMap((way) => ways(item, text, way)),
        [[at, start, stop]],
      );
    case "alternatives":
      return node.options.flatMap((option) => ways(option, text, [at, start, stop]));
    case "group":
      return node.index === 1
        ? ways(node.body, text, [at, start, stop]).map(([end]) => [end, at, end] as const)
        : ways(node.body, text, [at, start, stop]);
    case "repeat": {
      const found: Way[] = [];
      let now: readonly Way[] = [[at, start, stop]];
      for (let count = 0; count <= Math.min(node.max, text.length + 1); count++) {
        if (count >= node.min) found.push(...now);
        now = now
          .flatMap((way) => ways(node.body, text, way))
          .filter((way) => way[0] > at || count < node.min);
      }
      return found;
    }
    case "assertion":
      return (node.assertion === "start" ? at === 0 : at === text.length) ? [[at, start, stop]] : [];
    default:
      throw new Error(`not in these patterns: ${node.kind}`);
  }
}

function captures(text: string, line: string): ReadonlySet<string> {
  const tree = parsePcre2(text);
  if (!tree.ok) throw new Error(text);
  const found = new Set<string>();
  for (let at = 0; at <= line.length; at++)
    for (const [, start, stop] of ways(tree.value.root, line, [at, -1, -1])) found.add(`${start}-${stop}`);
  return found;
}

const piece = fc.constantFrom(
  "a",
  "b",
  "[ab]",
  "[^b]",
  "a*",
  "[ab]*",
  "[^b]+",
  "(?:ab)?",
  "(?:a|ba)",
  "a{1,2}",
);
const pattern = fc
  .tuple(
    fc.constantFrom("^", ""),
    fc.array(piece, { maxLength: 3 }),
    fc.array(piece, { minLength: 1, maxLength: 2 }),
    fc.array(piece, { maxLength: 3 }),
    fc.constantFrom("$", "\\z", ""),
  )
  .map(
    ([from, before, inside, behind, to]) =>
      `${from}${before.join("")}(c${inside.join("")}c)${behind.join("")}${to}`,
  );

const lines: readonly string[] = (() => {
  const all = [""];
  for (let length = 0, from = 0; length < 6; length++) {
    const to = all.length;
    for (let index = from; index < to; index++)
      for (const letter of "abc") all.push(`${all[index]}${letter}`);
    from = to;
  }
  return all;
})();

test("as counting every way over every short line has it", () => {
  fc.assert(
    fc.property(pattern, (text) => {
      const place = placeOf(text);
      const twoWays = lines.some((line) => captures(text, line).size > 1);
      if (place.kind === "unique") assert.not(twoWays, text);
      if (place.kind === "ambiguous")
        assert.ok(captures(text, place.line).size > 1, `${text} on ${place.line}`);
      assert.is.not(place.kind, "unknown", text);
    }),
    { numRuns: 150 },
  );
});

test.run();
