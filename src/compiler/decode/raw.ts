import type { RawSample, RawXml } from "../../dsl/raw.js";
import { type Accepts, list, type Output, object, optional, refined, text } from "./decoder.js";
import { mostLines, sampleLine } from "./line-samples.js";
import { detectionName } from "./names.js";
import { integer, refuseText } from "./scalars.js";

const longestXml = 1_000_000;

const xml = refined(text, (written, field) => {
  if (written.trim() === "") return refuseText(field, "it is empty");
  if (written.length > longestXml) return refuseText(field, `it is longer than ${longestXml} characters`);
  return /[\0\r]|\p{Cs}/u.test(written)
    ? refuseText(field, "it holds a NUL, a CR or half of a surrogate pair")
    : written;
});

const sample = object({ line: sampleLine, rule: integer(1, 999_999) }) satisfies Accepts<RawSample>;

export const rawXml = object({
  name: detectionName,
  decoders: optional(xml),
  rules: optional(xml),
  before: optional(text),
  after: optional(text),
  samples: optional(list(sample, mostLines)),
}) satisfies Accepts<RawXml>;

export type RawDeclaration = Output<typeof rawXml>;
