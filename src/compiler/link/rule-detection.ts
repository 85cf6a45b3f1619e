import type { LogSampleModel, OssecModel, RuleDetectionModel, RuleParentModel } from "../../model/model.js";
import type { RuleDetectionDeclaration } from "../decode/rule-detection.js";
import { membersOf } from "./burst.js";
import type { Capture } from "./capture.js";
import type { LinkContext } from "./context.js";
import type { LinkedDetection } from "./detections.js";
import { linkEventConditions } from "./event-conditions.js";
import { matchCondition } from "./log-conditions.js";
import { linkMoments } from "./moments.js";

/** A rule about rules without its own one; null where its parent or a condition did not link. */
export function linkRuleDetection(
  context: LinkContext,
  declared: RuleDetectionDeclaration,
  others: readonly LinkedDetection[],
  ossec: OssecModel,
): { readonly model: Omit<RuleDetectionModel, "rule">; readonly capture: Capture } | null {
  const { places } = context;
  const { name, match, where, samples = [], notSamples = [] } = declared;
  const parent = parentOf(context, declared, others);
  const conditions = where === undefined ? [] : linkEventConditions(context, where, ossec);
  if (parent === null || conditions === null) return null;
  const lines = (list: readonly string[]): readonly LogSampleModel[] =>
    list.map((line, index) => ({ line, fields: [], span: places.at(list, index).span() }));
  return {
    model: {
      kind: "rule",
      name,
      under: parent.under,
      effect: declared.effect.kind,
      conditions: [
        ...(match === undefined ? [] : [matchCondition(match)]),
        ...conditions,
        ...linkMoments(declared),
      ],
      samples: lines(samples),
      notSamples: lines(notSamples),
      span: places.of(declared).span(),
    },
    capture: parent.capture,
  };
}

function parentOf(
  { places }: LinkContext,
  { under }: RuleDetectionDeclaration,
  others: readonly LinkedDetection[],
): { readonly under: RuleParentModel; readonly capture: Capture } | null {
  const span = places.at(under, under.kind).span();
  const foreign = (why: string): Capture => ({
    fields: new Set(["srcip", "dstuser", "id", "url", "srcport", "dstport"]),
    forgeable: { why, known: false, span },
    cutLine: null,
  });
  switch (under.kind) {
    case "detection": {
      const base = others.find(({ model }) => model.name === under.value);
      if (base === undefined) return null;
      const { model, capture } = base;
      return { under: { kind: "rules", ids: [model.rule.id], detection: model.name }, capture };
    }
    case "rules": {
      const ids = [...new Set(under.value)];
      const why = `rule ${ids[0]} is not the bundle's, and its decoder is not seen here`;
      return { under: { kind: "rules", ids, detection: null }, capture: foreign(why) };
    }
    case "group": {
      const known = membersOf(under.value, others).find(({ capture }) => capture.forgeable !== null);
      const why = `other rules of the host may be in the group "${under.value}", and their decoders are not seen here`;
      return {
        under: { kind: "group", group: under.value },
        capture: known === undefined ? foreign(why) : { ...foreign(why), forgeable: known.capture.forgeable },
      };
    }
  }
}
