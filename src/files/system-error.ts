/** What the operating system says, in plain words: `ENOENT: no such file …, open 'x'` tells a user nothing more. */

const words: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of its path is no folder",
  EISDIR: "it is a folder, not a file",
  EACCES: "permission denied",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "it would be too large for the file system",
  EEXIST: "it exists already",
  ELOOP: "it is a chain of symbolic links without end",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open on this host",
  EBUSY: "it is in use",
  ETXTBSY: "it is a program that runs",
  ENXIO: "there is no such device",
  ENODEV: "there is no such device",
  EIO: "the disk or device reports an error",
  EAGAIN: "it cannot be read without waiting",
  EPIPE: "its reader went away",
  EXDEV: "it lies on another file system",
  ENOTEMPTY: "the folder is not empty",
  ESPIPE: "it cannot be read from a place in it",
  ERR_INVALID_ARG_VALUE: "its name holds a NUL byte",
  ERR_FS_FILE_TOO_LARGE: "it is too large to be read at once",
};

/** The code of an error of the operating system or of Node's file functions; null: another error. */
export function systemCodeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** An error of the operating system; with codes: one of these. */
export function isSystemError(error: unknown, ...codes: readonly string[]): error is Error {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return false;
  return codes.length === 0 || codes.includes(error.code);
}

/** There is nothing at the path. */
export const isMissing = (error: unknown): boolean => isSystemError(error, "ENOENT", "ENOTDIR");

/** {@link reasonOf} with the path that it is about, where the diagnostic names another file. */
export function reasonAndPath(error: unknown): string {
  const path = error instanceof Error && "path" in error ? error.path : null;
  return typeof path === "string" ? `${path}: ${reasonOf(error)}` : reasonOf(error);
}

/** Why something could not be read or written. */
export function reasonOf(error: unknown): string {
  const code = systemCodeOf(error);
  const known = code === null ? undefined : words[code];
  if (known !== undefined) return known;
  const message = error instanceof Error ? error.message : String(error);
  // `EFAULT: bad address in system call argument, read`: the part between is readable.
  const found = /^E[A-Z0-9]+: (.+?)(?:, \w+(?: '.*')?)?$/s.exec(message);
  return found?.[1] ?? message;
}
