import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadBundles } from "../../../src/compiler/load/index.js";
import type { Detection } from "../../../src/dsl/detection.js";
import { bundleOf, type Draft, type Drafted, type DraftModule } from "../../../src/import/draft.js";
import { writeDraft } from "../../../src/import/writer/bundle-file.js";
import { list, osMatch, osRegex, pcre2 } from "../../../src/index.js";

const test = suite("import/writer/hostile-text");

const pieces = [
  "*/",
  "/*",
  "//",
  "`",
  "${",
  "}",
  "\\",
  "\n",
  "\r\n",
  "\r",
  "\u2028",
  "\u2029",
  "\u202e",
  "\u2066",
  "\0",
  "\ufeff",
  "\u00a0",
  "\ud800",
  "\u{e0041}",
  '"',
  "'",
  " ",
  "\t",
  "@ts-nocheck",
  "@ts-ignore",
  "@ts-expect-error",
  "# sourceMappingURL=x",
  "biome-ignore all: x",
  "/ <reference path='x' />",
  "<script>",
  "__proto__",
  "constructor",
  "-->",
  "é",
  "\u05d0",
  "日本",
  "a long word and more of them ",
  "\\u0041",
  "\\x",
  "0",
];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6, unit: "binary" })), { maxLength: 12 })
  .map((parts) => parts.join(""));

const origin = { place: { file: "x", line: 1, column: 1 }, rules: [] };

function drafted<T>(value: T, ...comments: readonly string[]): Drafted<T> {
  return { value, comments, origin };
}

/** A draft with a hostile text at every place that takes one. */
const drafts = (text: fc.Arbitrary<string>): fc.Arbitrary<Draft> =>
  fc
    .record({ texts: fc.array(text, { minLength: 12, maxLength: 12 }), several: fc.boolean() })
    .map(({ texts, several }) => {
      const at = (index: number): string => texts[index % texts.length] ?? "";
      const values = list({ name: at(0), entries: { [at(1)]: at(2), [at(3)]: at(4), plain: "x" } });
      const keys = list({ name: at(5), entries: [at(6), at(7)] });
      const made = (shift: number): DraftModule => {
        const detections: readonly Drafted<Detection>[] = [
          drafted<Detection>(
            {
              kind: "log",
              name: at(shift),
              program: at(shift + 1),
              prematch: osRegex(at(shift + 2)),
              regex: pcre2(at(shift + 3)),
              order: [at(shift + 4)],
              where: {
                [at(shift + 5)]: { in: values, having: osMatch(at(shift + 6)) },
                srcip: { notIn: keys },
              },
              samples: [at(shift + 7), { line: at(shift + 8), fields: { [at(shift + 9)]: at(shift + 10) } }],
              rule: { level: 5, description: at(shift + 11), groups: [at(shift), at(shift + 1)] },
            },
            at(shift + 2),
            at(shift + 3),
          ),
          drafted<Detection>(
            {
              kind: "burst",
              name: at(shift + 4),
              of: { rule: 5716 },
              events: 8,
              within: "120 sec",
              per: "all",
              rule: { level: 10, description: at(shift + 5), ignore: "60 sec" },
            },
            at(shift + 6),
          ),
        ];
        return {
          name: at(shift),
          comments: [at(shift + 1), at(shift + 2)],
          constants: [
            { kind: "rule", name: at(shift + 3), value: 5716, comments: [at(shift + 4)] },
            { kind: "value", property: "within", name: at(shift + 5), value: "120 sec" },
          ],
          detections,
          raw: [
            {
              ...drafted(
                { name: at(shift + 7), decoders: at(shift + 8), rules: at(shift + 9) },
                at(shift + 10),
              ),
              because: at(shift + 11),
            },
          ],
        };
      };
      return {
        settings: {
          name: "hostile",
          ossec: { home: at(8) },
          neverBlock: [drafted({ network: at(9), name: at(10) }, at(11)), drafted(at(0))],
          ownAddresses: [drafted(at(1))],
        },
        comments: [at(2), at(3)],
        modules: several ? [made(0), made(5)] : [made(0)],
        lists: [drafted(values, at(4)), drafted(keys)],
        responses: [
          drafted({ kind: "notify", when: { rule: 5716 }, run: [at(5), at(6)] }, at(7)),
          drafted({ kind: "block", when: { group: at(8) }, for: "120 sec" }),
        ],
        refused: [],
      };
    });

function folderOf(all: readonly Draft[]): { readonly folder: string; readonly bundles: readonly string[] } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "zopf-writer-")));
  const bundles = all.map((draft, index) => {
    const files = writeDraft(draft);
    for (const { path, text } of files) {
      const full = join(folder, String(index), path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text);
    }
    return join(folder, String(index), files[0]?.path ?? "");
  });
  return { folder, bundles };
}

test("whatever the texts hold, the file loads to exactly the values", async () => {
  const all = fc.sample(drafts(hostile), 40);
  const { folder, bundles } = folderOf(all);
  try {
    const loaded = await loadBundles(bundles);
    for (const [index, result] of loaded.entries()) {
      const draft = all[index];
      if (draft === undefined) continue;
      assert.ok(result.ok, JSON.stringify(result.ok ? "" : result.diagnostics, null, 1));
      if (result.ok) assert.equal(result.bundle.value, bundleOf(draft));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("biome would write it the same", () => {
  // Of names of properties that are longer than a line biome has its own ideas.
  const { folder } = folderOf(
    fc.sample(drafts(hostile.map((text) => Array.from(text).slice(0, 9).join(""))), 30),
  );
  try {
    const formatter = { indentStyle: "space", indentWidth: 2, lineWidth: 110 };
    writeFileSync(join(folder, "biome.json"), `${JSON.stringify({ formatter }, null, 2)}\n`);
    const run = spawnSync("npx", ["biome", "format", "--config-path", folder, folder], { encoding: "utf8" });
    assert.is(run.status, 0, run.stderr.slice(0, 6000));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
