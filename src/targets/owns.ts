import { analyses, isSensor } from "../model/hosts.js";
import type { FirewallModel, Model } from "../model/model.js";
import { capacityNotice } from "../model/zeek-names.js";
import type { Owns } from "./manifest.js";
import { decoderNames } from "./ossec/decoders.js";
import { responseCommands } from "./ossec/responses.js";

/** The names and numbers that are a bundle's own on a host. */
export function ownsOf(model: Model): Owns {
  return {
    ruleIds: analyses(model) ? model.detections.map(({ rule }) => rule.id).sort((a, b) => a - b) : [],
    decoders: analyses(model) ? [...decoderNames(model)] : [],
    commands: responseCommands(model).map(({ command }) => command),
    tables: model.firewalls.flatMap(tableNames),
    notices: isSensor(model)
      ? model.detections.flatMap((detection) =>
          detection.kind === "zeek" ? [detection.note, capacityNotice(detection.note)] : [],
        )
      : [],
  };
}

/** As the packet filter itself calls them. */
function tableNames(firewall: FirewallModel): readonly string[] {
  const { kind, table } = firewall;
  switch (kind) {
    case "pf": {
      const { rateLimit } = firewall;
      return rateLimit === undefined ? [table] : [table, rateLimit.table, rateLimit.never];
    }
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
