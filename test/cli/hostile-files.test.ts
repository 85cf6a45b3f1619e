/** Paths that are no files: told in plain words at the path, never a crash, never without end. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readWhole } from "../../src/files/read-whole.js";
import { reasonOf } from "../../src/files/system-error.js";
import { scratchFolder } from "../scratch-folder.js";

const hostile = suite("hostile files");
const run = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
const rule = `<group name="a,"><rule id="100100" level="5"><match>x</match><description>d</description></rule></group>`;

const folder = scratchFolder("files");
mkdirSync(path.join(folder, "folder"));
writeFileSync(path.join(folder, "r.xml"), rule);
symlinkSync("loop", path.join(folder, "loop"));

const paths: readonly (readonly [string, RegExp])[] = [
  ["folder", /folder/],
  ["loop", /chain of symbolic links/],
  ["r.xml/x", /no folder|no such file/],
  ...(existsSync("/dev/zero") ? [["/dev/zero", /MiB, or has no end/] as const] : []),
];

const commands: readonly ((file: string) => readonly string[])[] = [
  (file) => ["lint", file],
  (file) => ["lint", "r.xml", "--order", file],
  (file) => ["lint", "r.xml", "--config", file],
  (file) => ["logtest", "--rules", file],
  (file) => ["explain", "100100", "--rules", file],
];
const readers: readonly ((file: string) => readonly string[])[] = [
  (file) => ["lint", "r.xml", "--logs", file],
  (file) => ["logtest", "--rules", "r.xml", file],
  (file) => ["explain", "100100", "--rules", "r.xml", "--logs", file],
];

for (const [file, words] of paths)
  hostile(`${file} is told wherever a file is asked for`, () => {
    // What is read line by line may well have no end.
    for (const command of [...commands, ...(file === "/dev/zero" ? [] : readers)]) {
      const given = command(file);
      const { status, stderr } = spawnSync(process.execPath, [run, ...given], {
        cwd: folder,
        encoding: "utf8",
        input: "",
        timeout: 120_000,
      });
      assert.is(status, 2, `${given.join(" ")}: ${stderr}`);
      assert.ok(stderr.includes(`${file}:1:1 error `), stderr);
      assert.match(stderr, words);
      assert.not.match(stderr, /\bE[A-Z]+: |zopf failed|\bat .*\.js/);
    }
  });

hostile("a whole file is read from files, from /proc and up to the limit", () => {
  const file = path.join(folder, "r.xml");
  assert.is(readWhole(file).toString(), rule);
  if (existsSync("/proc/self/cmdline")) assert.ok(readWhole("/proc/self/cmdline").length > 0);
  let reason = "";
  try {
    readWhole(file, 10);
  } catch (error) {
    reason = reasonOf(error);
  }
  assert.match(reason, "is larger than");
});

hostile("a reason is never the system's own text", () => {
  const made = (message: string, code: string): Error => Object.assign(new Error(message), { code });
  assert.is(
    reasonOf(made("ENOENT: no such file or directory, open 'x'", "ENOENT")),
    "there is no such file or folder",
  );
  assert.is(reasonOf(made("EUNKNOWN: odd thing, read", "EUNKNOWN")), "odd thing");
  assert.is(reasonOf(new Error("plain")), "plain");
});

hostile.run();
