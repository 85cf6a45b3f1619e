import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readSigma } from "../../../src/import/sigma/read.js";

const test = suite("import/sigma/hostile");

async function read(content: string | Buffer) {
  const folder = mkdtempSync(join(tmpdir(), "zopf-sigma-"));
  try {
    const file = join(folder, "rule.yml");
    writeFileSync(file, content);
    return await readSigma({
      paths: [file],
      home: null,
      name: "sigma",
      order: null,
      fix: false,
      show: () => "rule.yml",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rule = (detection: string): string =>
  `title: x\nlogsource: { category: dns }\ndetection:\n${detection.replace(/^/gm, "  ")}\n`;

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${["b", "c", "d", "e", "f", "g", "h"]
  .map((name, at) => `${name}: &${name} [${`*${"abcdefg"[at]}, `.repeat(9)}x]`)
  .join("\n")}\ncondition: a`;

const cases: readonly (readonly [what: string, content: string | Buffer])[] = [
  ["nothing", ""],
  ["bytes that are no UTF-8", Buffer.from([0x74, 0xff, 0xfe, 0x00, 0x80])],
  ["zeros", Buffer.alloc(1000)],
  ["a text", "just words"],
  ["a list", "- 1\n- 2\n"],
  ["brackets without end", "[".repeat(100_000)],
  ["braces without end", "a: {".repeat(50_000)],
  ["lists without end", `x:\n${Array.from({ length: 3000 }, (_, at) => `${" ".repeat(at)}- `).join("\n")}`],
  ["dashes on a line", `x: ${"- ".repeat(20_000)}`],
  ["ten megabytes", `title: ${"x".repeat(10 << 20)}`],
  ["aliases in aliases", rule(bomb)],
  ["an alias of nothing", rule("one: *nobody\ncondition: one")],
  ["a key twice", rule("one: { query: a }\none: { query: b }\ncondition: one")],
  ["an open quote", rule("one: { query: 'a }\ncondition: one")],
  ["parentheses", rule(`one: { query: a }\ncondition: ${"(".repeat(20_000)}one`)],
  ["nots", rule(`one: { query: a }\ncondition: ${"not ".repeat(20_000)}one`)],
  ["no such selection", rule("one: { query: a }\ncondition: two")],
  ["a regular expression that is none", rule("one: { query|re: '(' }\ncondition: one")],
  ["an endless regular expression", rule("one: { query|re: '(a+)+$' }\ncondition: one")],
  ["a condition that is a map", rule("one: { query: a }\ncondition: { a: b }")],
  ["a selection that is a number", rule("one: 5\ncondition: one")],
  ["lists in lists", rule("one: [[[a]]]\ncondition: one")],
  ["a map in a value", rule("one: { query: { a: b } }\ncondition: one")],
  ["no values", rule("one: { query: [] }\ncondition: one")],
  [
    "a title with all that hurts",
    `title: "*/ \`\${x}\` \\n \\u2028 \\u202e <script>"\nlogsource: {}\ndetection: {}\n`,
  ],
];

for (const [what, content] of cases)
  test(`${what} is read or reported`, async () => {
    const { draft, refused = [], diagnostics } = await read(content);
    if (draft === null && what !== "nothing") assert.ok(diagnostics.length + refused.length > 0);
    const said = [
      ...diagnostics,
      ...(draft?.refused ?? refused).map(({ place, reason }) => ({ ...place, message: reason })),
    ];
    for (const { line, column, message } of said) {
      assert.ok(line >= 1 && column >= 1);
      assert.not.match(message, /at .*\.js:/);
    }
  });

test.run();
