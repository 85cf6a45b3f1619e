import { type OssecSource, withFiles } from "../../files/ossec-source.js";

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

/** What the installed ossec.conf names (docs/reference/wazuh.md#home-and-rule-set). */
const installedLists: readonly string[] = [
  "audit-keys",
  "amazon/aws-eventnames",
  "security-eventchannel",
  "malicious-ioc/malware-hashes",
  "malicious-ioc/malicious-ip",
  "malicious-ioc/malicious-domains",
];

/**
 * The layout of a home; the folder `ruleset/` by itself has no ossec.conf and is read as the installed one would read
 * it, as far as what that names is there.
 */
export function configuredLayout(given: OssecSource): OssecSource {
  const source = homeLayout(given);
  if (source === given || source.read("etc/ossec.conf") !== null) return source;
  const lists = installedLists
    .map((name) => `etc/lists/${name}`)
    .filter((path) => source.read(path) !== null)
    .map((path) => `<list>${path}</list>`);
  const own = [
    ["decoder_dir", "etc/decoders"],
    ["rule_dir", "etc/rules"],
  ]
    .filter(([, folder = ""]) => (source.list?.(folder) ?? []).length > 0)
    .map(([name, folder]) => `<${name}>${folder}</${name}>`);
  const conf = `<ossec_config><ruleset><decoder_dir>ruleset/decoders</decoder_dir><rule_dir>ruleset/rules</rule_dir><rule_exclude>0215-policy_rules.xml</rule_exclude>${[...lists, ...own].join("")}</ruleset></ossec_config>\n`;
  return withFiles(source, new Map([["etc/ossec.conf", new TextEncoder().encode(conf)]]));
}
