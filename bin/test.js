#!/usr/bin/env node
// Every test, in as many processes as there are cores (at most 4); ends with one line `N passed, N failed`.
// `npm test -- PATTERN` runs only the files whose path matches.
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pattern = new RegExp(process.argv[2] ?? "", "i");

const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts") && pattern.test(name))
  .map((name) => join(root, "test", name))
  // Large files tend to take long: dealt out first, so that the processes end together.
  .sort((a, b) => statSync(b).size - statSync(a).size);

if (files.length === 0) {
  process.stderr.write(`no test file matches ${pattern}\n`);
  process.exit(2);
}

const queue = [...files];
const totals = { passed: 0, failed: 0, skipped: 0 };
const broken = [];

/** Runs one file in a process of its own: no state is shared, and a crash is that file's alone. */
function runFile(file) {
  return new Promise((done) => {
    const child = spawn(process.execPath, ["--import", "tsx", "--import", "./test/seed.ts", file], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" },
    });
    let text = "";
    child.stdout.on("data", (piece) => {
      text += piece;
    });
    child.stderr.on("data", (piece) => {
      text += piece;
    });
    child.on("close", (status) => {
      const count = (name) =>
        [...text.matchAll(new RegExp(`^ *${name}: +(\\d+)`, "gm"))].reduce(
          (sum, match) => sum + Number(match[1]),
          0,
        );
      const total = count("Total");
      const passed = count("Passed");
      const skipped = count("Skipped");
      const failed = total - passed - skipped;
      totals.passed += passed;
      totals.skipped += skipped;
      totals.failed += failed;
      if (status !== 0 && failed === 0) totals.failed += 1;
      const name = relative(root, file);
      // A file that says why it has nothing to run here is skipped, and never counts as passed.
      const skippedFile = total === 0 && status === 0 && /skipped/i.test(text);
      if (skippedFile) totals.skipped += 1;
      if ((status !== 0 || total === 0) && !skippedFile) {
        if (total === 0 && status === 0) totals.failed += 1;
        broken.push(name);
        process.stdout.write(
          `\n${name}: ${total === 0 ? "no test ran" : `${failed} failed`} (exit ${status})\n${text}\n`,
        );
      } else {
        const notes = text
          .split("\n")
          .filter((line) => /skipped/i.test(line) && !/^ *Skipped: +\d+/.test(line));
        process.stdout.write(
          `${name}: ${passed} passed${skipped > 0 || skippedFile ? `, ${skipped + (skippedFile ? 1 : 0)} skipped` : ""}\n${notes.map((line) => `  ${line}\n`).join("")}`,
        );
      }
      done();
    });
  });
}

async function worker() {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) await runFile(file);
}

await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
if (broken.length > 0) process.stdout.write(`\nfailed:\n${broken.map((name) => `  ${name}\n`).join("")}`);
process.stdout.write(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ""}\n`,
);
process.exit(totals.failed === 0 ? 0 : 1);
