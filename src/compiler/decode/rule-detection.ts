import type { RuleDetection, RuleEffect, RuleParent } from "../../dsl/rule-detection.js";
import { anyPattern, eventConditions, moments } from "./conditions.js";
import {
  type Accepts,
  exactlyOne,
  list,
  type Output,
  object,
  oneOf,
  optional,
  text,
  yes,
} from "./decoder.js";
import { mostLines, sampleLine } from "./line-samples.js";
import { detectionName } from "./names.js";
import { ruleText } from "./rule.js";
import { group, integer, level } from "./scalars.js";

const mostParents = 100;

const under = exactlyOne(
  'one of { rules: [5716] }, { group: "web" }, { detection: "Name" }',
  {
    rules: list(integer(1, 999_999), {
      least: 1,
      most: mostParents,
      expected: `a list of 1 to ${mostParents} rule ids`,
    }),
    group,
    detection: text,
  },
  {},
) satisfies Accepts<RuleParent>;

const effect = exactlyOne(
  "one of { raise: 10 }, { lower: 3 }, { silence: true }",
  { raise: level, lower: level, silence: yes },
  {},
) satisfies Accepts<RuleEffect>;

export const ruleDetection = object({
  kind: oneOf("rule"),
  name: detectionName,
  under,
  where: optional(eventConditions),
  match: optional(anyPattern),
  ...moments,
  effect,
  samples: optional(list(sampleLine, mostLines)),
  notSamples: optional(list(sampleLine, mostLines)),
  rule: ruleText,
}) satisfies Accepts<RuleDetection>;

export type RuleDetectionDeclaration = Output<typeof ruleDetection>;
