import { closeSync, fstatSync, openSync, readFileSync, realpathSync, statSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { isSystemError, reasonOf } from "../files/system-error.js";
import type { OssecSource } from "../ossec/load/index.js";
import { belowRoot } from "./below-root.js";
import { codes } from "./codes.js";
import { nodeFileOps } from "./file-ops.js";

export interface HostFile {
  readonly kind: "file";
  /** Where it lies, links followed. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export type HostRead =
  | HostFile
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "trouble"; readonly diagnostic: Diagnostic };

/** What lies on a host, by its absolute paths: below a folder, or only thought of. */
export interface HostTree {
  read(target: string): HostRead;
  /** Names in a folder; null where there is none. */
  list(target: string): readonly string[] | null;
  /** The path of a target as diagnostics name it. */
  show(target: string): string;
  /** Whether modes and owners mean anything in it. */
  readonly real: boolean;
}

export type OpenedRoot =
  | { readonly ok: true; readonly root: string }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

export function openRoot(folder: string, show: (path: string) => string): OpenedRoot {
  const refuse = (message: string): OpenedRoot => ({
    ok: false,
    diagnostic: codes.root(
      { file: show(folder), line: 1, column: 1 },
      message,
      "name the folder that stands for / of the host",
    ),
  });
  try {
    const root = realpathSync(folder);
    return statSync(root).isDirectory() ? { ok: true, root } : refuse("is no folder");
  } catch (error) {
    return refuse(isSystemError(error, "ENOENT") ? "does not exist" : reasonOf(error));
  }
}

/** The files below a root; every path once read stays as it was read. */
export function folderTree(root: string, show: (path: string) => string): HostTree {
  const known = new Map<string, HostRead>();
  return {
    real: true,
    show: (target) => show(root === "/" ? target : `${root}${target}`),
    read(target) {
      const before = known.get(target);
      if (before !== undefined) return before;
      const result = readBelow(root, target, show);
      known.set(target, result);
      return result;
    },
    list(target) {
      const found = belowRoot(nodeFileOps, root, target);
      if (!found.ok) return null;
      try {
        return nodeFileOps.list(found.path);
      } catch {
        return null;
      }
    },
  };
}

function readBelow(root: string, target: string, show: (path: string) => string): HostRead {
  const at = { file: show(root === "/" ? target : `${root}${target}`), line: 1, column: 1 };
  const trouble = (diagnostic: Diagnostic): HostRead => ({ kind: "trouble", diagnostic });
  try {
    const found = belowRoot(nodeFileOps, root, target);
    if (!found.ok) return trouble(codes.outside(at, found.reason));
    const state = nodeFileOps.state(found.path);
    if (state === null) return { kind: "missing", path: found.path };
    if (state.kind !== "file")
      return trouble(codes.unreadable(at, state.kind === "folder" ? "is a folder" : "is no plain file"));
    // A file that is being written is read again until it holds still.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const bytes = readStill(found.path);
      if (bytes !== null) {
        const { mode, uid, gid } = state;
        return { kind: "file", path: found.path, bytes, mode, uid, gid };
      }
    }
    return trouble(codes.changing(at, "changes while it is read", "run again when it is quiet"));
  } catch (error) {
    return trouble(codes.unreadable(at, `cannot be read: ${reasonOf(error)}`));
  }
}

/** The bytes, or null when the file changed meanwhile. */
function readStill(path: string): Uint8Array | null {
  const file = openSync(path, "r");
  try {
    const before = fstatSync(file, { bigint: true });
    const bytes = readFileSync(file);
    const after = fstatSync(file, { bigint: true });
    const still =
      before.mtimeNs === after.mtimeNs && before.size === after.size && BigInt(bytes.length) === after.size;
    return still ? bytes : null;
  } finally {
    closeSync(file);
  }
}

/** A tree's home as the loader reads it. */
export function ossecSource(tree: HostTree, home: string): OssecSource {
  const at = (path: string): string => `${home}/${path}`;
  return {
    read(path) {
      const found = tree.read(at(path));
      if (found.kind === "file") return found.bytes;
      return found.kind === "missing" ? null : { error: found.diagnostic.message };
    },
    list: (path) => tree.list(at(path)),
    display: (path) => tree.show(at(path)),
  };
}
