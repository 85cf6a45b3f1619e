/** Progress on a terminal, and Ctrl-C. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

test("nothing within the first second, nothing where there is no terminal, and the line is taken away", async () => {
  for (const isTTY of [true, false]) {
    let now = 0;
    const terminal = screen(isTTY);
    const reading = new TerminalReading(terminal, () => now);
    reading.expect(1000e6);
    for (now = 0; now <= 1500; now += 100) await reading.read(10e6);
    assert.is(terminal.written.length > 0, isTTY);
    if (isTTY)
      assert.is(terminal.written[0], "\r\x1b[Kreading: 110 MB of 1000 MB (11 %), 110 MB/s, 9 s left");
    reading.end();
    if (isTTY) assert.is(terminal.written.at(-1), "\r\x1b[K");
  }
  const quick = screen(true);
  const reading = new TerminalReading(quick, () => 500);
  await reading.read(10e6);
  reading.end();
  assert.equal(quick.written, []);
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

test("a step of long work is shown on a terminal from the second second on", () => {
  for (const isTTY of [true, false]) {
    let now = 0;
    const terminal = screen(isTTY);
    const progress = new TerminalReading(terminal, () => now);
    progress.step("checking: types");
    assert.equal(terminal.written, []);
    now = 1200;
    progress.step("checking: lint");
    progress.end();
    assert.equal(terminal.written, isTTY ? ["\r\x1b[Kchecking: lint", "\r\x1b[K"] : []);
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
