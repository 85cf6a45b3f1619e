import { blockPrefix } from "../../firewall/prefix.js";
import type { Model } from "../../model/model.js";
import { sharedEscapes } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { loaderFile } from "../iptables/places.js";
import { nftFile } from "../nftables/places.js";
import { nftSets } from "../nftables/sets.js";
import { renderer } from "../render.js";
import { scriptTarget } from "../script/places.js";

const render = renderer("systemd", sharedEscapes);

/**
 * Units of a host with systemd, where its packet filter asks for them: a service that loads sets and rules at
 * boot and keeps the blocked over a reboot, a timer for what ends by the script's `--expire` alone: null routes,
 * and networks in the place of addresses.
 */
export function emitSystemd(model: Model): readonly EmittedFile[] {
  const asked = model.firewalls.filter((firewall) => "systemd" in firewall && firewall.systemd === true);
  const nft = asked.find(({ kind }) => kind === "nftables");
  const ipset = asked.find(({ kind }) => kind === "iptables");
  const routes = asked.find(({ kind }) => kind === "routeNull");
  const name = `zopf-${model.name}`;
  const unit = (
    file: string,
    template: string,
    context: object,
    reload: EmittedFile["reload"],
  ): EmittedFile => ({
    path: `systemd/${file}`,
    content: render(template, { bundle: model.name, ...context }),
    mode: 0o644,
    target: `/etc/systemd/system/${file}`,
    owner: "root:root",
    reader: "systemd",
    reload: [["/usr/bin/systemctl", "daemon-reload"], ...reload],
    merge: "file",
  });
  const files: EmittedFile[] = [];
  if (nft !== undefined || ipset !== undefined)
    files.push(
      unit(
        `${name}.service`,
        "load.service",
        {
          state: name,
          folder: `/var/lib/${name}`,
          nft:
            nft === undefined
              ? null
              : { table: nft.table, file: nftFile(model), ...nftSets(blockPrefix(model) !== null) },
          ipset: ipset === undefined ? null : { set: ipset.table, loader: loaderFile(model) },
        },
        [["/usr/bin/systemctl", "enable", "--now", `${name}.service`]],
      ),
    );
  // Networks end with the files of their addresses, which the kernel's timeouts know nothing of.
  if (routes !== undefined || (asked.length > 0 && blockPrefix(model) !== null)) {
    const timer = `${name}-expire.timer`;
    files.push(
      unit(`${name}-expire.service`, "expire.service", { script: scriptTarget(model) }, []),
      unit(timer, "expire.timer", {}, [["/usr/bin/systemctl", "enable", "--now", timer]]),
    );
  }
  return files;
}
