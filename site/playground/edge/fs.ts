/** In place of Node's file system: the page's own files, and no folder. */
import { givenFile } from "./files.js";

interface PageStats {
  readonly size: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

export function statSync(name: string): PageStats {
  const file = givenFile(name);
  if (file === null) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  return {
    size: file.size,
    mtimeMs: file instanceof File ? file.lastModified : Date.now(),
    isFile: () => true,
    isDirectory: () => false,
  };
}

export const readdirSync = (): readonly string[] => [];

export const realpathSync = (name: string): string => name;
