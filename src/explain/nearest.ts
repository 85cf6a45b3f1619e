/** The rule that a person would say nearly fired. */
import type { RuleDefinition } from "../ossec/definitions.js";
import { conditionsOf } from "../ossec/engine/conditions.js";
import type { FailedCondition } from "../ossec/engine/trace.js";
import type { RuleAttempt } from "./recorder.js";
import { similarity } from "./similarity.js";

/** Rules that every event of a category passes say nothing about a near miss. */
const bare = ({ rule, depth }: RuleAttempt): boolean => depth === 0 && rule.level === 0;

/** How much of a condition that is not met was there, 0 to 1. */
function share({ condition, wanted, found, others = 0 }: FailedCondition, rule: RuleDefinition): number {
  if (condition === "frequency") return Math.min(0.9, (Number(found) + others) / (rule.frequency + 1));
  return found === null ? 0 : similarity(wanted, found);
}

/** How much of what a rule asks for was there, 0 to 1. */
function progress({ rule, failed }: RuleAttempt): number {
  if (failed === null) return 1;
  const asked = conditionsOf(rule);
  const met = asked.findIndex(({ name }) => name === failed.condition);
  return (Math.max(0, met) + share(failed, rule)) / Math.max(1, asked.length);
}

/** Steps down the tree count less than what the rule itself asks for. */
const depthCounts = 0.2;
const deepest = 4;
/** As much as the reader's own rules are nearer to the reader. */
const ownCounts = 0.4;

/** Of a rule that is not the reader's own less than this part being there is no near miss. */
const leastProgress = 0.3;

/** Of equally near ones the first that was tried; null: none came near. */
export function nearestMiss(
  attempts: readonly RuleAttempt[],
  own: ReadonlySet<RuleDefinition>,
): RuleAttempt | null {
  let nearest: RuleAttempt | null = null;
  let most = 0;
  for (const attempt of attempts) {
    const { rule, depth, failed, reached } = attempt;
    if (failed === null || bare(attempt) || failed.condition === "decoded_as") continue;
    const there = progress(attempt);
    if (there < leastProgress && depth < 2 && !own.has(rule)) continue;
    const score =
      there +
      depthCounts * Math.min(deepest, depth) +
      (own.has(rule) ? ownCounts : 0) +
      // Between rules of which nothing was there: the one whose tests went furthest.
      reached / 1000;
    if (score <= most) continue;
    nearest = attempt;
    most = score;
  }
  return nearest;
}
