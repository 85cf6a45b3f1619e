import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openAside } from "../../src/files/aside.js";
import { openWriter } from "../../src/report/writer.js";
import { scratchFolder } from "../scratch-folder.js";

test("the old file stays until the new one is whole, and keeps its mode", () => {
  const folder = scratchFolder("aside");
  const path = join(folder, "out.json");
  writeFileSync(path, "old");
  chmodSync(path, 0o640);
  const file = openAside(path);
  file.write("new ");
  assert.is(readFileSync(path, "utf8"), "old");
  file.write("text");
  file.commit();
  assert.is(readFileSync(path, "utf8"), "new text");
  assert.is(statSync(path).mode & 0o777, 0o640);
  assert.equal(readdirSync(folder), ["out.json"]);
});

test("what is given up leaves nothing behind", () => {
  const folder = scratchFolder("aside");
  const path = join(folder, "out.json");
  const file = openAside(path);
  file.write("half");
  file.discard();
  assert.equal(readdirSync(folder), []);
  writeFileSync(path, "old");
  const again = openAside(path);
  again.write("half");
  again.discard();
  assert.is(readFileSync(path, "utf8"), "old");
});

test("a link stays a link, and a device is written to", () => {
  const folder = scratchFolder("aside");
  writeFileSync(join(folder, "real"), "old");
  symlinkSync("real", join(folder, "link"));
  const file = openAside(join(folder, "link"));
  file.write("new");
  file.commit();
  assert.ok(lstatSync(join(folder, "link")).isSymbolicLink());
  assert.is(readFileSync(join(folder, "real"), "utf8"), "new");
  const device = openAside("/dev/null");
  device.write("x");
  device.commit();
  assert.throws(() => openAside(join(folder, "no/such/file")));
});

test("a writer that is not closed leaves the old file", async () => {
  const folder = scratchFolder("aside");
  const path = join(folder, "out.txt");
  writeFileSync(path, "old");
  const opened = openWriter(path);
  if (!opened.ok) throw new Error("not opened");
  opened.writer.write("x".repeat(200_000));
  assert.is(readFileSync(path, "utf8"), "old");
  assert.is(await opened.writer.close(), null);
  assert.is(readFileSync(path, "utf8").length, 200_000);
});

test.run();
