import type { RuleParentModel, SequenceDetectionModel } from "../../model/model.js";
import type { SequenceDeclaration } from "../decode/sequence.js";
import { baseOf, comparisonOf, keysOf } from "./burst.js";
import type { Capture } from "./capture.js";
import type { LinkContext } from "./context.js";
import type { LinkedDetection } from "./detections.js";

/** A sequence without its rule; null where one of its two parts did not link. */
export function linkSequence(
  { places, ossec }: LinkContext,
  declared: SequenceDeclaration,
  others: readonly LinkedDetection[],
): { readonly model: Omit<SequenceDetectionModel, "rule">; readonly capture: Capture } | null {
  const { first, next, per, times = 1, samples = [] } = declared;
  const before = baseOf(places.at(first, first.kind).span(), { of: first, per }, others);
  const after = baseOf(places.at(next, next.kind).span(), { of: next, per }, others);
  if (before === null || after === null) return null;
  const { base } = after;
  const under: RuleParentModel =
    base.kind === "rule" ? { kind: "rules", ids: [base.id], detection: base.detection } : base;
  return {
    model: {
      kind: "sequence",
      name: declared.name,
      base: before.base,
      events: times + 1,
      under,
      timeframe: declared.within,
      flags: keysOf({ per }).map((key) => comparisonOf(key, after.capture.fields, ossec).element),
      samples: samples.map((lines, index) => ({ lines, span: places.at(samples, index).span() })),
      span: places.of(declared).span(),
    },
    // The event that completes it is the one that is reported.
    capture: after.capture,
  };
}
