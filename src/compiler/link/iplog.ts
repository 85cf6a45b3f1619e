import type { IplogIgnoreModel } from "../../model/model.js";
import { iplogIgnoreProblem } from "../../targets/iplog/ignore.js";
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
  readonly ignore: readonly IplogIgnoreModel[];
  readonly ignoreDns: boolean;
  readonly foolNmap: boolean;
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
  const ignoreField = child(context, field, "ignore");
  const ignore =
    ignoreField.value === undefined
      ? []
      : (readList(context, ignoreField) ?? []).flatMap((entry) => readIgnore(context, entry) ?? []);
  return {
    log,
    // In a fixed order: the same sensor gives the same file however it was written.
    scans: iplogScans.filter((scan) => asked.includes(scan)),
    ignore,
    ignoreDns: readBoolean(context, child(context, field, "ignoreDns"), true),
    foolNmap: readBoolean(context, child(context, field, "foolNmap"), false),
  };
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
  if (typeof value === "string" && /^[a-z][a-z0-9-]{0,30}$/.test(value)) return value;
  context.diagnostics.push(
    codes.port(
      field.span(),
      `${field.label} is ${describe(value)}, which is not a port`,
      'write a number from 1 to 65535, or a service name such as "netbios-ssn"',
    ),
  );
  return null;
}
