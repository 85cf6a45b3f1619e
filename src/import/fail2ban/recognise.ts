import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";

export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** Is it fail2ban's: a folder with jails or filters, or a file of one? */
export function isFail2ban(path: string): boolean {
  if (isFolder(path))
    return (
      basename(path) === "filter.d" ||
      ["jail.conf", "jail.local", "jail.d", "filter.d"].some((name) => existsSync(join(path, name)))
    );
  return /(?:^|\/)(?:filter\.d\/[^/]+|jail\.d\/[^/]+|jail)\.(?:conf|local)$/.test(path);
}
