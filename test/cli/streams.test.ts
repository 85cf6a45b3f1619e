/** Readers that go away, disks that are full: the exit status stays what docs/reference/cli.md says. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { scratchFolder } from "../scratch-folder.js";

const streams = suite("streams");
const run = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

/** 300 findings, one of them dangerous or worse: more than a pipe holds. */
const rules = `<group name="a,">\n${Array.from(
  { length: 300 },
  (_, index) =>
    `<rule id="${100100 + index}" level="5"><match>${"x".repeat(200)}!${index}</match><match>b</match></rule>\n`,
).join("")}</group>\n`;

function inFolder(work: (shell: (script: string) => ReturnType<typeof spawnSync>) => void): void {
  const folder = scratchFolder("streams");
  writeFileSync(path.join(folder, "r.xml"), rules);
  mkdirSync(path.join(folder, "folder"));
  work((script) =>
    spawnSync("bash", ["-c", `set -o pipefail; zopf() { "${process.execPath}" "${run}" "$@"; }; ${script}`], {
      cwd: folder,
      encoding: "utf8",
    }),
  );
}

/** A command, and its exit status where everything is read. */
const commands: readonly (readonly [string, number])[] = [
  ["lint --fail-on style r.xml", 1],
  ["lint gone.xml", 2],
  ["logtest --rules gone.xml </dev/null", 2],
  ["lint --help", 0],
];

for (const [command, status] of commands)
  streams(`zopf ${command}: whoever stops reading changes no status`, () => {
    inFolder((shell) => {
      const [before, ...behind] = command.split(" </");
      const input = behind.length > 0 ? ` </${behind.join("")}` : "";
      for (const to of ["| true", "2>&1 | true", ">&-"]) {
        const ran = shell(`zopf ${before}${input} ${to}`);
        assert.is(ran.status, status, `${to}: ${ran.stderr}`);
        assert.not.match(String(ran.stderr), /zopf failed|bug/);
      }
    });
  });

if (existsSync("/dev/full"))
  for (const command of [
    "lint --fail-on style r.xml",
    "logtest --rules r.xml <r.xml",
    "explain 'x' --rules r.xml",
    "--help",
  ])
    streams(`zopf ${command}: a full disk is told in words, and is status 2`, () => {
      inFolder((shell) => {
        const ran = shell(`zopf ${command} >/dev/full`);
        assert.is(ran.status, 2, String(ran.stderr));
        assert.match(String(ran.stderr), "disk is full");
        assert.not.match(String(ran.stderr), /ENOSPC|zopf failed/);
        if (command === "--help") return;
        const file = shell(`zopf ${command} --output /dev/full`);
        assert.is(file.status, 2, String(file.stderr));
        assert.match(String(file.stderr), /\/dev\/full:1:1 error .*the disk is full/);
        assert.not.match(String(file.stderr), /ENOSPC|zopf failed/);
        assert.is(shell(`zopf ${command} >/dev/full 2>/dev/full`).status, 2);
      });
    });
else console.log("skipped: no /dev/full here");

streams("a folder as standard input is no empty log", () => {
  inFolder((shell) => {
    const ran = shell("zopf logtest --rules r.xml <folder");
    assert.is(ran.status, 2);
    assert.match(String(ran.stderr), "it is a folder, not a file");
  });
});

streams.run();
