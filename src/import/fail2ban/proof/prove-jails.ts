/**
 * The proof of an import from fail2ban: lines made of the expressions, and those of logs, go through the filters as fail2ban
 * runs them and through what was emitted. The same lines have to be failures of the same addresses, and the same addresses
 * be blocked at the same line, for as long.
 */
import type { Proof } from "../../proof/prove.js";
import type { ProveOptions } from "../../proof/prove-import.js";
import type { Emitted } from "../../proof/surroundings.js";
import { alone, BundleSide, inHome } from "./bundle-side.js";
import { type ImportedJail, ReadableJail } from "./jail-side.js";
import { LogLines } from "./log-lines.js";
import { MadeLines } from "./made-lines.js";
import { Verdict } from "./verdict.js";

/** Compares what is emitted with what the jails say. The bundle may have been changed since. */
export async function proveJails(
  imported: readonly ImportedJail[],
  emitted: Emitted,
  { home, logs, timeZone, show, watch }: ProveOptions,
): Promise<Proof> {
  const verdict = new Verdict();
  const around = home === null ? alone(emitted) : inHome(emitted, home, show, verdict);
  const jails = imported.flatMap((one) => ReadableJail.of(one) ?? []);
  const made = new MadeLines(jails, new BundleSide(around, "logtest", "UTC0"), verdict);
  for (const [at, jail] of jails.entries()) {
    await watch?.step("proving", at, jails.length);
    if (watch?.stopped() === true) break;
    made.prove(jail);
  }
  for (const file of logs) {
    await watch?.step(`reading ${show(file)}`);
    if (watch?.stopped() === true) break;
    const log = new LogLines(jails, file, new BundleSide(around, "daemon", timeZone), verdict, show(file));
    await log.prove(timeZone);
  }
  return verdict.proof(jails.flatMap(({ expressions }) => expressions));
}
