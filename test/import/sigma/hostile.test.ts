import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readSigma } from "../../../src/import/sigma/read.js";
import { importOf } from "../import-of.js";

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

const hurting = fc.string({
  unit: fc.constantFrom(
    ...[
      "*/",
      "`",
      `\${x}`,
      "$(id)",
      "\\n",
      "\\r",
      "\\u2028",
      "\\u2029",
      "\\u202e",
      "\\u0000",
      "\\u001b",
      "\\\\",
      "\\t",
    ],
    ...[
      "<",
      ">",
      "&",
      "'",
      '"',
      "//",
      "<!--",
      "</rule>",
      "]]>",
      "a",
      "B",
      "9",
      " ",
      "%",
      "*",
      "?",
      "é",
      "😀",
      "-",
      ",",
    ],
  ),
  minLength: 1,
  maxLength: 8,
});

test("hostile text in titles, comments, tags and values stays text: every rule comes over or is refused by itself", async () => {
  const words = fc.sample(fc.record({ title: hurting, text: hurting, value: hurting }), {
    numRuns: 60,
    seed: 7,
  });
  const rules = words.map(({ title, text, value }, at) =>
    JSON.stringify({
      title: `${title} ${at}`,
      id: text,
      description: text,
      author: title,
      references: [text, value],
      tags: [text, `attack.t1000${text}`, `cve.2021-${value}`],
      falsepositives: [text],
      logsource: at % 2 === 0 ? { category: "dns" } : { product: "linux" },
      detection: {
        one: at % 2 === 0 ? { "query|contains": `q${value}` } : [`key${value}`],
        condition: "one",
      },
    }),
  );
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "zopf-sigma-")));
  try {
    writeFileSync(join(folder, "rules.yml"), rules.join("\n---\n"));
    const { draft, refused, proof, diagnostics } = await importOf([join(folder, "rules.yml")], folder, {
      name: "x",
    });
    const made = draft?.modules.flatMap(({ detections }) => detections) ?? [];
    assert.is(made.length + refused.length, words.length);
    assert.ok(made.length > 40, `${made.length} came over`);
    assert.is(proof?.same, proof?.lines);
    assert.equal(
      diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
      [],
    );
    const text = readFileSync(join(folder, "x.zopf.ts"), "utf8");
    assert.not.match(text.replace(/\n/g, ""), /[\p{Cc}\p{Cf}\u2028\u2029]/u);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("broken rules are errors at their place, and the others come over", async () => {
  const one = (title: string, detection: string, more = ""): string =>
    `title: ${title}\nlogsource: { category: dns }\n${more}detection:\n  one: { query: a${title} }\n${detection}`;
  const { draft, refused, diagnostics } = await importedRules(
    [
      one("Fine", "  condition: one\n"),
      one("None", ""),
      one("Other", "  condition: one and two\n"),
      one("Modifier", "  two: { query|beginswith: a }\n  condition: one or two\n"),
      one("Regex", "  two: { query|re: '(a' }\n  condition: two\n"),
      one("Network", "  two: { id.orig_h|cidr: 10.0.0.0/99 }\n  condition: two\n"),
      one("Level", "  condition: one\n", "level: 5\n"),
      one(
        "Merged",
        "  two: &x { query: m, qtype_name: TXT }\n  three: { <<: *x, query: n }\n  condition: three\n",
      ),
    ].join("---\n"),
  );
  assert.equal(
    diagnostics
      .filter(({ code }) => code === "import/broken")
      .map(({ line, column, message }) => `${line}:${column} ${message}`),
    [
      '10:3 "None" did not come over: it has no condition',
      '16:14 "Other" did not come over: the condition cannot be read: there is no selection "two"',
      '22:10 "Modifier" did not come over: the modifier "beginswith" is none of Sigma\'s',
      '41:8 "Level" did not come over: the level "5" is none of Sigma\'s',
      '29:20 "Regex" did not come over: "(a" is no regular expression',
      '36:26 "Network" did not come over: "10.0.0.0/99" is no network',
    ],
  );
  assert.is(refused.length, 6);
  assert.equal(
    draft?.modules[0]?.detections.map(({ value }) => value.name),
    ["Fine", "Merged"],
  );
});

async function importedRules(text: string) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "zopf-sigma-")));
  try {
    writeFileSync(join(folder, "rules.yml"), text);
    return await importOf([join(folder, "rules.yml")], folder, { name: "x" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.run();
