import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** The engines that `--require-engines` and `--engine-path` name. */
export const engineNames = [
  "zeek",
  "ossec",
  "ossec-analysisd",
  "pfctl",
  "nft",
  "iptables",
  "sh",
  "shellcheck",
] as const;

export type EngineName = (typeof engineNames)[number];

/** Other words for an engine, as people say them. */
const aliases: Readonly<Record<string, EngineName>> = {
  "ossec-logtest": "ossec",
  pf: "pfctl",
  nftables: "nft",
  "iptables-restore": "iptables",
};

export function engineName(word: string): EngineName | null {
  const known = engineNames.find((name) => name === word);
  return known ?? aliases[word] ?? null;
}

const programs: Readonly<Record<EngineName, string>> = {
  zeek: "zeek",
  ossec: "ossec-logtest",
  "ossec-analysisd": "ossec-analysisd",
  pfctl: "pfctl",
  nft: "nft",
  iptables: "iptables-restore",
  sh: "sh",
  shellcheck: "shellcheck",
};

/** Where the systems install them beside the search path. */
const folders = [
  "/opt/zeek/bin",
  "/usr/local/zeek/bin",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/usr/sbin",
  "/sbin",
  "/usr/bin",
  "/bin",
  "/var/ossec/bin",
];

/** The variable that names an engine's program: `ZOPF_ZEEK`, `ZOPF_OSSEC`, `ZOPF_OSSEC_ANALYSISD` … */
function environmentName(name: EngineName): string {
  return `ZOPF_${name.toUpperCase().replaceAll("-", "_")}`;
}

export type Found =
  | { readonly kind: "found"; readonly program: string }
  | { readonly kind: "missing"; readonly reason: string };

/** The program of an engine: by flag, by environment, on the search path, where systems install it. */
export function findEngine(
  name: EngineName,
  given: ReadonlyMap<EngineName, string>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Found {
  const named = given.get(name) ?? environment[environmentName(name)];
  if (named === "off") return { kind: "missing", reason: `${name} is switched off` };
  if (named !== undefined && named !== "") {
    if (executable(named)) return { kind: "found", program: named };
    if (!named.includes("/")) {
      const there = onPath(named, environment.PATH ?? "");
      if (there !== null) return { kind: "found", program: there };
    }
    return { kind: "missing", reason: `${named} cannot be run` };
  }
  const program = programs[name];
  const there = onPath(program, [environment.PATH ?? "", ...folders].join(delimiter));
  return there === null
    ? { kind: "missing", reason: `${program} is not installed` }
    : { kind: "found", program: there };
}

function onPath(program: string, path: string): string | null {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, program);
    if (executable(file)) return file;
  }
  return null;
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
