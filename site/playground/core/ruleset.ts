/**
 * A rule set from the reader's disk, beside the editors' own files. Rule sets are not ours to hand out: whoever has OSSEC
 * or Wazuh has them in /var/ossec, or in the sources.
 */
import { confKind } from "../../../src/files/home-kind.js";
import { latin1, type OssecSource } from "../../../src/files/ossec-source.js";
import { type InputFile, inputFile } from "../../../src/lint/input.js";
import { bytesOf } from "./bytes.js";
import type { RulesetFiles, Texts } from "./input.js";

export type Family = "ossec" | "wazuh";

/** A rule set as a home of its engine has it. */
export interface Ruleset {
  readonly family: Family;
  /** By their paths below the home; of the reader's own local files nothing. */
  readonly files: RulesetFiles;
  /** Sections `<rules>` or `<ruleset>` of its ossec.conf; "": there is none. */
  readonly sections: string;
}

/** Where the editors' texts lie in a home. */
export const homePlaces: Readonly<Record<Family, Readonly<Record<Exclude<keyof Texts, "lines">, string>>>> = {
  ossec: { decoders: "etc/local_decoder.xml", rules: "rules/local_rules.xml", conf: "etc/ossec.conf" },
  wazuh: {
    decoders: "etc/decoders/local_decoder.xml",
    rules: "etc/rules/local_rules.xml",
    conf: "etc/ossec.conf",
  },
};

/** Where they lie without a rule set. */
export const loosePlaces = {
  decoders: "local_decoder.xml",
  rules: "local_rules.xml",
  conf: "ossec.conf",
} as const;

const xml = /\.xml$/i;
const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder that a home begins at: before the first path that only a home has. */
function rootOf(paths: readonly string[]): string {
  const marks = [
    /^(.*\/)?ruleset\/(?:rules|decoders)\/[^/]+\.xml$/,
    /^(.*\/)?etc\/(?:ossec\.conf|decoder\.xml)$/,
    /^(.*\/)?decoders\/[^/]+\.xml$/,
    /^(.*\/)?decoder\.xml$/,
    /^(.*\/)?rules\/[^/]+\.xml$/,
  ];
  for (const mark of marks) {
    for (const path of paths) {
      const found = mark.exec(path);
      if (found !== null) return found[1] ?? "";
    }
  }
  const first = paths[0] ?? "";
  return first.slice(0, first.lastIndexOf("/") + 1);
}

function sectionsOf(text: string): string {
  const read = text.replace(/<!-*[\s\S]*?(?:-->|!>)/g, "");
  return [...read.matchAll(/<(rules|ruleset)>[\s\S]*?<\/\1>/g)].map(([section]) => section).join("\n");
}

/** Its own local files are left out: the editors have them. */
const isLocal = (path: string): boolean => /^local_(?:rules|decoder)\.xml$/.test(baseName(path));

/**
 * What of the chosen files is a rule set; null: there is neither a rule nor a decoder.
 *
 * @param chosen - an OSSEC or Wazuh home, their sources, or a folder of rules
 */
export function rulesetOf(chosen: RulesetFiles): Ruleset | null {
  const paths = [...chosen.keys()].sort();
  const root = rootOf(paths);
  const below = new Map<string, Uint8Array>();
  for (const path of paths) {
    const bytes = chosen.get(path);
    if (bytes !== undefined && path.startsWith(root)) below.set(path.slice(root.length), bytes);
  }
  const conf = below.get("etc/ossec.conf");
  const confText = conf === undefined ? "" : latin1(conf);
  const isWazuh =
    confKind(confText) === "wazuh" ||
    (confKind(confText) === null &&
      [...below.keys()].some((path) => /^(?:ruleset\/)?decoders\/[^/]+\.xml$/.test(path)));
  const files = isWazuh ? wazuhFiles(below) : ossecFiles(below, confText);
  if (files.size === 0) return null;
  return { family: isWazuh ? "wazuh" : "ossec", files, sections: sectionsOf(confText) };
}

function wazuhFiles(below: RulesetFiles): RulesetFiles {
  const files = new Map<string, Uint8Array>();
  const hasHome = [...below.keys()].some((path) => path.startsWith("ruleset/"));
  for (const [path, bytes] of below) {
    const placed = hasHome
      ? path
      : path.replace(/^lists\//, "etc/lists/").replace(/^(?=rules\/|decoders\/)/, "ruleset/");
    if (isLocal(placed)) continue;
    if (/^(?:ruleset|etc)\/(?:rules|decoders)\/[^/]+\.xml$/.test(placed) || /^etc\/lists\/./.test(placed))
      files.set(placed, bytes);
  }
  return files;
}

function ossecFiles(below: RulesetFiles, conf: string): RulesetFiles {
  const files = new Map<string, Uint8Array>();
  for (const [path, bytes] of below) {
    if (isLocal(path) || path === "etc/ossec.conf") continue;
    if (/(?:^|\/)lists\/.+$/.test(path) || /internal_options\.conf$/.test(path)) files.set(path, bytes);
    if (!xml.test(path)) continue;
    // An ossec.conf names its files; without one the sources' layout is read as an installation has it.
    const kind = conf === "" ? inputFile(path, bytes, false)?.kind : undefined;
    if (kind === "rules") files.set(`rules/${baseName(path)}`, bytes);
    else if (kind === "decoders") files.set(`etc/${baseName(path)}`, bytes);
    else if (conf !== "") files.set(path, bytes);
  }
  return files;
}

/** The whole home: the rule set and the editors' files. */
export interface Home {
  readonly files: RulesetFiles;
  /** Rules load in the order of their references: no ossec.conf says another one. */
  readonly guessedOrder: boolean;
}

/** Sections that the reader's ossec.conf lacks, so that the rule set is loaded. */
function addedSections({ family, sections }: Ruleset, own: string, paths: readonly string[]): string {
  if (confKind(own) !== null) return "";
  if (family === "ossec")
    return sections === "" || sections.includes("local_rules.xml")
      ? sections
      : `${sections}<rules><include>local_rules.xml</include></rules>`;
  if (sections !== "") return sections;
  const lists = paths
    .filter((path) => /^etc\/lists\/[^.]+$/.test(path))
    .map((path) => `<list>${path}</list>`);
  const folders = [
    ["decoder_dir", "ruleset/decoders"],
    ["rule_dir", "ruleset/rules"],
    ["decoder_dir", "etc/decoders"],
    ["rule_dir", "etc/rules"],
  ].flatMap(([name, folder]) =>
    paths.some((path) => path.startsWith(`${folder}/`)) ? [`<${name}>${folder}</${name}>`] : [],
  );
  return `<ruleset>${folders.join("")}<rule_exclude>0215-policy_rules.xml</rule_exclude>${lists.join("")}</ruleset>`;
}

/** OSSEC does not start on a rule file without an element. */
const noRules = '<group name="local,">\n</group>\n';

export function homeOf(ruleset: Ruleset, texts: Texts): Home {
  const { family } = ruleset;
  const places = homePlaces[family];
  const files = new Map(ruleset.files);
  const isBlank = (text: string): boolean => text.trim() === "";
  if (!isBlank(texts.decoders)) files.set(places.decoders, bytesOf(texts.decoders));
  if (!isBlank(texts.rules)) files.set(places.rules, bytesOf(texts.rules));
  else if (family === "ossec") files.set(places.rules, bytesOf(noRules));
  const added = addedSections(ruleset, texts.conf, [...files.keys()]);
  // Behind the reader's own text, whose lines keep their numbers.
  const conf = added === "" ? texts.conf : `${texts.conf}\n<ossec_config>${added}</ossec_config>\n`;
  if (!isBlank(conf)) files.set(places.conf, bytesOf(conf));
  return { files, guessedOrder: family === "ossec" && added === "" && confKind(texts.conf) === null };
}

/** A home in memory, as the loaders read one. */
export function sourceOf(files: RulesetFiles): OssecSource {
  const folders = new Map<string, string[]>();
  for (const path of files.keys()) {
    const at = path.lastIndexOf("/");
    const folder = path.slice(0, Math.max(0, at));
    const names = folders.get(folder);
    if (names === undefined) folders.set(folder, [path.slice(at + 1)]);
    else names.push(path.slice(at + 1));
  }
  return {
    read: (path) => files.get(path) ?? null,
    list: (path) => folders.get(path.replace(/\/+$/, "")) ?? null,
    glob: () => null,
  };
}

/** The files of a home as the linter takes them. */
export const inputFilesOf = (files: RulesetFiles): readonly InputFile[] =>
  [...files].flatMap(([path, bytes]) => inputFile(path, bytes, false) ?? []);
