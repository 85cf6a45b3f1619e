/** Homes of the recorded answers: paths and contents as an {@link OssecSource}. */
import { latin1, type OssecSource } from "../../src/files/ossec-source.js";
import { isObject, type JsonObject } from "./ossec-oracle.js";
import { bytesOf, readWazuhOracle } from "./wazuh-oracle.js";

/** A Wazuh home in memory. */
export type WazuhHome = ReadonlyMap<string, Uint8Array>;

/** A home whose folders are those of its files. */
export function homeSource(home: WazuhHome): OssecSource {
  const folders = new Map<string, Set<string>>();
  for (const path of home.keys()) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const folder = path.slice(0, at);
      const name = path.slice(at + 1).replace(/\/.*$/, "");
      const names = folders.get(folder);
      if (names === undefined) folders.set(folder, new Set([name]));
      else names.add(name);
    }
  }
  return {
    read: (path) => home.get(path) ?? (folders.has(path) ? { error: "it is a folder" } : null),
    list(path) {
      const names = folders.get(path);
      return names === undefined ? null : [...names];
    },
  };
}

let defaultTree: JsonObject | null = null;

/** The default tree with a record's files in it; null takes one away. */
export function homeOf(files: unknown): WazuhHome {
  if (defaultTree === null) {
    const read = readWazuhOracle("default-tree.json");
    defaultTree = isObject(read) ? read : {};
  }
  const home = new Map<string, Uint8Array>();
  for (const [path, content] of Object.entries({ ...defaultTree, ...(isObject(files) ? files : {}) })) {
    if (content !== null) home.set(path, Buffer.from(bytesOf(content), "latin1"));
  }
  return home;
}

/** What lies at a path, as a latin1 string. */
export const textOf = (home: WazuhHome, path: string): string => latin1(home.get(path) ?? new Uint8Array());
