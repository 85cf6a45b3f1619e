import { reportFault, watchOutput } from "./failures.js";

/** Commands that go on as long as their input does. */
const streaming: readonly (string | undefined)[] = ["logtest", "replay", "explain"];

/**
 * Runs a command line.
 *
 * @param from - URL of the program that was started: oclif looks from there for package.json
 */
export async function runCommandLine(words: string[], from: string): Promise<void> {
  watchOutput(streaming.includes(words[0]));
  // Only now: oclif watches standard output too, and throws what it says.
  const { Errors, run } = await import("@oclif/core");
  try {
    await run(words, from);
  } catch (error) {
    if (error instanceof Errors.ExitError) process.exitCode = error.oclif.exit ?? 0;
    else if (error instanceof Errors.CLIError) {
      process.stderr.write(`zopf: ${error.message}\n(zopf --help lists the commands)\n`);
      process.exitCode = 2;
    } else reportFault(error);
  }
}
