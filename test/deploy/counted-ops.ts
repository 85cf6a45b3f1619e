/** The real file system up to a change, for tests that end a deploy there. */
import { writeFileSync } from "node:fs";
import { type FileOps, nodeFileOps } from "../../src/deploy/file-ops.js";

/** Ends everything: from the n-th change of the file system on, nothing is done any more. */
export class Killed extends Error {}

const changing = ["makeFolder", "write", "owner", "rename", "keep", "remove", "removeFolder"] as const;

/** The real file system until the n-th change; that one and all later ones fail as `failure` says. */
export function opsUntil(
  limit: number,
  failure: "kill" | "kill-half" | "full" | "kill-process",
): { readonly ops: FileOps; readonly count: () => number } {
  let count = 0;
  const stop = (): never => {
    if (failure === "full")
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    if (failure === "kill-process") process.kill(process.pid, "SIGKILL");
    throw new Killed();
  };
  const ops: FileOps = {
    ...nodeFileOps,
    ...Object.fromEntries(
      changing.map((name) => [
        name,
        (...words: never[]) => {
          count += 1;
          // A full disk still lets go of files and renames them.
          const grows = name === "write" || name === "makeFolder" || name === "keep";
          if (count > limit && (failure !== "full" || grows)) {
            if (failure === "kill-half" && name === "write" && count === limit + 1) {
              const [path, bytes] = words as unknown as [string, Uint8Array];
              writeFileSync(path, bytes.subarray(0, bytes.length / 2));
            }
            stop();
          }
          return (nodeFileOps[name] as (...all: never[]) => void)(...words);
        },
      ]),
    ),
  };
  return { ops, count: () => count };
}
