import type { IplogDetection, IplogIgnore, IplogScan, IplogSensor } from "../../dsl/iplog.js";
import { codes } from "../codes.js";
import { type Accepts, type Decoder, flag, list, type Output, object, oneOf, optional } from "./decoder.js";
import { describe } from "./field.js";
import { detectionName } from "./names.js";
import { network } from "./network.js";
import { rule } from "./rule.js";
import { isWithin, matching, path } from "./scalars.js";

/** What iplog 2.2.3 can report, in the order of the configuration in the example ossec-iplog-ipfw. */
export const iplogScans = [
  "port_scan",
  "syn_scan",
  "fin_scan",
  "null_scan",
  "xmas_scan",
  "udp_scan",
  "smurf",
  "ping_flood",
  "traceroute",
  "bogus",
  "frag",
] as const satisfies readonly IplogScan[];

/** A port number, a service name of /etc/services as the example ossec-iplog-ipfw uses them, or a range; as text. */
const port: Decoder<string, number | string> = (field) => {
  const { value } = field;
  if (isWithin(value, 1, 65_535)) return String(value);
  if (typeof value === "string" && (/^[a-z][a-z0-9-]{0,30}$/.test(value) || isPortRange(value))) return value;
  return field.report(
    codes.port(
      field.span(),
      `${field.label} is ${describe(value)}, which is not a port`,
      'write a number from 1 to 65535, a service name such as "netbios-ssn", or a range such as "6000:6010"',
    ),
  );
};

function isPortRange(value: string): boolean {
  if (!/^[1-9][0-9]{0,4}(?::[1-9][0-9]{0,4})?$/.test(value)) return false;
  const [first = 0, last = first] = value.split(":").map(Number);
  return first <= last && last <= 65_535;
}

const ignore = object({
  protocol: oneOf("tcp", "udp", "icmp"),
  destinationPort: optional(port),
  sourcePort: optional(port),
  from: optional(network),
  to: optional(network),
}) satisfies Accepts<IplogIgnore>;

/** One word of iplog.conf. */
function word(expected: string): Decoder<string> {
  return matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, expected);
}

const sensor = object({
  interfaces: optional(list(word("an interface: em0, eth0.10"))),
  promiscuous: optional(network),
  user: optional(word("the name of an account")),
  group: optional(word("the name of a group")),
  pidFile: optional(path),
  scansOnly: optional(flag),
  verbose: optional(flag),
}) satisfies Accepts<IplogSensor>;

export const iplogDetection = object({
  kind: oneOf("iplog"),
  name: detectionName,
  log: path,
  scans: list(oneOf(...iplogScans)),
  expired: optional(flag),
  ignore: optional(list(ignore)),
  ignoreDns: optional(flag),
  foolNmap: optional(flag),
  sensor: optional(sensor),
  rule,
}) satisfies Accepts<IplogDetection>;

export type IplogDeclaration = Output<typeof iplogDetection>;
export type IplogIgnoreDeclaration = Output<typeof ignore>;
export type IplogSensorDeclaration = Output<typeof sensor>;
