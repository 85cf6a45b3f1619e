import type { IplogDetectionModel, IplogIgnoreModel, IplogSensorModel } from "../../model/model.js";
import {
  type IplogDeclaration,
  type IplogIgnoreDeclaration,
  type IplogSensorDeclaration,
  iplogScans,
} from "../decode/iplog.js";
import type { LinkContext } from "./context.js";

/** An iplog sensor without its rule. */
export function linkIplog(
  { places }: LinkContext,
  declared: IplogDeclaration,
): Omit<IplogDetectionModel, "rule"> {
  return {
    kind: "iplog",
    name: declared.name,
    log: declared.log,
    // In a fixed order: the same sensor gives the same file however it was written.
    scans: iplogScans.filter((scan) => declared.scans.includes(scan)),
    expired: declared.expired ?? false,
    sensor: linkSensor(declared.sensor ?? {}),
    ignore: (declared.ignore ?? []).map(linkIgnore),
    ignoreDns: declared.ignoreDns ?? true,
    foolNmap: declared.foolNmap ?? false,
    span: places.of(declared).span(),
  };
}

function linkSensor(declared: IplogSensorDeclaration): IplogSensorModel {
  return {
    interfaces: declared.interfaces ?? [],
    promiscuous: declared.promiscuous ?? null,
    user: declared.user ?? null,
    group: declared.group ?? null,
    pidFile: declared.pidFile ?? null,
    scansOnly: declared.scansOnly ?? false,
    verbose: declared.verbose ?? false,
  };
}

export function linkIgnore(declared: IplogIgnoreDeclaration): IplogIgnoreModel {
  return {
    protocol: declared.protocol,
    destinationPort: declared.destinationPort ?? null,
    sourcePort: declared.sourcePort ?? null,
    from: declared.from ?? null,
    to: declared.to ?? null,
  };
}
