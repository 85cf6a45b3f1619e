#!/usr/bin/env node
import { Errors, flush, run } from "@oclif/core";

const internalError = 70;

process.stdout.on("error", (error) => {
  // The reader went away (`zopf lint | head`): nobody is left to write to.
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  throw error;
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
  fail(error);
  process.exit(internalError);
});

try {
  await run(process.argv.slice(2), import.meta.url);
  await flush();
} catch (error) {
  if (error instanceof Errors.ExitError) process.exitCode = error.oclif.exit ?? 0;
  else if (error instanceof Errors.CLIError) {
    process.stderr.write(`zopf: ${error.message}\n(zopf --help lists the commands)\n`);
    process.exitCode = 2;
  } else fail(error);
}
