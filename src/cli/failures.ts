/** What ends zopf otherwise than a command does: its own faults, and output that cannot be written. */
import { isSystemError, reasonOf } from "../files/system-error.js";

const internalError = 70;

/** Errors of standard output that were reported. */
const reportedErrors = new WeakSet<object>();

/** A fault of zopf: one line and how to report it; the stack only for those who ask. */
export function reportFault(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`zopf failed: ${message.split("\n")[0]}\n`);
  process.stderr.write("This is a bug in zopf. Run again with DEBUG=zopf* and report what it prints.\n");
  if (/(^|[\s,])zopf/.test(process.env.DEBUG ?? "") && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exitCode = internalError;
}

/** Ends zopf for an error that nobody caught. */
export function endFor(error: unknown): void {
  // oclif throws what standard output says once more.
  if (typeof error === "object" && error !== null && reportedErrors.has(error)) return;
  reportFault(error);
  process.exit(internalError);
}

/**
 * Watches the standard streams of a command.
 *
 * @param streaming - the command goes on as long as its input does: it ends when nobody takes its output
 */
export function watchOutput(streaming: boolean): void {
  let lost = false;
  process.stdout.on("error", (error) => {
    reportedErrors.add(error);
    if (isSystemError(error, "EPIPE")) {
      // The reader went away (`zopf lint | head`). What ends by itself goes on: its status is still asked for, and
      // what it writes elsewhere is not left half done.
      if (streaming) process.exit(process.exitCode ?? 0);
      return;
    }
    if (lost) return;
    lost = true;
    process.stderr.write(`zopf: standard output cannot be written: ${reasonOf(error)}\n`);
    if (streaming) process.exit(2);
  });
  // Nobody reads the messages: the status says it.
  process.stderr.on("error", () => {});
  process.on("exit", () => {
    if (lost && Number(process.exitCode ?? 0) < 2) process.exitCode = 2;
  });
}
