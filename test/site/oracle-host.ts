/** In place of Node's modules in oracle-worker.ts: recorded answers and rule sets, as the test hands them over. */
import { PageBuffer } from "../../site/playground/edge/buffer.js";

/** Bytes as latin1, by the paths that the conformance tests read. */
const files = new Map<string, string>();

export function giveFiles(given: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(given)) files.set(path, content);
}

const isFolder = (path: string): boolean => [...files.keys()].some((name) => name.startsWith(`${path}/`));

export const existsSync = (path: string): boolean => files.has(path) || isFolder(path);

export function readFileSync(path: string, encoding?: "utf8" | "latin1"): string | Uint8Array {
  const content = files.get(path);
  if (content === undefined)
    throw Object.assign(new Error(`${path} was not handed over`), { code: "ENOENT" });
  const bytes = PageBuffer.from(content, "latin1");
  return encoding === undefined ? bytes : bytes.toString(encoding);
}

export function readdirSync(path: string, options?: { readonly recursive?: boolean }): readonly string[] {
  const below = [...files.keys()].flatMap((name) =>
    name.startsWith(`${path}/`) ? [name.slice(path.length + 1)] : [],
  );
  return options?.recursive === true ? below : [...new Set(below.map((name) => name.replace(/\/.*$/, "")))];
}

export function statSync(path: string): { isFile(): boolean; isDirectory(): boolean } {
  if (!existsSync(path)) throw Object.assign(new Error(`${path} was not handed over`), { code: "ENOENT" });
  return { isFile: () => files.has(path), isDirectory: () => !files.has(path) };
}

export const basename = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
export const dirname = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";

export function join(...parts: readonly string[]): string {
  const names: string[] = [];
  for (const name of parts.join("/").split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}

export const fileURLToPath = (url: string): string => new URL(url).pathname;
