import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadCode } from "../../../src/logtest/start/code.js";
import { scratchFolder } from "../../scratch-folder.js";

const folder = scratchFolder("code");
const cache = join(folder, "cache");
const file = join(folder, "it.cjs");

function write(body: string): void {
  const identity = createHash("sha256").update(body).digest("hex");
  writeFileSync(file, `// ${identity}\n${body}`);
}

const cached = (): string =>
  readdirSync(cache)
    .map((name) => readFileSync(join(cache, name), "latin1"))
    .join();

test("code is cached once, and once more by the first run of the usual kind", () => {
  mkdirSync(cache);
  const before = process.env.ZOPF_CACHE;
  process.env.ZOPF_CACHE = cache;
  try {
    write("exports.first = () => 1; exports.usual = () => 2;");
    const states: string[] = [];
    for (const [name, usual] of [
      ["first", false],
      ["usual", false],
      ["usual", true],
      ["usual", true],
      ["first", false],
    ] as const) {
      const code = loadCode(file);
      assert.ok(code !== null);
      const run = code.exports[name];
      assert.is(typeof run === "function" ? run() : null, name === "first" ? 1 : 2);
      code.writeCode(usual);
      states.push(cached());
    }
    const [first, second, third, fourth, fifth] = states;
    assert.ok(first !== "" && first !== undefined);
    assert.is(second, first, "no reason to write it again");
    assert.is.not(third, first, "the usual run knows better what the next one needs");
    assert.is(fourth, third);
    assert.is(fifth, third);
  } finally {
    if (before === undefined) delete process.env.ZOPF_CACHE;
    else process.env.ZOPF_CACHE = before;
  }
});

test("a file that no bundler wrote is none, and neither is one that is missing", () => {
  writeFileSync(file, "exports.a = 1;");
  assert.is(loadCode(file), null);
  assert.is(loadCode(join(folder, "missing.cjs")), null);
});

test.after(() => rmSync(folder, { recursive: true, force: true }));
test.run();
