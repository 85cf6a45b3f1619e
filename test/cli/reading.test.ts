/** Progress on a terminal, and Ctrl-C. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { progressText, TerminalReading } from "../../src/cli/reading.js";
import { scratchFolder } from "../scratch-folder.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("what is read, of how much, at which rate, and what is left", () => {
  assert.is(progressText(120e6, 812e6, 1.5), "reading: 120 MB of 812 MB (14 %), 80 MB/s, 9 s left");
  assert.is(progressText(2e9, 812e9, 10), "reading: 2000 MB of 812.0 GB (0 %), 200 MB/s, 68 min left");
  assert.is(progressText(1e6, null, 2), "reading: 1.0 MB, 0.5 MB/s");
  assert.is(progressText(9e6, 1e6, 3), "reading: 9.0 MB, 3.0 MB/s");
});

/** A terminal, or none, that keeps what is written to it. */
function screen(isTTY: boolean) {
  const written: string[] = [];
  const stream = new Writable({
    write: (piece, _, done) => {
      written.push(String(piece));
      done();
    },
  });
  return Object.assign(stream, { isTTY, written });
}

/** Waits until the text stands there, at most ten seconds. */
async function shows({ written }: { readonly written: readonly string[] }, text: string): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    if (written.join("").includes(text)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

test("nothing within the first second, nothing where there is no terminal, and the line is taken away", async () => {
  for (const isTTY of [true, false]) {
    let now = 0;
    const terminal = screen(isTTY);
    const reading = new TerminalReading(terminal, () => now);
    reading.expect(1000e6);
    for (now = 0; now <= 900; now += 100) await reading.read(10e6);
    assert.equal(terminal.written, []);
    for (; now <= 1500; now += 100) await reading.read(10e6);
    if (isTTY) assert.ok(await shows(terminal, "reading: 160 MB of 1000 MB (16 %), 100 MB/s, 9 s left"));
    reading.end();
    // The line is empty, and the cursor at its start.
    if (isTTY) assert.match(terminal.written.join(""), /\x1b\[1G\x1b\[2K$/);
    else assert.equal(terminal.written, []);
  }
});

test("Ctrl-C ends a replay with what was found so far, and says that it is a part", async () => {
  const folder = scratchFolder("ctrl-c");
  // A log that does not end: standard input that stays open.
  const conn = readFileSync(join(root, "examples/zeek-ossec-pf/cases/port-scan/conn.log"), "latin1").replace(
    /#close[^\n]*\n/,
    "",
  );
  const out = join(folder, "out.txt");
  writeFileSync(out, "old\n");
  const child = spawn(
    process.execPath,
    [
      join(root, "bin/run.js"),
      "replay",
      join(root, "examples/zeek-ossec-pf/perimeter.zopf.ts"),
      "--zeek",
      "-",
      "--output",
      out,
    ],
    { cwd: folder, stdio: ["pipe", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.on("data", (piece) => {
    said += piece;
  });
  child.stdin.on("error", () => undefined);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  // More than a pipe holds: when it is written, zopf has read from it.
  await new Promise<void>((resolve) => child.stdin.write(conn.repeat(100), () => resolve()));
  assert.is(readFileSync(out, "utf8"), "old\n");
  child.kill("SIGINT");
  // It waits for the next piece.
  const feed = setInterval(() => child.stdin.write(conn), 100);
  const status = await ended;
  clearInterval(feed);
  assert.is(status, 130, said);
  assert.match(said, /replay\/partial/);
  assert.match(readFileSync(out, "utf8"), /notice.*\n1 notice, /s);
});

test("a step of long work is shown on a terminal from the second second on", async () => {
  for (const isTTY of [true, false]) {
    let now = 0;
    const terminal = screen(isTTY);
    const progress = new TerminalReading(terminal, () => now);
    await progress.step("checking: types");
    assert.equal(terminal.written, []);
    now = 1200;
    await progress.step("checking: lint");
    assert.is(terminal.written.join("").includes("checking: lint … 1 s"), isTTY);
    now = 1400;
    await progress.step("proof: rule", 3, 12);
    if (isTTY) assert.ok(await shows(terminal, "[#####---------------] proof: rule 3 of 12"));
    progress.end();
    if (!isTTY) assert.equal(terminal.written, []);
  }
});

test("Ctrl-C ends logtest of a file with what came out so far; the old output stays until then", async () => {
  const folder = scratchFolder("ctrl-c-logtest");
  const rules = join(folder, "rules.xml");
  writeFileSync(
    rules,
    '<group name="x,"><rule id="100001" level="3"><regex>a+b+c+d</regex><description>d</description></rule></group>\n',
  );
  const log = join(folder, "lines.log");
  writeFileSync(
    log,
    "Jun 11 03:00:00 host sshd[1]: Failed password for root from 192.0.2.1 port 1 ssh2\n".repeat(400_000),
  );
  const out = join(folder, "out.txt");
  writeFileSync(out, "old\n");
  const child = spawn(
    process.execPath,
    [join(root, "bin/run.js"), "logtest", log, "--rules", rules, "--output", out],
    { cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.on("data", (piece) => {
    said += piece;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const isWriting = (): boolean =>
    readdirSync(folder).some((name) => name.endsWith(".tmp") && statSync(join(folder, name)).size > 0);
  while (child.exitCode === null && !isWriting()) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.is(readFileSync(out, "utf8"), "old\n");
  child.kill("SIGINT");
  assert.is(await ended, 130, said);
  assert.match(said, /LOGTEST-PARTIAL/);
  assert.match(readFileSync(out, "latin1").slice(0, 1000), /Phase 1/);
});

test.run();
