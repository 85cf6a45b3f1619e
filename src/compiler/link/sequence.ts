import type { OssecModel, RuleParentModel, SequenceDetectionModel } from "../../model/model.js";
import type { SequenceDeclaration } from "../decode/sequence.js";
import { baseOf, linkComparisons } from "./burst.js";
import type { Capture } from "./capture.js";
import type { LinkContext } from "./context.js";
import type { Known } from "./known.js";

/** A sequence without its rule; null where one of its two parts did not link. */
export function linkSequence(
  context: LinkContext,
  declared: SequenceDeclaration,
  known: Known,
  ossec: OssecModel,
): { readonly model: Omit<SequenceDetectionModel, "rule">; readonly capture: Capture } | null {
  const { places } = context;
  const { first, next, per, times = 1, samples = [] } = declared;
  const before = baseOf(places.at(first, first.kind).span(), { of: first, per }, known);
  const after = baseOf(places.at(next, next.kind).span(), { of: next, per }, known);
  if (before === null || after === null) return null;
  const compared = linkComparisons(context, declared, after.capture.fields, ossec);
  if (compared === null) return null;
  const { base } = after;
  const under: RuleParentModel =
    base.kind === "group"
      ? base
      : {
          kind: "rules",
          ids: [base.id],
          detections: base.detection === null ? [] : [base.detection],
          others: base.detection === null ? [base.id] : [],
        };
  return {
    model: {
      kind: "sequence",
      name: declared.name,
      base: before.base,
      events: times + 1,
      under,
      timeframe: declared.within,
      ...compared,
      samples: samples.map((lines, index) => ({ lines, span: places.at(samples, index).span() })),
      span: places.of(declared).span(),
    },
    // The event that completes it is the one that is reported.
    capture: after.capture,
  };
}
