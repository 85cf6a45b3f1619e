import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { cacheFolder, canWriteEntries, readEntry, writeEntry } from "../../src/files/cache.js";
import { crc32, crc32InTable } from "../../src/files/crc32.js";
import { scratchFolder } from "../scratch-folder.js";

const test = suite("files: cache");

const key = ["a key", "of two"];
const bodies = [Buffer.from("first"), Buffer.alloc(0), Buffer.from([0, 255, 10])];
let folder = "";

test.before.each(() => {
  folder = join(scratchFolder("cache"), "deep", "cache");
  process.env.ZOPF_CACHE = folder;
});
test.after(() => {
  delete process.env.ZOPF_CACHE;
});

const entries = (): readonly string[] => readdirSync(folder).map((name) => join(folder, name));

/** The only file there is. */
const file = (): string => entries()[0] ?? "";

test("bodies come back under their key, and under no other", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "binary" })),
      fc.array(fc.uint8Array({ maxLength: 2000 })),
      (key, bodies) => {
        writeEntry("home", key, bodies);
        assert.equal(
          readEntry("home", key)?.map((body) => Uint8Array.from(body)),
          bodies,
        );
        assert.is(readEntry("home", [...key, "that no other run has"]), null);
        assert.is(readEntry("code", key), null);
      },
    ),
    { numRuns: 50 },
  );
});

test("an entry of another key under this one's name is not taken", () => {
  writeEntry("home", key, bodies);
  const other = readFileSync(file());
  writeEntry("home", ["another key"], bodies);
  for (const path of entries()) writeFileSync(path, other);
  assert.is(readEntry("home", ["another key"]), null);
  assert.is.not(readEntry("home", key), null);
});

test("a damaged entry counts as none, wherever the damage is, and can be written again", () => {
  writeEntry("home", key, bodies);
  const whole = readFileSync(file());
  for (let at = 0; at < whole.length; at += 1) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
    writeFileSync(file(), damaged);
    assert.is(readEntry("home", key), null, `byte ${at}`);
  }
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(file(), whole.subarray(0, length));
    assert.is(readEntry("home", key), null, `cut at ${length}`);
  }
  writeEntry("home", key, bodies);
  assert.is.not(readEntry("home", key), null);
});

test("an entry is for its user's eyes alone", () => {
  writeEntry("home", key, bodies);
  assert.is(statSync(folder).mode & 0o777, 0o700);
  assert.is(statSync(file()).mode & 0o777, 0o600);
});

test("nothing is written where no folder can be made, and nothing hangs", () => {
  for (const nowhere of ["/proc/zopf/cache", "/dev/null/cache", ""]) {
    process.env.ZOPF_CACHE = nowhere;
    assert.not(canWriteEntries(), nowhere);
    writeEntry("home", key, bodies);
    assert.is(readEntry("home", key), null);
  }
  process.env.ZOPF_CACHE = folder;
  assert.ok(canWriteEntries());
});

test("foreign files in the folder are left alone and do no harm", () => {
  writeEntry("home", key, bodies);
  writeFileSync(join(folder, "README"), "mine");
  chmodSync(join(folder, "README"), 0o400);
  writeEntry("code", key, bodies);
  assert.is(readFileSync(join(folder, "README"), "utf8"), "mine");
});

test("the size is bounded over all kinds; what was used longest ago goes first, old versions' entries too", () => {
  writeEntry("bundle", ["old"], []);
  writeEntry("code", ["used"], []);
  writeFileSync(join(folder, `${"0".repeat(64)}.json`), "of an old version");
  writeFileSync(join(folder, `${"0".repeat(16)}.home.123.tmp`), "of a run that was killed");
  for (const path of entries()) utimesSync(path, 1000, 1000);
  assert.is.not(readEntry("code", ["used"]), null);
  for (let n = 0; n < 399; n++) writeEntry("home", [`new ${n}`], []);
  assert.is(entries().length, 400);
  assert.is(readEntry("bundle", ["old"]), null);
  assert.is.not(readEntry("code", ["used"]), null);
  assert.not(readdirSync(folder).some((name) => /json|tmp/.test(name)));
});

test("where the folder is", () => {
  assert.is(cacheFolder({ ZOPF_CACHE: "/a/b", XDG_CACHE_HOME: "/c" }), "/a/b");
  assert.is(cacheFolder({ ZOPF_CACHE: "", XDG_CACHE_HOME: "/c" }), null);
  assert.is(cacheFolder({ XDG_CACHE_HOME: "/c" }), "/c/zopf");
  assert.match(cacheFolder({ XDG_CACHE_HOME: "relative" }) ?? "", /\/\.cache\/zopf$/);
});

test("the checksum in JavaScript is that of zlib", () => {
  assert.is(crc32(Buffer.from("123456789")), 0xcbf43926);
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.is(crc32InTable(bytes), crc32(bytes));
    }),
  );
});

test.run();
