import type { Model, NoticeLog, ZeekDetectionModel } from "../../model/model.js";
import { iplogExpiryPatterns, iplogPatterns, iplogPrograms, iplogReports } from "../iplog/lines.js";
import { type ElementContext, plainElement, type WrittenPattern } from "./elements.js";
import { logDecoderContexts } from "./log-decoders.js";
import { noticePatterns } from "./notice-lines.js";
import { suiteOf } from "./suite.js";

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

/** The log of notices that a JSON decoder of the suite's own reads; null where a decoder of the bundle's does. */
export function jsonNotices({ ossec, zeek }: Model): NoticeLog | null {
  return suiteOf(ossec).ownJson && zeek?.noticeLog.kind === "dedicated" ? zeek.noticeLog : null;
}

/** A decoder as the template shows it. */
export interface DecoderContext extends Readonly<Record<string, unknown>> {
  /** A comment before it; null: it belongs to the one before. */
  readonly what: string | null;
  readonly name: string;
  readonly elements: readonly (ElementContext & { readonly offset?: string })[];
}

/** The bundle's decoders in the order of the file. */
export function decodersOf(model: Model): readonly DecoderContext[] {
  return [...noticeDecoders(model), ...iplogDecoders(model), ...logDecoderContexts(model)];
}

const names = new WeakMap<Model, ReadonlySet<string>>();

/** Every name in that order, without doubles. */
export function decoderNames(model: Model): ReadonlySet<string> {
  const known = names.get(model);
  if (known !== undefined) return known;
  const found = namesOf(model);
  names.set(model, found);
  return found;
}

function namesOf(model: Model): ReadonlySet<string> {
  return new Set([
    ...decodersOf(model).map(({ name }) => name),
    ...model.raw.flatMap((one) => one.decoderNames),
  ]);
}

const pcre2 = (text: string): WrittenPattern => ({ language: "pcre2", text });

function noticeDecoders(model: Model): readonly DecoderContext[] {
  const detections = model.detections.filter((one): one is ZeekDetectionModel => one.kind === "zeek");
  if (model.zeek === null || detections.length === 0 || jsonNotices(model) !== null) return [];
  const { pattern, longestPattern } = suiteOf(model.ossec);
  const name = noticeDecoderName(model);
  const { prematch, decoders: patterns, capacity } = noticePatterns(model.zeek, detections, longestPattern);
  const hears = model.zeek.capacity !== undefined;
  // The only child is taken without asking.
  const only = patterns.length === 1 && !hears;
  const file = model.zeek.noticeLog.file.replace(/^.*\//, "");
  const child = (suffix: string, text: string, order: string): DecoderContext => ({
    what: null,
    name: `${name}_${suffix}`,
    elements: [
      plainElement("parent", name),
      ...(only ? [] : [pattern("prematch", pcre2(text))]),
      pattern("regex", pcre2(text)),
      plainElement("order", order),
    ],
  });
  return [
    {
      what: `Notices of the module ${model.zeek.module} in ${file}; the address comes from the column src.`,
      name,
      elements: [pattern("prematch", pcre2(prematch))],
    },
    ...patterns.map((text, index) =>
      child(`notice${patterns.length === 1 ? "" : index + 1}`, text, "id,srcip"),
    ),
    ...(hears ? [child("capacity", capacity, "id")] : []),
  ];
}

/** Reports, and the lines that they are over. */
function iplogDecoders(model: Model): readonly DecoderContext[] {
  const { pattern } = suiteOf(model.ossec);
  const programs = iplogPrograms.map((program) => `^${program}$`).join("|");
  const asked = (expired: boolean): readonly string[] => {
    const scans = new Set(
      model.detections.flatMap((one) => (one.kind === "iplog" && one.expired === expired ? one.scans : [])),
    );
    return iplogReports.map(({ scan }) => scan).filter((scan) => scans.has(scan));
  };
  const decoders = (
    what: string,
    name: string,
    patterns: ReturnType<typeof iplogPatterns>,
    order: string,
  ): readonly DecoderContext[] => [
    {
      what,
      name,
      elements: [
        pattern("program_name", { language: "osmatch", text: programs }),
        pattern("prematch", pcre2(patterns.prematch)),
      ],
    },
    {
      what: "The same where no program name could be read from the line.",
      name,
      elements: [pattern("prematch", pcre2(patterns.prematchWithoutProgram))],
    },
    {
      what: null,
      name: `${name}_report`,
      elements: [
        plainElement("parent", name),
        pattern("regex", pcre2(patterns.decoder)),
        plainElement("order", order),
      ],
    },
  ];
  const [begun, over] = [asked(false), asked(true)];
  return [
    ...(begun.length === 0
      ? []
      : decoders(
          "Reports of iplog: its own file names the protocol where syslog names the program. Lines about a single connection are not decoded.",
          iplogDecoderName(model),
          iplogPatterns(begun),
          "id,srcip",
        )),
    ...(over.length === 0
      ? []
      : decoders(
          "Ends of scans.",
          iplogExpiryDecoderName(model),
          iplogExpiryPatterns(over),
          "id,srcip,packets,bytes",
        )),
  ];
}
