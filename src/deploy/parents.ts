import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { analyses } from "../model/hosts.js";
import type { Model, RuleDetectionModel } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { suiteOf } from "../targets/ossec/suite.js";
import { codes } from "./codes.js";

/** Rules of the bundle whose parents the host does not have, or has at a level that makes them do the contrary. */
export function parentProblems(model: Model, loaded: LoadedOssec): readonly Diagnostic[] {
  if (!analyses(model)) return [];
  const { suite } = suiteOf(model.ossec);
  return model.detections.flatMap((detection) => {
    if (detection.kind !== "rule" || detection.under.kind !== "rules") return [];
    return detection.under.others.flatMap((id) => parentProblem(detection, id, loaded, suite) ?? []);
  });
}

function parentProblem(
  { name, effect, rule, span }: RuleDetectionModel,
  id: number,
  loaded: LoadedOssec,
  suite: "OSSEC" | "Wazuh",
): Diagnostic | null {
  const parent = loaded.ruleById.get(id);
  if (parent === undefined)
    return codes.parent(
      span,
      `"${name}" stands below rule ${id}, which is not loaded there: ${suite === "OSSEC" ? "OSSEC would not start" : "Wazuh does without that parent, and leaves out a rule that has no other"}`,
      "take the id away, or load the file that holds the rule",
    );
  const contrary =
    (effect === "raise" && rule.level < parent.level) || (effect === "lower" && rule.level > parent.level);
  return contrary
    ? codes.parent(
        span,
        `"${name}" is to ${effect} the level to ${rule.level}, and rule ${id} has level ${parent.level} there`,
        `choose another level, or write effect: { ${effect === "raise" ? "lower" : "raise"}: ${rule.level} }`,
      )
    : null;
}
