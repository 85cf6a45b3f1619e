import { addressesPerSet, blockPrefix } from "../../firewall/index.js";
import type { Model } from "../../model/model.js";
import { sharedEscapes, text, unfit } from "../escape.js";
import type { EmittedFile } from "../file.js";
import type { FirewallOf, PacketFilter } from "../packet-filter.js";
import { type EscapeHelper, renderer } from "../render.js";
import { expiryLimit } from "../script/places.js";
import { iptablesFolder, loaderFile } from "./places.js";

type Iptables = FirewallOf<"iptables">;

/** A name of a set or a chain: with the family's digit behind it, a chain's 28 characters still hold it. */
const setName: EscapeHelper = (value) => {
  const name = text("setName", value);
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,26}$/.test(name)) throw unfit("setName", value);
  return name;
};

/** Escapes of the iptables templates. */
export const iptablesEscapes = { ...sharedEscapes, setName };

const render = renderer("iptables", iptablesEscapes);

export function iptables(model: Model, firewall: Iptables): PacketFilter {
  const { table } = firewall;
  return {
    tables: [`${table}4`, `${table}6`],
    settings: { table, goal: goalOf(firewall) },
    files: () => files(model, firewall),
  };
}

/** Where a packet of the blocked goes: to the chain that logs and drops, or straight to DROP. */
function goalOf({ log, table }: Iptables): string {
  return log ? table : "DROP";
}

/** Two ipsets, the rules that drop what is in them, and a script that loads both without flushing anything. */
function files(model: Model, firewall: Iptables): readonly EmittedFile[] {
  const folder = iptablesFolder(model);
  const loader = loaderFile(model);
  const sets = `${folder}/ipset.save`;
  const { table: set, log } = firewall;
  const goal = goalOf(firewall);
  const common = { bundle: model.name, script: model.ossec.executable, set, log, goal, loader };
  const reload = [["/bin/sh", loader]];
  const shared = { owner: "root:root", reader: "iptables", reload, merge: "file" } as const;
  const families = [
    { version: 4, tool: "iptables", set, log, goal },
    { version: 6, tool: "ip6tables", set, log, goal },
  ];
  return [
    {
      ...shared,
      path: "iptables/ipset.save",
      content: render("ipset.save", {
        ...common,
        target: sets,
        prefix: blockPrefix(model) !== null,
        counters: firewall.counters === true,
        size: addressesPerSet,
        limit: expiryLimit(model),
      }),
      mode: 0o640,
      target: sets,
    },
    ...families.map(({ version, tool }) => {
      const target = `${folder}/rules.v${version}`;
      return {
        ...shared,
        path: `iptables/rules.v${version}`,
        content: render("rules", { ...common, target, version, tool }),
        mode: 0o640,
        target,
      };
    }),
    {
      ...shared,
      path: "iptables/load.sh",
      content: render("load.sh", { ...common, target: loader, sets, families }),
      mode: 0o750,
      target: loader,
    },
  ];
}
