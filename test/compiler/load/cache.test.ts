import { chmodSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type CacheInput,
  cacheFolder,
  type Json,
  readCache,
  writeCache,
} from "../../../src/compiler/load/cache.js";
import { sha256 } from "../../../src/compiler/load/read.js";
import { folderWith } from "./load-text.js";

const test = suite("load: cache");

test.before.each(() => {
  process.env.ZOPF_CACHE = join(folderWith({}), "deep", "cache");
});
test.after(() => {
  delete process.env.ZOPF_CACHE;
});

function input(content: string): CacheInput & { readonly path: string } {
  const path = join(folderWith({ file: content }), "file");
  return { path, sha256: sha256(content) };
}

function entries(): readonly string[] {
  return readdirSync(cacheFolder() ?? "").map((name) => join(cacheFolder() ?? "", name));
}

test("what was written is read, for any JSON and any key", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.jsonValue(), (key, given) => {
      const value: Json = JSON.parse(JSON.stringify(given));
      writeCache(key, { inputs: [], value });
      assert.equal(readCache(key), value);
      assert.is(readCache(`${key}x`), null);
    }),
    { numRuns: 50 },
  );
});

test("an entry is good as long as every input is as it was", () => {
  const one = input("one");
  const gone = { path: `${one.path}.gone`, sha256: null };
  writeCache("k", { inputs: [one, gone], value: 1 });
  assert.is(readCache("k"), 1);
  writeFileSync(gone.path, "");
  assert.is(readCache("k"), null);
  writeCache("k", { inputs: [one], value: 2 });
  writeFileSync(one.path, "two");
  assert.is(readCache("k"), null);
  writeFileSync(one.path, "one");
  assert.is(readCache("k"), 2);
});

test("any byte changed in an entry makes it none, and it can be written again", () => {
  writeCache("k", { inputs: [], value: { text: "value" } });
  const [path] = entries();
  const bytes = readFileSync(path ?? "");
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ change;
      writeFileSync(path ?? "", damaged);
      assert.is(readCache("k"), null);
    }),
  );
  for (const length of [0, 10, 64, 65, bytes.length - 1]) {
    writeFileSync(path ?? "", bytes.subarray(0, length));
    assert.is(readCache("k"), null);
  }
  writeCache("k", { inputs: [], value: "again" });
  assert.is(readCache("k"), "again");
});

test("a folder that cannot be one, or is switched off, is no cache", () => {
  for (const folder of [join(input("").path, "below a file"), "/proc/nothing", ""]) {
    process.env.ZOPF_CACHE = folder;
    writeCache("k", { inputs: [], value: 1 });
    assert.is(readCache("k"), null);
  }
});

test("foreign content in the folder is left alone and does no harm", () => {
  writeCache("k", { inputs: [], value: 1 });
  const folder = cacheFolder() ?? "";
  writeFileSync(join(folder, "README"), "mine");
  chmodSync(join(folder, "README"), 0o400);
  writeCache("l", { inputs: [], value: 2 });
  assert.is(readFileSync(join(folder, "README"), "utf8"), "mine");
});

test("its size is bounded; what was used longest ago goes first", () => {
  writeCache("old", { inputs: [], value: "old" });
  writeCache("used", { inputs: [], value: "used" });
  for (const path of entries()) utimesSync(path, 1000, 1000);
  assert.is(readCache("used"), "used");
  for (let n = 0; n < 399; n++) writeCache(`new ${n}`, { inputs: [], value: n });
  assert.is(entries().length, 400);
  assert.is(readCache("old"), null);
  assert.is(readCache("used"), "used");
});

test("where it lies", () => {
  assert.is(cacheFolder({ ZOPF_CACHE: "/a/b", XDG_CACHE_HOME: "/c" }), "/a/b");
  assert.is(cacheFolder({ XDG_CACHE_HOME: "/c" }), "/c/zopf");
  assert.match(cacheFolder({ XDG_CACHE_HOME: "relative" }) ?? "", /\/\.cache\/zopf$/);
});

test.run();
