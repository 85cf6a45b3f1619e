import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Config, IniFiles } from "../../../src/import/fail2ban/config.js";
import { durationText, secondsOf } from "../../../src/import/fail2ban/durations.js";
import { readIni } from "../../../src/import/fail2ban/ini.js";
import { nameAndOptions, substituteTags } from "../../../src/import/fail2ban/tags.js";
import { scratchFolder } from "../../scratch-folder.js";

function configOf(
  files: Readonly<Record<string, string>>,
  first: string,
): { config: Config; said: readonly string[] } {
  const folder = scratchFolder("fail2ban-config");
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const read = new IniFiles((path) => path.slice(folder.length + 1));
    const config = new Config(read);
    config.add(join(folder, first));
    return {
      config,
      said: read.diagnostics.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("values go on in indented lines, comments are left out", () => {
  const { sections } = readIni("a", "a", "[A]\nKey = one ; note\n  two\n# no\n\n  three\nother: x;y\n");
  assert.is(sections.get("A")?.get("key")?.text, "one\ntwo\n\nthree");
  assert.is(sections.get("A")?.get("other")?.text, "x;y");
});

test("what is included stands before or after, and .local behind it; known/ is what was replaced", () => {
  const { config } = configOf(
    {
      "a.conf": "[INCLUDES]\nbefore = common.conf\n[Definition]\nx = %(known/x)s-a-%(y)s\n",
      "common.conf": "[DEFAULT]\nx = base\n[Definition]\ny = 1\n",
      "common.local": "[Definition]\ny = 2\n",
      "a.local": "[Definition]\nz = %(lt/q)s\n[lt]\nq = 3\n",
    },
    "a.conf",
  );
  assert.is(config.get("Definition", "x")?.text, "base-a-2");
  assert.is(config.get("Definition", "z")?.text, "3");
});

test("includes that are not there, or lead back, are reported at their line", () => {
  const { said } = configOf(
    { "a.conf": "[INCLUDES]\nbefore = b.conf gone.conf\n", "b.conf": "[INCLUDES]\nbefore = a.conf\n" },
    "a.conf",
  );
  assert.equal(said, [
    "b.conf:2:1 a.conf includes itself, over 2 files",
    "a.conf:2:1 gone.conf is included, and is not there",
  ]);
});

test("values that lead back to themselves, or grow without end, end", () => {
  const { config } = configOf(
    {
      "a.conf": `[A]\na = %(b)s\nb = x%(a)s\n${Array.from({ length: 30 }, (_, at) => `g${at} = %(g${at + 1})s%(g${at + 1})s`).join("\n")}\ng30 = yyyyyyyyyy\n`,
    },
    "a.conf",
  );
  assert.match(config.get("A", "a")?.problems.join() ?? "", /leads back to itself/);
  assert.ok((config.get("A", "g1")?.problems.length ?? 0) > 0);
  const { problems } = substituteTags(
    "<a>",
    new Map([
      ["a", "<b>"],
      ["b", "<a>x"],
    ]),
    config,
  );
  assert.is(problems.length, 1);
});

test("garbage is no configuration", () => {
  const { diagnostics } = readIni("a", "a", "\0\x01\xff");
  assert.is(diagnostics.length, 1);
  const { diagnostics: more } = readIni("a", "a", "no section\n[A]\n=x\njust text\n");
  assert.equal(
    more.map(({ line }) => line),
    [1, 3, 4],
  );
});

test("lengths of time", () => {
  assert.equal(
    ["600", "10m", "1d 12h", "1w", "-1", "2 weeks", "1.5h", "soon", "5 parsecs", ""].map(secondsOf),
    [600, 600, 129_600, 604_800, -1, 1_209_600, 5_400, null, null, null],
  );
  assert.equal([600, 90, 86_400, 3_600].map(durationText), ["10 min", "90 sec", "1 day", "1 hr"]);
});

test("a filter with what is given to it", () => {
  const found = nameAndOptions('sshd[mode=aggressive, port="1,2"][x=y]');
  assert.is(found?.name, "sshd");
  assert.equal(
    [...(found?.options ?? [])],
    [
      ["mode", "aggressive"],
      ["port", "1,2"],
      ["x", "y"],
    ],
  );
});

test.run();
