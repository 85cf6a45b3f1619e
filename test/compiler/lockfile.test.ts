import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatLockfile, readLockfile } from "../../src/compiler/lockfile.js";
import { scratchFolder } from "../scratch-folder.js";

function read(text: string | null) {
  const folder = scratchFolder("lock");
  if (text !== null) writeFileSync(join(folder, "zopf.lock.json"), text);
  return readLockfile(folder, (path) => path.slice(folder.length + 1));
}

test("what is written reads back", () => {
  const text = formatLockfile(
    new Map([
      [
        "b",
        new Map([
          ["Y", 100_001],
          ["X", 100_000],
        ]),
      ],
      ["a", new Map()],
    ]),
  );
  assert.is(
    text,
    '{\n  "version": 1,\n  "rules": {\n    "b": {\n      "X": 100000,\n      "Y": 100001\n    }\n  }\n}\n',
  );
  const result = read(text);
  assert.ok(result.ok);
  if (result.ok) assert.is(result.lock.bundles.get("b")?.get("Y"), 100_001);
});

test("no file is an empty lock; no ids are no file", () => {
  const result = read(null);
  assert.ok(result.ok && result.lock.text === null);
  assert.is(formatLockfile(new Map()), null);
});

const broken: readonly (readonly [string, string, RegExp])[] = [
  ["a conflict", '{\n<<<<<<< HEAD\n"version": 1\n=======\n>>>>>>> other\n}', /merge conflict/],
  ["no JSON", "{", /not JSON/],
  ["nothing", "", /not JSON/],
  ["another version", '{"version": 2, "rules": {}}', /not a lock file/],
  ["an id out of range", '{"version": 1, "rules": {"a": {"X": 5}}}', /not a lock file/],
  ["one id twice", '{"version": 1, "rules": {"a": {"X": 100000, "Y": 100000}}}', /not a lock file/],
  ["a list", "[]", /not a lock file/],
];
for (const [name, text, message] of broken)
  test(`${name} is told at its place, with what to do`, () => {
    const result = read(text);
    assert.not(result.ok);
    if (result.ok) return;
    const [diagnostic] = result.diagnostics;
    assert.match(diagnostic?.message ?? "", message);
    assert.is(diagnostic?.file, "zopf.lock.json");
    assert.ok((diagnostic?.help ?? "").length > 10);
  });

test.run();
