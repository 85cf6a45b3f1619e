#!/usr/bin/env node
import { createRequire } from "node:module";

const internalError = 70;

/** What goes on as long as its input does: nobody is left to write to. */
const streaming = ["logtest", "replay", "explain"].includes(process.argv[2] ?? "");
let outputLost = false;
const toldErrors = new WeakSet();

function loseOutput(error) {
  toldErrors.add(error);
  if (error.code === "EPIPE") {
    // The reader went away (`zopf lint | head`). What ends by itself goes on: its status is still asked for, and
    // what it writes elsewhere is not left half done.
    if (streaming) process.exit(process.exitCode ?? 0);
    return;
  }
  if (outputLost) return;
  outputLost = true;
  const reason = error.code === "ENOSPC" ? "the disk is full" : error.message;
  process.stderr.write(`zopf: standard output cannot be written: ${reason}\n`);
  if (streaming) process.exit(2);
}

process.on("exit", () => {
  if (outputLost && Number(process.exitCode ?? 0) < 2) process.exitCode = 2;
});

/** A bug in zopf: one line and how to report it; the stack only for those who ask. */
function fail(error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`zopf failed: ${message.split("\n")[0]}\n`);
  process.stderr.write("This is a bug in zopf. Run again with DEBUG=zopf* and report what it prints.\n");
  if (/(^|[\s,])zopf/.test(process.env.DEBUG ?? "") && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exitCode = internalError;
}

process.on("uncaughtException", (error) => {
  // oclif throws what standard output says once more.
  if (toldErrors.has(error)) return;
  fail(error);
  process.exit(internalError);
});

/**
 * `logtest` on plain words runs without the machinery for command lines; false: that has to look at them. Its files
 * are required: to import them, and what they import, takes longer than they themselves.
 */
async function quick([command, ...words]) {
  if (command !== "logtest") return false;
  const { bundle, quickLogtest } = bundled() ?? (await import("../dist/cli/quick-logtest.js"));
  const run = await quickLogtest(words, bundle);
  if (run === null) return false;
  process.exitCode = run.status;
  // All is written: to end by and by would wait for V8, which still compiles what nobody runs any more.
  if (!run.told) process.exit();
  return true;
}

/** null: the build had no bundler. */
function bundled() {
  const require = createRequire(import.meta.url);
  let files;
  try {
    files = ["logtest/start/start-bundle", "cli/quick-logtest"].map((name) =>
      require.resolve(`../dist/${name}.cjs`),
    );
  } catch {
    return null;
  }
  const bundle = require(files[0]).startBundle(files[1]);
  return bundle === null ? null : { bundle, quickLogtest: bundle.exports.quickLogtest };
}

async function full(words) {
  process.stdout.on("error", loseOutput);
  // Nobody reads the messages: the status tells.
  process.stderr.on("error", () => {});
  const { Errors, run } = await import("@oclif/core");
  try {
    await run(words, import.meta.url);
  } catch (error) {
    if (error instanceof Errors.ExitError) process.exitCode = error.oclif.exit ?? 0;
    else if (error instanceof Errors.CLIError) {
      process.stderr.write(`zopf: ${error.message}\n(zopf --help lists the commands)\n`);
      process.exitCode = 2;
    } else fail(error);
  }
}

const words = process.argv.slice(2);
try {
  if (!(await quick(words))) await full(words);
} catch (error) {
  fail(error);
}
