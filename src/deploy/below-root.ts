import { join } from "node:path";
import type { FileOps } from "./file-ops.js";

export type BelowRoot =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Where an absolute path of the host lies below a root, links followed; never outside of it. `root` is a
 * real path. What does not exist yet is all right.
 */
export function belowRoot(ops: FileOps, root: string, target: string): BelowRoot {
  const parts = target.split("/").filter((part) => part !== "" && part !== ".");
  if (!target.startsWith("/") || target.includes("\0") || parts.includes(".."))
    return { ok: false, reason: `${JSON.stringify(target)} is no absolute path` };
  let at = root;
  for (const [index, part] of parts.entries()) {
    const next = join(at, part);
    const state = ops.state(next);
    if (state === null) return { ok: true, path: join(at, ...parts.slice(index)) };
    if (state.kind === "link") {
      const real = realOrNull(ops, next);
      if (real === null) return { ok: false, reason: `${next} is a link to nothing` };
      if (!inside(root, real)) return { ok: false, reason: `${next} is a link that leads out of ${root}` };
      at = real;
    } else at = next;
    const last = index === parts.length - 1;
    if (!last && ops.state(at)?.kind !== "folder") return { ok: false, reason: `${next} is no folder` };
  }
  return { ok: true, path: at };
}

export function inside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith("/") ? root : `${root}/`);
}

function realOrNull(ops: FileOps, path: string): string | null {
  try {
    return ops.real(path);
  } catch {
    return null;
  }
}
