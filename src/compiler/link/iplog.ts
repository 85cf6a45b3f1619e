import { parsePrefix } from "../../firewall/address.js";
import type { DetectionModel, IplogIgnoreModel, IplogSensorModel } from "../../model/model.js";
import { iplogIgnoreProblem } from "../../targets/iplog/ignore.js";
import { iplogReports } from "../../targets/iplog/lines.js";
import { codes } from "./codes.js";
import {
  child,
  describe,
  type Field,
  type LinkContext,
  readBoolean,
  readList,
  readObject,
  readOneOf,
  wrongShape,
} from "./field.js";
import { readNetwork } from "./network.js";
import { readPath } from "./texts.js";

/** What iplog 2.2.3 can report, in the order of the fourth seed's configuration. */
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
] as const;

export interface IplogSettings {
  readonly log: string;
  readonly scans: readonly string[];
  readonly expired: boolean;
  readonly ignore: readonly IplogIgnoreModel[];
  readonly ignoreDns: boolean;
  readonly foolNmap: boolean;
  readonly sensor: IplogSensorModel;
}

export function readIplog(context: LinkContext, field: Field): IplogSettings | null {
  const log = readPath(context, child(context, field, "log"));
  const scanFields = readList(context, child(context, field, "scans"));
  if (log === null || scanFields === null) return null;
  const asked = scanFields.map((scan) => readOneOf(context, scan, iplogScans));
  if (asked.length === 0)
    context.diagnostics.push(
      codes.missing(
        child(context, field, "scans").span(),
        "an iplog detection that reports no scan never fires",
      ),
    );
  const expired = readBoolean(context, child(context, field, "expired"), false);
  if (expired)
    for (const [index, scan] of scanFields.entries()) {
      const report = iplogReports.find((one) => one.scan === asked[index]);
      if (report?.expires === false)
        context.diagnostics.push(
          codes.missing(
            scan.span(),
            `iplog does not tell when "${report.scan}" is over, so this would never fire`,
            "leave it to a detection without expired",
          ),
        );
    }
  const sensor = readSensor(context, child(context, field, "sensor"));
  if (sensor === null) return null;
  const ignoreField = child(context, field, "ignore");
  const ignore =
    ignoreField.value === undefined
      ? []
      : (readList(context, ignoreField) ?? []).flatMap((entry) => readIgnore(context, entry) ?? []);
  return {
    log,
    // In a fixed order: the same sensor gives the same file however it was written.
    scans: iplogScans.filter((scan) => asked.includes(scan)),
    expired,
    sensor,
    ignore,
    ignoreDns: readBoolean(context, child(context, field, "ignoreDns"), true),
    foolNmap: readBoolean(context, child(context, field, "foolNmap"), false),
  };
}

const noSensor: IplogSensorModel = {
  interfaces: [],
  promiscuous: null,
  user: null,
  group: null,
  pidFile: null,
  scansOnly: false,
  verbose: false,
};

function readSensor(context: LinkContext, field: Field): IplogSensorModel | null {
  if (field.value === undefined) return noSensor;
  if (readObject(context, field) === null) return null;
  const interfacesField = child(context, field, "interfaces");
  const interfaces = interfacesField.value === undefined ? [] : (readList(context, interfacesField) ?? []);
  const pidField = child(context, field, "pidFile");
  return {
    interfaces: interfaces.flatMap((entry) => readWord(context, entry, "an interface: em0, eth0.10") ?? []),
    promiscuous: readWatched(context, child(context, field, "promiscuous")),
    user: readWord(context, child(context, field, "user"), "the name of an account"),
    group: readWord(context, child(context, field, "group"), "the name of a group"),
    pidFile: pidField.value === undefined ? null : readPath(context, pidField),
    scansOnly: readBoolean(context, child(context, field, "scansOnly"), false),
    verbose: readBoolean(context, child(context, field, "verbose"), false),
  };
}

/** One word of iplog.conf. */
function readWord(context: LinkContext, field: Field, what: string): string | null {
  const { value } = field;
  if (value === undefined) return null;
  if (typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(value)) return value;
  return wrongShape(context, field, what);
}

function readWatched(context: LinkContext, field: Field): string | null {
  if (field.value === undefined) return null;
  const network = readNetwork(context, field);
  if (network === null || parsePrefix(network)?.family === 4) return network;
  context.diagnostics.push(codes.network(field.span(), `${field.label}: iplog knows IPv4 only`));
  return null;
}

/** A host has one iplog: what several detections of it must agree on. */
export function checkSensors(
  context: LinkContext,
  field: Field,
  detection: { readonly name: string } & IplogSettings,
  others: readonly DetectionModel[],
): void {
  for (const other of others) {
    if (other.kind !== "iplog") continue;
    const tell = (key: string, message: string, help: string): void => {
      context.diagnostics.push(codes.duplicate(child(context, field, key).span(), message, help));
    };
    if (other.log !== detection.log)
      tell(
        "log",
        `"${other.name}" reads ${other.log}: there is one iplog on a host, and it writes one file`,
        "name the same file",
      );
    if (other.expired === detection.expired) {
      const both = detection.scans.filter((scan) => other.scans.includes(scan));
      if (both.length > 0)
        tell(
          "scans",
          `"${other.name}" reports ${both.join(", ")} already, and one line leads to one rule`,
          "report each scan once",
        );
    }
    for (const key of ["sensor", "ignore"] as const)
      if (
        child(context, field, key).value !== undefined &&
        JSON.stringify(other[key]) !== JSON.stringify(key === "sensor" ? noSensor : [])
      )
        tell(key, `"${other.name}" says how the sensor runs already (${key})`, "say it once");
  }
}

function isPortRange(value: string): boolean {
  const [first, last, ...more] = value
    .split(":")
    .map((part) => (/^[1-9][0-9]{0,4}$/.test(part) ? Number(part) : 0));
  return (
    more.length === 0 &&
    first !== undefined &&
    last !== undefined &&
    first > 0 &&
    first <= last &&
    last <= 65_535
  );
}

function readIgnore(context: LinkContext, field: Field): IplogIgnoreModel | null {
  if (readObject(context, field) === null) return null;
  const protocol = readOneOf(context, child(context, field, "protocol"), ["tcp", "udp", "icmp"]);
  const destinationPort = readPort(context, child(context, field, "destinationPort"));
  const sourcePort = readPort(context, child(context, field, "sourcePort"));
  const from = readOptionalNetwork(context, child(context, field, "from"));
  const to = readOptionalNetwork(context, child(context, field, "to"));
  if (protocol === null) return null;
  if (protocol === "icmp" && (destinationPort !== null || sourcePort !== null))
    return wrongShape(context, field, "without ports: ICMP has none");
  const ignore = { protocol, destinationPort, sourcePort, from, to };
  const problem = iplogIgnoreProblem(ignore);
  if (problem === null) return ignore;
  context.diagnostics.push(
    codes.network(field.span(), `${field.label} would not mean to iplog what it says: ${problem}`),
  );
  return null;
}

function readOptionalNetwork(context: LinkContext, field: Field): string | null {
  return field.value === undefined ? null : readNetwork(context, field);
}

/** A port number, or a service name of /etc/services as the fourth seed uses them. */
function readPort(context: LinkContext, field: Field): string | null {
  const { value } = field;
  if (value === undefined) return null;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535)
    return String(value);
  if (typeof value === "string" && (/^[a-z][a-z0-9-]{0,30}$/.test(value) || isPortRange(value))) return value;
  context.diagnostics.push(
    codes.port(
      field.span(),
      `${field.label} is ${describe(value)}, which is not a port`,
      'write a number from 1 to 65535, a service name such as "netbios-ssn", or a range such as "6000:6010"',
    ),
  );
  return null;
}
