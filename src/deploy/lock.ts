import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { isSystemError } from "../files/system-error.js";
import type { FileOps } from "./file-ops.js";

export type Lock =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: string };

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the kernel's own count; null where it is not known. */
  readonly started: string | null;
}

/**
 * Takes the lock of an OSSEC home's deploys. One whose process is gone (killed, or its number is another
 * program's by now) is stale and is taken over. Whole or not at all: the file appears under its name only
 * with its content.
 */
export function takeLock(ops: FileOps, path: string): Lock {
  const me: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  const mine = `${path}.${process.pid}`;
  if (ops.state(mine) !== null) ops.remove(mine);
  ops.write(mine, Buffer.from(`${JSON.stringify(me)}\n`), 0o600);
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        ops.keep(mine, path);
        sweep(ops, path);
        return { ok: true, path };
      } catch (error) {
        if (!isSystemError(error, "EEXIST")) throw error;
      }
      const bytes = ops.read(path);
      if (bytes === null) continue;
      const holder = holderOf(bytes);
      if (holder !== null && holder.host !== me.host)
        return {
          ok: false,
          reason: `process ${holder.pid} on ${holder.host} holds ${path}; if it is gone, remove that file`,
        };
      if (holder !== null && alive(holder))
        return { ok: false, reason: `process ${holder.pid} holds ${path}` };
      takeAway(ops, path, bytes);
    }
    return { ok: false, reason: `${path} is taken again and again` };
  } finally {
    if (ops.state(mine) !== null) ops.remove(mine);
  }
}

/** Removes a stale lock, and no other: whoever was faster has put a new one there. */
function takeAway(ops: FileOps, path: string, stale: Uint8Array): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    ops.rename(path, aside);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    throw error;
  }
  const taken = ops.read(aside);
  if (taken !== null && !Buffer.from(taken).equals(stale)) ops.keep(aside, path);
  ops.remove(aside);
}

/** Removes what killed processes left while they tried to take the lock. */
function sweep(ops: FileOps, path: string): void {
  const folder = path.slice(0, path.lastIndexOf("/"));
  for (const name of ops.list(folder)) {
    const pid = /^deploy\.lock\.(?:stale-)?(\d{1,10})$/.exec(name)?.[1];
    if (pid !== undefined && !alive({ pid: Number(pid), host: "", started: null }))
      ops.remove(`${folder}/${name}`);
  }
}

function holderOf(bytes: Uint8Array): Holder | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (typeof value !== "object" || value === null || !("pid" in value) || !("host" in value)) return null;
    const { pid, host } = value;
    if (typeof pid !== "number" || typeof host !== "string") return null;
    const started = "started" in value && typeof value.started === "string" ? value.started : null;
    return { pid, host, started };
  } catch {
    return null; // half a file cannot be: another program's, or damaged
  }
}

function alive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isSystemError(error, "ESRCH")) return false;
  }
  const now = startOf(pid);
  return started === null || now === null || now === started;
}

/** Field 22 of /proc/PID/stat, behind the command's name, which may hold anything. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
