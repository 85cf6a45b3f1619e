import type { RuleDetection, RuleEffect, RuleParent } from "../../dsl/rule-detection.js";
import { eventConditions, lineConditions, moments } from "./conditions.js";
import {
  type Accepts,
  type Decoder,
  exactlyOne,
  list,
  type Output,
  object,
  oneOf,
  optional,
  refined,
  text,
  yes,
} from "./decoder.js";
import { mostLines, sampleLine } from "./line-samples.js";
import { detectionName } from "./names.js";
import { ruleText } from "./rule.js";
import { group, integer, level, mostId } from "./scalars.js";

const mostParents = 100;

const ids = list(integer(1, mostId), {
  least: 1,
  most: mostParents,
  expected: `a list of 1 to ${mostParents} rule ids`,
});
const names = list(text, {
  least: 1,
  most: mostParents,
  expected: `a list of 1 to ${mostParents} names of detections`,
});
const detections: Decoder<readonly string[], string | readonly string[]> = (field) => {
  if (Array.isArray(field.value)) return names(field);
  const one = text(field);
  return one === null ? null : field.declare([one]);
};

const parents = object({ rules: optional(ids), group: optional(group), detection: optional(detections) });

/** By a group, or by rules and detections together. */
const under = refined(parents, (written, field) => {
  const { rules, group, detection } = written;
  const choices = 'one of { rules: [5716] }, { group: "web" }, { detection: "Name" }';
  if (group === undefined)
    return rules === undefined && detection === undefined
      ? field.refuse(choices)
      : ({ kind: "rules", rules, detection } as const);
  return rules === undefined && detection === undefined
    ? ({ kind: "group", group } as const)
    : field.refuse(choices, "a group and others together");
}) satisfies Accepts<RuleParent>;

const effect = exactlyOne(
  "one of { raise: 10 }, { lower: 3 }, { level: 5 }, { silence: true }, { onlyParent: 0 }",
  { raise: level, lower: level, level, silence: yes, onlyParent: level },
  {},
) satisfies Accepts<RuleEffect>;

export const ruleDetection = object({
  kind: oneOf("rule"),
  name: detectionName,
  under: optional(under),
  where: optional(eventConditions),
  match: optional(lineConditions),
  firstTime: optional(yes),
  ...moments,
  effect,
  samples: optional(list(sampleLine, mostLines)),
  notSamples: optional(list(sampleLine, mostLines)),
  rule: ruleText,
}) satisfies Accepts<RuleDetection>;

export type RuleDetectionDeclaration = Output<typeof ruleDetection>;
