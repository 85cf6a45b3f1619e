import {
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { isSystemError } from "../files/system-error.js";

export interface FileState {
  readonly kind: "file" | "folder" | "link" | "other";
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Every touch of the file system by a deploy, so that tests can let any one of them fail. All throw the
 * system's errors (with a `code`), except where a missing file is reported as null.
 */
export interface FileOps {
  state(path: string): FileState | null;
  real(path: string): string;
  list(path: string): readonly string[];
  read(path: string): Uint8Array | null;
  makeFolder(path: string, mode: number): void;
  /** Makes a new file, which must not exist, and has it on the disk before it returns. */
  write(path: string, bytes: Uint8Array, mode: number): void;
  owner(path: string, uid: number, gid: number): void;
  rename(from: string, to: string): void;
  /** A second name of the same file, or a copy where there are no such names. */
  keep(from: string, to: string): void;
  remove(path: string): void;
  removeFolder(path: string): void;
}

export const nodeFileOps: FileOps = {
  state(path) {
    try {
      const { mode, uid, gid, ...stat } = statOf(path);
      return { kind: stat.kind, mode: mode & 0o7777, uid, gid };
    } catch (error) {
      if (isSystemError(error, "ENOENT", "ENOTDIR")) return null;
      throw error;
    }
  },
  real: (path) => realpathSync(path),
  list: (path) => readdirSync(path),
  read(path) {
    try {
      return readFileSync(path);
    } catch (error) {
      if (isSystemError(error, "ENOENT", "ENOTDIR")) return null;
      throw error;
    }
  },
  makeFolder: (path, mode) => {
    mkdirSync(path, { mode });
  },
  write(path, bytes, mode) {
    const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fchmodSync(file, mode);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  },
  owner: chownSync,
  rename(from, to) {
    renameSync(from, to);
    syncFolder(to.slice(0, to.lastIndexOf("/")) || "/");
  },
  keep(from, to) {
    try {
      linkSync(from, to);
    } catch (error) {
      if (!isSystemError(error, "EPERM", "EXDEV", "EMLINK", "ENOTSUP", "ENOSYS", "EOPNOTSUPP")) throw error;
      copy(from, to);
    }
  },
  remove: unlinkSync,
  removeFolder: rmdirSync,
};

function statOf(path: string): FileState {
  const stat = lstatSync(path);
  const kind = stat.isFile()
    ? "file"
    : stat.isDirectory()
      ? "folder"
      : stat.isSymbolicLink()
        ? "link"
        : "other";
  return { kind, mode: stat.mode, uid: stat.uid, gid: stat.gid };
}

function copy(from: string, to: string): void {
  const stat = lstatSync(from);
  copyFileSync(from, to, constants.COPYFILE_EXCL);
  const file = openSync(to, "r+");
  try {
    fchmodSync(file, stat.mode & 0o7777);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (process.getuid?.() === 0) chownSync(to, stat.uid, stat.gid);
  utimesSync(to, stat.atime, stat.mtime);
}

/** A rename is on the disk once its folder is; file systems that cannot sync a folder need not. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if (!isSystemError(error, "EINVAL", "EACCES", "EPERM", "EISDIR", "ENOTSUP")) throw error;
  }
}
