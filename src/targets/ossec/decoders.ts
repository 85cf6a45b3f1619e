import type { Model, ZeekDetectionModel } from "../../model/model.js";
import { iplogPatterns, iplogPrograms, iplogReports } from "../iplog/lines.js";
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

/** Every decoder name that the bundle's local_decoder.xml defines, in order, without doubles. */
export function decoderNames(model: Model): readonly string[] {
  const { notices, iplog } = decoders(model);
  return [
    ...(notices === null ? [] : [notices.name, ...notices.children.map(({ name }) => name)]),
    ...(iplog === null ? [] : [iplog.name, iplog.child]),
    ...logDecoders(model).map(({ name }) => name),
  ];
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
    }[];
  } | null;
  readonly iplog: {
    readonly name: string;
    readonly child: string;
    readonly programs: string;
    readonly prematch: string;
    readonly prematchWithoutProgram: string;
    readonly pattern: string;
  } | null;
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
  if (model.zeek === null || detections.length === 0) return null;
  const name = noticeDecoderName(model);
  const { prematch, decoders: patterns } = noticePatterns(model.zeek, detections);
  const children = patterns.map((pattern, index) => ({
    name: `${name}_notice${patterns.length === 1 ? "" : index + 1}`,
    parent: name,
    prematch: patterns.length === 1 ? null : pattern,
    pattern,
  }));
  const file = model.zeek.noticeLog.file.replace(/^.*\//, "");
  return {
    what: `Notices of the module ${model.zeek.module} in ${file}; the address comes from the column src.`,
    name,
    prematch,
    children,
  };
}

function iplog(model: Model): Decoders["iplog"] {
  const asked = new Set(model.detections.flatMap((one) => (one.kind === "iplog" ? one.scans : [])));
  const scans = iplogReports.map(({ scan }) => scan).filter((scan) => asked.has(scan));
  if (scans.length === 0) return null;
  const { prematch, prematchWithoutProgram, decoder } = iplogPatterns(scans);
  return {
    name: iplogDecoderName(model),
    child: `${iplogDecoderName(model)}_report`,
    programs: iplogPrograms.map((program) => `^${program}$`).join("|"),
    prematch,
    prematchWithoutProgram,
    pattern: decoder,
  };
}
