import { parsePrefix } from "../../firewall/address.js";
import type { IplogIgnoreModel } from "../../model/model.js";

/**
 * Why iplog 2.2.3 would misread an `ignore` line, or null. It knows IPv4 only and prefixes of 1 to 32; what it
 * cannot read it silently takes for another address (docs/reference/firewall.md#iplog).
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
    if (/^[0-9]{1,5}:[0-9]{1,5}$/.test(port)) continue;
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
