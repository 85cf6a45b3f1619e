/** The sources by name, and which of them paths look like. */
import type { ReadSource } from "./source.js";

const loaders = {
  ossec: async () => (await import("./xml/read.js")).readOssec,
  zopf: async () => (await import("./emitted/read.js")).readEmitted,
  wazuh: async () => (await import("./xml/read.js")).readWazuh,
  fail2ban: async () => (await import("./fail2ban/read.js")).readFail2ban,
  sigma: async () => (await import("./sigma/read.js")).readSigma,
} as const satisfies Readonly<Record<string, () => Promise<ReadSource>>>;

export type SourceKind = keyof typeof loaders;

export const sourceKinds = [
  "ossec",
  "wazuh",
  "fail2ban",
  "sigma",
  "zopf",
] as const satisfies readonly SourceKind[];

export function loadSource(kind: SourceKind): Promise<ReadSource> {
  return loaders[kind]();
}
