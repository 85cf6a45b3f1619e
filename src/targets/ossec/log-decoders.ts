import type { LogDecoderModel, Model, PatternModel } from "../../model/model.js";

type Context = Readonly<Record<string, unknown>>;

/** Element names of a decoder's patterns; OS_Match is for program names only (docs/reference/ossec.md#pattern-languages). */
const elements = {
  program: { osmatch: "program_name", osregex: null, pcre2: "program_name_pcre2" },
  prematch: { osmatch: null, osregex: "prematch", pcre2: "prematch_pcre2" },
  regex: { osmatch: null, osregex: "regex", pcre2: "pcre2" },
} as const;

/** The decoders of log detections, each once. */
export function logDecoders(model: Model): readonly LogDecoderModel[] {
  const decoders = new Map<string, LogDecoderModel>();
  for (const detection of model.detections)
    if (detection.kind === "log") decoders.set(detection.decoder.name, detection.decoder);
  return [...decoders.values()];
}

/** What the template of local_decoder.xml shows of one. */
export function logDecoderContext(model: Model, decoder: LogDecoderModel): Context {
  const readers = model.detections.flatMap((one) =>
    one.kind === "log" && one.decoder.name === decoder.name ? [one.name] : [],
  );
  return {
    what: `${readers.slice(0, 5).join(", ")}${readers.length > 5 ? " and others" : ""}`,
    name: decoder.name,
    program: patternContext("program", decoder.program),
    prematch: patternContext("prematch", decoder.prematch),
    regex: patternContext("regex", decoder.regex),
    offset: decoder.afterPrematch ? "after_prematch" : null,
    order: decoder.order.join(","),
  };
}

function patternContext(place: keyof typeof elements, pattern: PatternModel | null): Context | null {
  if (pattern === null) return null;
  const element = elements[place][pattern.language];
  if (element === null) throw new Error(`bug in zopf: ${place} cannot be ${pattern.language}`);
  return { element, text: pattern.text };
}
