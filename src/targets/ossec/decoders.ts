import type { Model, NoticeLog, ZeekDetectionModel } from "../../model/model.js";
import { iplogExpiryPatterns, iplogPatterns, iplogPrograms, iplogReports } from "../iplog/lines.js";
import { logDecoderContext, logDecoders } from "./log-decoders.js";
import { noticePatterns } from "./notice-lines.js";

/** Decoder of the bundle's notices. */
export function noticeDecoderName(model: Model): string {
  return model.ossec.decoder;
}

/**
 * Decoder of iplog's reports. `_` cannot stand in a bundle's name, so that no other bundle's decoder is called
 * the same.
 */
export function iplogDecoderName(model: Model): string {
  return `${model.ossec.decoder}_iplog`;
}

/** Decoder of the lines that tell that a scan is over. */
export function iplogExpiryDecoderName(model: Model): string {
  return `${iplogDecoderName(model)}_expired`;
}

/** Every decoder name that the bundle's local_decoder.xml defines, in order, without doubles. */
export function decoderNames(model: Model): readonly string[] {
  const { notices, iplog } = decoders(model);
  return [
    ...(notices === null ? [] : [notices.name, ...notices.children.map(({ name }) => name)]),
    ...iplog.flatMap(({ name, child }) => [name, child]),
    ...logDecoders(model).map(({ name }) => name),
  ];
}

/** The log of notices that Wazuh's own JSON decoder reads; null where a decoder of the bundle's does. */
export function jsonNotices({ ossec, zeek }: Model): NoticeLog | null {
  return ossec.dialect === "wazuh" && zeek?.noticeLog.kind === "dedicated" ? zeek.noticeLog : null;
}

interface Decoders extends Readonly<Record<string, unknown>> {
  readonly bundle: string;
  readonly notices: {
    readonly what: string;
    readonly name: string;
    readonly prematch: string;
    readonly children: readonly {
      readonly name: string;
      readonly parent: string;
      /** Null where it is the only child: it is then taken without asking. */
      readonly prematch: string | null;
      readonly pattern: string;
      readonly order: string;
    }[];
  } | null;
  /** Reports, and the lines that they are over. */
  readonly iplog: readonly {
    readonly what: string;
    readonly name: string;
    readonly child: string;
    readonly programs: string;
    readonly prematch: string;
    readonly prematchWithoutProgram: string;
    readonly pattern: string;
    readonly order: string;
  }[];
  readonly logs: readonly Readonly<Record<string, unknown>>[];
}

/** What the template of local_decoder.xml shows. */
export function decoders(model: Model): Decoders {
  return {
    bundle: model.name,
    notices: notices(model),
    iplog: iplog(model),
    logs: logDecoders(model).map((decoder) => logDecoderContext(model, decoder)),
  };
}

function notices(model: Model): Decoders["notices"] {
  const detections = model.detections.filter((one): one is ZeekDetectionModel => one.kind === "zeek");
  if (model.zeek === null || detections.length === 0 || jsonNotices(model) !== null) return null;
  const name = noticeDecoderName(model);
  const { prematch, decoders: patterns, capacity } = noticePatterns(model.zeek, detections);
  const hears = model.zeek.capacity !== undefined;
  const only = patterns.length === 1 && !hears;
  const children = [
    ...patterns.map((pattern, index) => ({
      name: `${name}_notice${patterns.length === 1 ? "" : index + 1}`,
      parent: name,
      prematch: only ? null : pattern,
      pattern,
      order: "id,srcip",
    })),
    ...(hears
      ? [{ name: `${name}_capacity`, parent: name, prematch: capacity, pattern: capacity, order: "id" }]
      : []),
  ];
  const file = model.zeek.noticeLog.file.replace(/^.*\//, "");
  return {
    what: `Notices of the module ${model.zeek.module} in ${file}; the address comes from the column src.`,
    name,
    prematch,
    children,
  };
}

function iplog(model: Model): Decoders["iplog"] {
  const programs = iplogPrograms.map((program) => `^${program}$`).join("|");
  const asked = (expired: boolean): readonly string[] => {
    const scans = new Set(
      model.detections.flatMap((one) => (one.kind === "iplog" && one.expired === expired ? one.scans : [])),
    );
    return iplogReports.map(({ scan }) => scan).filter((scan) => scans.has(scan));
  };
  const [begun, over] = [asked(false), asked(true)];
  const reports = iplogPatterns(begun);
  const expiries = iplogExpiryPatterns(over);
  const { decoder: reportPattern, ...reportPrematches } = reports;
  const { decoder: expiryPattern, ...expiryPrematches } = expiries;
  const all: Decoders["iplog"] = [
    {
      what: "Reports of iplog: its own file names the protocol where syslog names the program. Lines about a single connection are not decoded.",
      name: iplogDecoderName(model),
      child: `${iplogDecoderName(model)}_report`,
      programs,
      ...reportPrematches,
      pattern: reportPattern,
      order: "id,srcip",
    },
    {
      what: "Ends of scans.",
      name: iplogExpiryDecoderName(model),
      child: `${iplogExpiryDecoderName(model)}_report`,
      programs,
      ...expiryPrematches,
      pattern: expiryPattern,
      order: "id,srcip,packets,bytes",
    },
  ];
  return all.filter((_, index) => (index === 0 ? begun : over).length > 0);
}
