import type { PortText } from "../../dsl/network.js";
import type { ScanDetection } from "../../dsl/scan.js";
import { parsePort } from "../../zeek/values/port.js";
import { codes } from "../codes.js";
import {
  type Accepts,
  type Decoder,
  func,
  list,
  number,
  type Output,
  object,
  oneOf,
  optional,
  refined,
  text,
  variants,
} from "./decoder.js";
import { noticeName } from "./names.js";
import { network } from "./network.js";
import { partialRule } from "./rule.js";
import { duration, integer } from "./scalars.js";
import { caps, partialNotice, threshold } from "./zeek-detection.js";

/** Lower case: what they are compared with is. */
function words(most: number, form: RegExp, what: string): Decoder<readonly string[]> {
  const word = refined(text, (written, field) =>
    form.test(written) ? written.toLowerCase() : field.refuse(`${what} in ASCII`),
  );
  return list(word, { least: 1, most, expected: `a list of 1 to ${most}` });
}

const paths = words(50, /^[\x21-\x7e]{1,200}$/, "a part of a path");
const domains = words(1_000, /^[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}$/, "a domain");
const statuses = list(integer(100, 599), { least: 1, most: 50, expected: "a list of 1 to 50 status codes" });

const bits = refined(number, (value, field) =>
  value >= 0 && value <= 8
    ? value
    : field.report(codes.number(field.span(), `${field.label} must be a number from 0 to 8: bits a byte`)),
);

const port: Decoder<string, PortText> = (field) => {
  const written = text(field);
  if (written === null || parsePort(written) !== undefined) return written?.replace(/^0+(?=\d)/, "") ?? null;
  return field.report(codes.port(field.span(), `${field.label} is not a port such as "22/tcp"`));
};

const portRange = "the first and the last port: [33434, 33534]";
const ports: Decoder<readonly [number, number]> = refined(
  list(integer(0, 65_535), { least: 2, most: 2, expected: portRange }),
  ([first, last], field) =>
    first !== undefined && last !== undefined && first <= last
      ? ([first, last] as const)
      : field.refuse(portRange),
);

const mostNetworks = 1_000;
const networks = refined(list(network), (found, field) =>
  found.length > 0 && found.length <= mostNetworks
    ? found
    : field.report(
        codes.number(
          field.span(),
          `${field.label} holds ${found.length} networks; it must hold 1 to ${mostNetworks}`,
        ),
      ),
);

/** What every preset takes. */
const settings = {
  kind: oneOf("scan"),
  name: noticeName,
  threshold: optional(threshold),
  window: optional(duration),
  from: optional(oneOf("outside", "inside", "anywhere")),
  where: optional(func),
  notice: optional(partialNotice),
  rule: optional(partialRule),
  caps: optional(caps),
};
const per = optional(oneOf("source", "pair"));
const traceroutePorts = optional(ports);
const labels = optional(integer(1, 10));
const allow = optional(domains);

/** Presets with the same settings of their own, together. */
export const scanDetection = variants(
  "scan",
  object({
    ...settings,
    scan: oneOf(
      "half-open",
      "rejected",
      "connect",
      "fin",
      "null",
      "ack",
      "syn-fin",
      "bogus-flags",
      "fin-packets",
      "null-packets",
      "xmas-packets",
      "ssh-guessing",
      "ftp-guessing",
    ),
    per,
  }),
  object({ ...settings, scan: oneOf("any-state", "udp"), per, traceroutePorts }),
  object({ ...settings, scan: oneOf("traceroute"), traceroutePorts }),
  object({
    ...settings,
    scan: oneOf("address", "random", "icmp-sweep", "slow", "syn-flood", "small-fragments"),
  }),
  object({ ...settings, scan: oneOf("ping-flood"), rate: optional(integer(1, 1_000_000)) }),
  object({ ...settings, scan: oneOf("smurf"), broadcast: optional(networks) }),
  object({ ...settings, scan: oneOf("darknet", "honeypot"), networks }),
  object({ ...settings, scan: oneOf("ssh-hammering"), port: optional(port) }),
  object({
    ...settings,
    scan: oneOf("http-guessing"),
    per,
    paths: optional(paths),
    statuses: optional(statuses),
  }),
  object({ ...settings, scan: oneOf("http-paths"), statuses: optional(statuses) }),
  object({ ...settings, scan: oneOf("dns-names", "dns-bytes"), allow, labels }),
  object({
    ...settings,
    scan: oneOf("dns-entropy"),
    allow,
    labels,
    length: optional(integer(0, 250)),
    bits: optional(bits),
  }),
) satisfies Accepts<ScanDetection>;

export type ScanDeclaration = Output<typeof scanDetection>;
