import { parsePrefix } from "../../firewall/address.js";
import type { IplogDetectionModel, IplogIgnoreModel, Model } from "../../model/model.js";
import { sharedEscapes, unfit } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { renderer } from "../render.js";
import { iplogReports } from "./lines.js";

const render = renderer("iplog", sharedEscapes);

/**
 * Why iplog 2.2.3 would misread an `ignore` line, or null. It knows IPv4 only and prefixes of 1 to 32; what it
 * cannot read it silently takes for another address (spec/firewall.md "iplog").
 */
export function iplogIgnoreProblem(ignore: IplogIgnoreModel): string | null {
  for (const network of [ignore.from, ignore.to]) {
    if (network === null) continue;
    const prefix = parsePrefix(network);
    if (prefix === null) return `${network} is neither an address nor a prefix`;
    if (prefix.family === 6) return `${network}: iplog knows IPv4 only`;
    if (prefix.length === 0) return `${network}: iplog takes prefix lengths from 1 to 32`;
    if (prefix.numbers.every((number) => number === 0)) return `${network} means every address to iplog`;
  }
  for (const port of [ignore.sourcePort, ignore.destinationPort]) {
    if (port === null) continue;
    if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(port)) return `${port} is no port`;
    if (/^[0-9]+$/.test(port) && (Number(port) < 1 || Number(port) > 65_535))
      return `${port} is no port: 1 to 65535`;
  }
  const { from, to, sourcePort, destinationPort, protocol } = ignore;
  if (from === null && to === null && sourcePort === null && destinationPort === null)
    return `it would switch off all of ${protocol}`;
  if (protocol === "icmp" && (sourcePort !== null || destinationPort !== null)) return "ICMP has no ports";
  return null;
}

/** iplog.conf. A host has one: of several iplog detections the settings add up, the first one's log is written. */
export function emitIplog(model: Model): readonly EmittedFile[] {
  const detections = model.detections.filter((one): one is IplogDetectionModel => one.kind === "iplog");
  const [first] = detections;
  if (first === undefined) return [];
  const scans = new Set(detections.flatMap((detection) => detection.scans));
  const ignore = detections.flatMap((detection) => detection.ignore);
  for (const entry of ignore) if (iplogIgnoreProblem(entry) !== null) throw unfit("iplog.conf", entry);
  return [
    {
      path: "iplog/iplog.conf",
      content: render("iplog.conf", {
        bundle: model.name,
        log: first.log,
        ignoreDns: String(detections.some(({ ignoreDns }) => ignoreDns)),
        foolNmap: String(detections.some(({ foolNmap }) => foolNmap)),
        reports: iplogReports.map(({ scan, option }) => ({ option, value: String(scans.has(scan)) })),
        smurf: scans.has("smurf"),
        ignore,
      }),
      mode: 0o640,
      target: "/etc/iplog.conf",
      owner: "root:wheel",
      reader: "iplog",
      reload: [["iplog", "--restart"]],
      merge: "file",
    },
  ];
}
