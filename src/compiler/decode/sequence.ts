import type { SequenceDetection } from "../../dsl/sequence.js";
import { burstBase, lastEvent, per, within } from "./burst.js";
import { type Accepts, list, type Output, object, oneOf, optional } from "./decoder.js";
import { mostLines, sampleLine } from "./line-samples.js";
import { detectionName } from "./names.js";
import { rule } from "./rule.js";
import { integer } from "./scalars.js";

const lines = list(sampleLine, { least: 2, most: 200, expected: "a list of 2 to 200 lines" });

export const sequenceDetection = object({
  kind: oneOf("sequence"),
  name: detectionName,
  first: burstBase,
  times: optional(integer(1, 9_998)),
  next: burstBase,
  within,
  per,
  ...lastEvent,
  samples: optional(list(lines, mostLines)),
  rule,
}) satisfies Accepts<SequenceDetection>;

export type SequenceDeclaration = Output<typeof sequenceDetection>;
