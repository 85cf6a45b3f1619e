#!/usr/bin/env node
import { createRequire } from "node:module";

const words = process.argv.slice(2);
const failures = () =>
  import("../dist/cli/failures.js").catch(() => {
    process.stderr.write("zopf is not built: run npm ci in its folder\n");
    process.exit(70);
  });

process.on("uncaughtException", async (error) => (await failures()).endFor(error));

/** `logtest` on plain words, without what other command lines need (src/logtest/start). False: that has to run it. */
async function quick([command, ...rest]) {
  if (command !== "logtest") return false;
  const require = createRequire(import.meta.url);
  let files;
  try {
    files = ["logtest/start/quick-start", "cli/quick-logtest"].map((name) =>
      require.resolve(`../dist/${name}.cjs`),
    );
  } catch {
    return false; // the build had no bundler
  }
  // To import them would take longer than they themselves.
  return require(files[0]).quickStart(files[1], rest);
}

try {
  if (!(await quick(words))) {
    const { runCommandLine } = await import("../dist/cli/run.js");
    await runCommandLine(words, import.meta.url);
  }
} catch (error) {
  (await failures()).reportFault(error);
}
