import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { canKeep, readSealed, writeSealed } from "../../src/files/sealed-files.js";
import { scratchFolder } from "../scratch-folder.js";

const folder = scratchFolder("sealed");
process.env.ZOPF_CACHE = folder;
const key = ["a key", "of two"];
const bodies = [Buffer.from("first"), Buffer.alloc(0), Buffer.from([0, 255, 10])];

/** The only file there is. */
const file = (): string => join(folder, readdirSync(folder)[0] ?? "");

test("bodies come back under their key, and under no other", () => {
  writeSealed("test", key, bodies);
  assert.equal(
    readSealed("test", key)?.map((body) => Buffer.from(body)),
    bodies,
  );
  assert.is(readSealed("test", ["a key", "of two", ""]), null);
  assert.is(readSealed("other", key), null);
});

test("a file of another key under this one's name is not taken", () => {
  const bytes = readFileSync(file());
  const place = bytes.indexOf("of two");
  for (const at of [place, place + bytes.length / 2]) bytes[at] = 65;
  writeFileSync(file(), bytes);
  assert.is(readSealed("test", key), null);
});

test("a damaged file counts as none, wherever the damage is", () => {
  writeSealed("test", key, bodies);
  const whole = readFileSync(file());
  for (let at = 0; at < whole.length; at += 1) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    writeFileSync(file(), damaged);
    assert.is(readSealed("test", key), null, `byte ${at}`);
  }
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(file(), whole.subarray(0, length));
    assert.is(readSealed("test", key), null, `cut at ${length}`);
  }
});

test("without a cache folder nothing is kept", () => {
  process.env.ZOPF_CACHE = "";
  writeSealed("test", key, bodies);
  assert.is(readSealed("test", key), null);
});

test("nothing is kept where no folder can be made, and nothing hangs", () => {
  try {
    for (const nowhere of ["/proc/zopf/cache", "/dev/null/cache", ""]) {
      process.env.ZOPF_CACHE = nowhere;
      assert.not(canKeep(), nowhere);
      writeSealed("test", key, bodies);
      assert.is(readSealed("test", key), null);
    }
    process.env.ZOPF_CACHE = join(folder, "deep", "er");
    assert.ok(canKeep());
  } finally {
    process.env.ZOPF_CACHE = folder;
  }
});

test.run();
