import type { EngineCheck } from "./context.js";
import { checkFiles } from "./files.js";
import type { EngineName } from "./find.js";
import { checkAnalysisd, checkLogtest } from "./ossec.js";
import type { Ran } from "./process.js";
import { checkZeek } from "./zeek.js";

/** Programs that want to be root say so in many words. */
function notPermitted(ran: Ran): string | null {
  if (ran.status === 0) return null;
  return /not permitted|permission denied|must be root|\/dev\/pf/i.test(`${ran.stderr}${ran.stdout}`)
    ? "it may not do its work here: run check as root, or in a network namespace of its own (unshare -rn)"
    : null;
}

/** Every engine: how it is asked (docs/reference/cli.md#check, docs/reference/firewall.md). */
export const engines: readonly { readonly name: EngineName; readonly check: EngineCheck }[] = [
  { name: "zeek", check: checkZeek },
  { name: "ossec", check: checkLogtest },
  { name: "ossec-analysisd", check: checkAnalysisd },
  {
    name: "pfctl",
    check: checkFiles({
      wanted: ({ reader, path }) => reader === "pf" && path.endsWith(".conf"),
      words: (path) => ["-nf", path],
      unable: notPermitted,
    }),
  },
  {
    name: "nft",
    check: checkFiles({
      wanted: ({ path }) => path.endsWith(".nft"),
      words: (path) => ["-c", "-f", path],
      unable: notPermitted,
    }),
  },
  {
    name: "iptables",
    check: checkFiles({
      wanted: ({ path }) => path.endsWith("rules.v4"),
      words: (path) => ["--test", path],
      // The rules name ipset's sets, which only a host that has loaded ipset.save knows.
      unable: (ran) =>
        notPermitted(ran) ??
        (ran.status !== 0 && /set .*(does not|doesn't) exist/i.test(ran.stderr)
          ? "the sets of ipset.save are not loaded on this host"
          : null),
    }),
  },
  {
    name: "sh",
    check: checkFiles({ wanted: ({ path }) => path.endsWith(".sh"), words: (path) => ["-n", path] }),
  },
  {
    name: "shellcheck",
    check: checkFiles({
      wanted: ({ path }) => path.endsWith(".sh"),
      words: (path) => ["--shell=sh", "--severity=warning", "--format=gcc", path],
    }),
  },
];
