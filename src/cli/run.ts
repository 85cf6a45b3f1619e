import { fileURLToPath } from "node:url";
import { version } from "../files/version.js";
import { reportFault, watchOutput } from "./failures.js";
import { withSuggestion } from "./suggestions.js";

/** Commands that go on as long as their input does. */
const streaming: readonly (string | undefined)[] = ["logtest", "replay", "explain"];

/**
 * Runs a command line.
 *
 * @param from - URL of the program that was started: oclif looks from there for package.json
 */
export async function runCommandLine(words: string[], from: string): Promise<void> {
  watchOutput(streaming.includes(words[0]));
  if (words[0] === "--version") {
    // oclif would call it by the name of the package.
    process.stdout.write(`zopf/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
    return;
  }
  // Only now: oclif watches standard output too, and throws what it says.
  const { Config, Errors, run } = await import("@oclif/core");
  try {
    await run(words, from);
  } catch (error) {
    if (error instanceof Errors.ExitError) process.exitCode = error.oclif.exit ?? 0;
    else if (error instanceof Errors.CLIError) {
      const { commandIDs } = await Config.load(fileURLToPath(from));
      const message = withSuggestion(error.message, { commands: commandIDs });
      process.stderr.write(`zopf: ${message}\n(zopf --help lists the commands)\n`);
      process.exitCode = 2;
    } else reportFault(error);
  }
}
