import { analyses, isSensor } from "../model/hosts.js";
import type { Model } from "../model/model.js";
import { ruleIdsOf } from "../model/rule-ids.js";
import { capacityNotice } from "../model/zeek-names.js";
import type { Owns } from "./manifest.js";
import { decoderNames } from "./ossec/decoders.js";
import { responseCommands } from "./ossec/responses.js";
import { packetFilter } from "./packet-filters.js";

/** The names and numbers that are a bundle's own on a host. */
export function ownsOf(model: Model): Owns {
  return {
    ruleIds: analyses(model) ? [...ruleIdsOf(model)].sort((a, b) => a - b) : [],
    decoders: analyses(model) ? [...decoderNames(model)] : [],
    commands: responseCommands(model).map(({ command }) => command),
    tables: model.firewalls.flatMap((firewall) => packetFilter(model, firewall).tables),
    notices: isSensor(model)
      ? model.detections.flatMap((detection) =>
          detection.kind === "zeek" ? [detection.note, capacityNotice(detection.note)] : [],
        )
      : [],
  };
}
