import { analyses, blockPlaces, isSensor } from "../../model/hosts.js";
import type { FirewallModel, Model } from "../../model/model.js";
import { decoderNames } from "../../targets/ossec/decoders.js";
import { capacityNotice } from "../../targets/zeek/names.js";
import type { Owns } from "../output/manifest.js";

/** The names and numbers that are a bundle's own on a host. */
export function ownsOf(model: Model): Owns {
  const commands = model.host === null ? model.responses.length > 0 : hasCommand(model);
  return {
    ruleIds: analyses(model) ? model.detections.map(({ rule }) => rule.id).sort((a, b) => a - b) : [],
    decoders: analyses(model) ? [...decoderNames(model)] : [],
    commands: commands ? [model.ossec.command] : [],
    tables: model.firewalls.flatMap(tableNames),
    notices: isSensor(model)
      ? model.detections.flatMap((detection) =>
          detection.kind === "zeek" ? [detection.note, capacityNotice(detection.note)] : [],
        )
      : [],
  };
}

/** The server's configuration names the command, also where only its agents block. */
function hasCommand(model: Model): boolean {
  return model.responses.length > 0 && blockPlaces(model).length > 0;
}

/** As the packet filter itself calls them. */
function tableNames({ kind, table }: FirewallModel): readonly string[] {
  switch (kind) {
    case "pf":
    case "ipfw":
    case "nftables":
      return [table];
    case "iptables":
      return [`${table}4`, `${table}6`];
    case "routeNull":
    case "dryRun":
      return [];
  }
}
