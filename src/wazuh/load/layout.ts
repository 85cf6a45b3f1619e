import type { OssecSource } from "../../files/ossec-source.js";

/** Where a home has the folders that Wazuh's repository keeps apart. */
const kept: readonly (readonly [home: string, repository: string])[] = [
  ["ruleset/rules", "rules"],
  ["ruleset/decoders", "decoders"],
  ["etc/lists", "lists"],
];

/**
 * A home, also of the folder `ruleset/` of Wazuh's repository by itself: its rules and decoders are read as a home's
 * `ruleset/`, its lists as `etc/lists/`.
 */
export function homeLayout(source: OssecSource): OssecSource {
  const isThere = (folder: string): boolean => (source.list?.(folder) ?? []).length > 0;
  if (isThere("ruleset/rules") || isThere("ruleset/decoders") || !isThere("rules") || !isThere("decoders")) {
    return source;
  }
  const moved = kept.filter(([home]) => !isThere(home));
  const map = (path: string): string => {
    for (const [home, repository] of moved) {
      if (path === home || path.startsWith(`${home}/`)) return repository + path.slice(home.length);
    }
    return path;
  };
  return {
    read: (path) => source.read(map(path)),
    list: (path) => source.list?.(map(path)) ?? null,
    glob: (pattern) => source.glob?.(pattern) ?? null,
    display: (path) => source.display?.(map(path)) ?? map(path),
  };
}
