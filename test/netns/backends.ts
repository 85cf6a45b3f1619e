import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { FirewallModel, PrefixModel } from "../../src/model/model.js";
import { emitFirewalls } from "../../src/targets/packet-filters.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { emitSystemd } from "../../src/targets/systemd/emit.js";
import { scratchFolder } from "../scratch-folder.js";
import { blockScan, perimeter } from "../targets/models.js";
import type { Network, Ran } from "./network.js";

export interface Backend {
  readonly name: string;
  readonly tools: readonly string[];
  readonly firewall: FirewallModel;
  /** Does it also stop packets from the blocked, or only the answers? */
  readonly packetFilter: boolean;
  /** One that differs from another in what it logs only. */
  readonly variant: boolean;
}

export const nft: FirewallModel = { kind: "nftables", table: "ossec_blocked", family: "inet", log: true };
export const ipset: FirewallModel = { kind: "iptables", table: "ossec_blocked", log: false };

export const backends: readonly Backend[] = [
  { name: "nftables", tools: ["nft"], firewall: nft, packetFilter: true, variant: false },
  {
    name: "iptables",
    tools: ["iptables", "ip6tables", "ipset"],
    firewall: ipset,
    packetFilter: true,
    variant: false,
  },
  {
    name: "iptables with a log",
    tools: ["iptables", "ip6tables", "ipset"],
    firewall: { ...ipset, log: true },
    packetFilter: true,
    variant: true,
  },
  {
    name: "nftables with counters",
    tools: ["nft"],
    firewall: { ...nft, counters: true },
    packetFilter: true,
    variant: true,
  },
  {
    name: "iptables with counters",
    tools: ["iptables", "ip6tables", "ipset"],
    firewall: { ...ipset, counters: true },
    packetFilter: true,
    variant: true,
  },
  {
    name: "null routes",
    tools: [],
    firewall: { kind: "routeNull", table: "blackhole routes" },
    packetFilter: false,
    variant: false,
  },
];

/** The emitted files on a gateway: only their paths, and the script's LIMIT where a test asks, are changed. */
export interface Installed {
  readonly folder: string;
  load(): Ran;
  script(...args: readonly string[]): Ran;
  /** Starts the storm's shell text with the script as `$SCRIPT`. */
  shell(text: string): Ran;
  log(): readonly string[];
  /** Runs the commands of the emitted service's `ExecStart` or `ExecStop`, as systemd would; the last failure. */
  unit(step: "ExecStart" | "ExecStop"): Ran;
  remove(): void;
}

export function install(
  host: Network,
  firewalls: readonly FirewallModel[],
  limit?: number,
  prefix: PrefixModel | null = null,
): Installed {
  const folder = scratchFolder("netns");
  const model = perimeter(undefined, { firewalls, responses: [{ ...blockScan, prefix }] });
  const files = [...emitScript(model), ...emitFirewalls(model), ...emitSystemd(model)];
  const place = (file: string): string => path.join(folder, path.basename(file));
  for (const { path: name, content } of files) {
    const changed = content
      .replaceAll("/etc/zopf/perimeter", folder)
      .replaceAll("/etc/nftables.d", folder)
      .replaceAll("/var/lib/zopf-perimeter", folder)
      .replace(/^LOG=.*$/m, `LOG='${path.join(folder, "log")}'`)
      .replace(/^LIMIT=.*$/m, (line) => (limit === undefined ? line : `LIMIT=${limit}`));
    writeFileSync(place(name), changed, { mode: 0o755 });
  }
  const run = (...command: readonly string[]): Ran => host.run("gateway", command);
  const steps: readonly (readonly string[])[] = firewalls.flatMap(({ kind }) => {
    if (kind === "nftables")
      return [["nft", "-c", "-f", place("perimeter.nft")]].concat([["nft", "-f", place("perimeter.nft")]]);
    return kind === "iptables" ? [["sh", place("load.sh")]] : [];
  });
  return {
    folder,
    load: () =>
      steps.reduce<Ran>((last, step) => (last.status === 0 ? run(...step) : last), {
        status: 0,
        stdout: "",
        stderr: "",
      }),
    script: (...args) => run("sh", place("firewall-drop.sh"), ...args),
    shell: (text) => run("env", `SCRIPT=${place("firewall-drop.sh")}`, "sh", "-c", text),
    unit: (step) => {
      let last: Ran = { status: 0, stdout: "", stderr: "" };
      for (const line of readFileSync(place("zopf-perimeter.service"), "utf8").split("\n")) {
        const command = new RegExp(`^${step}=(-?)(.*)$`).exec(line);
        if (command?.[2] === undefined || last.status !== 0) continue;
        const ran = run("sh", "-c", `umask 077; ${command[2]}`);
        if (command[1] === "") last = ran;
      }
      return last;
    },
    log: () => readFileSync(path.join(folder, "log"), "utf8").split("\n").slice(0, -1),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
