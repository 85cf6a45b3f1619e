#!/usr/bin/env node
// Every test, in as many processes as there are cores (at most 4); ends with one line `N passed, N failed`.
// `npm test -- PATTERN` runs only the files whose path below test/ matches.
import { fork } from "node:child_process";
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileTests } from "./compile-tests.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pattern = new RegExp(process.argv[2] ?? "", "i");

const compiled = await compileTests();
const queue = [...compiled.keys()]
  .filter((name) => pattern.test(name.slice("test/".length)))
  // Large files tend to take long: dealt out first, so that the processes end together.
  .sort((a, b) => statSync(join(root, b)).size - statSync(join(root, a)).size);

if (queue.length === 0) {
  process.stderr.write(`no test file matches ${pattern}\n`);
  process.exit(2);
}

const totals = { passed: 0, failed: 0, skipped: 0 };
const broken = [];

/** A process that runs one file after the other, as bin/test-worker.js says. */
function startWorker() {
  const child = fork(join(root, "bin", "test-worker.js"), {
    cwd: root,
    execArgv: ["--enable-source-maps"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" },
  });
  /** What does not go through the worker's own capture: what V8 says when the process dies. */
  let loose = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece) => {
      loose += piece;
    });
  let answer;
  child.on("message", (message) => answer?.(message));
  child.on("close", (code, signal) => {
    child.gone = true;
    answer?.({ status: code || 1, text: `${loose}\nthe process ended (${signal ?? `exit ${code}`})\n` });
  });
  const next = () =>
    new Promise((done) => {
      answer = (message) => {
        answer = undefined;
        done(message);
      };
    });
  return {
    ready: next(),
    isGone: () => child.gone === true,
    run(name) {
      loose = "";
      const result = next();
      child.send(compiled.get(name));
      return result;
    },
    end: () => child.kill(),
  };
}

/** Counts what a file says, and shows it where something is wrong. */
function judge(name, { status, text }) {
  const count = (word) =>
    [...text.matchAll(new RegExp(`^ *${word}: +(\\d+)`, "gm"))].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
  const [total, passed, skipped] = ["Total", "Passed", "Skipped"].map(count);
  const failed = total - passed - skipped;
  totals.passed += passed;
  totals.skipped += skipped;
  totals.failed += failed;
  if (status !== 0 && failed === 0) totals.failed += 1;
  // A file that says why it has nothing to run here is skipped, and never counts as passed.
  const skippedFile = total === 0 && status === 0 && /skipped/i.test(text);
  if (skippedFile) totals.skipped += 1;
  if ((status !== 0 || total === 0) && !skippedFile) {
    if (total === 0 && status === 0) totals.failed += 1;
    broken.push(name);
    process.stdout.write(
      `\n${name}: ${total === 0 ? "no test ran" : `${failed} failed`} (exit ${status})\n${text}\n`,
    );
    return;
  }
  const notes = text.split("\n").filter((line) => /skipped/i.test(line) && !/^ *Skipped: +\d+/.test(line));
  process.stdout.write(
    `${name}: ${passed} passed${skipped > 0 || skippedFile ? `, ${skipped + (skippedFile ? 1 : 0)} skipped` : ""}\n${notes.map((line) => `  ${line}\n`).join("")}`,
  );
}

async function work() {
  let worker;
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (worker === undefined || worker.isGone()) {
      worker = startWorker();
      await worker.ready;
    }
    judge(name, await worker.run(name));
  }
  worker?.end();
}

await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
if (broken.length > 0) process.stdout.write(`\nfailed:\n${broken.map((name) => `  ${name}\n`).join("")}`);
process.stdout.write(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ""}\n`,
);
process.exit(totals.failed === 0 ? 0 : 1);
