import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";
import type { LinkedBundle } from "../link/bundle.js";
import type { LinkedRule } from "../link/detections.js";
import type { Policy } from "./policy.js";

/** What a rule about rules does to their level, as far as the bundle itself shows. */
export const checkRuleEffect: Policy = (bundle) =>
  bundle.detections.flatMap((detection) => {
    const found = detection.kind === "rule" ? troubleOf(detection, bundle) : null;
    return found === null ? [] : [found];
  });

function troubleOf({ declared, model }: LinkedRule, { detections, places }: LinkedBundle): Diagnostic | null {
  const { effect, rule } = declared;
  const at = places.at(effect, effect.kind);
  if (effect.kind === "silence") {
    const idle = (["ignore", "mail", "log"] as const).find((key) => rule[key] !== undefined);
    return idle === undefined
      ? null
      : codes.ruleEffect(
          places.at(rule, idle).span(),
          `"${model.name}" silences what it takes, and ${idle} is for alerts`,
          "take one of them away",
        );
  }
  if (effect.value === 0)
    return codes.ruleEffect(
      at.span(),
      `${at.label} is 0, and rules of level 0 never alert`,
      "write effect: { silence: true }",
    );
  const own = detections.find(({ model: other }) => other.rule.id === ownParent(model));
  if (own === undefined) return null;
  const { name, rule: parent } = own.model;
  const wrong = effect.kind === "raise" ? effect.value < parent.level : effect.value > parent.level;
  return wrong
    ? codes.ruleEffect(
        at.span(),
        `${at.label} is ${effect.value}, and "${name}" has level ${parent.level} already`,
        `write effect: { ${effect.kind === "raise" ? "lower" : "raise"}: ${effect.value} }, if that is meant`,
      )
    : null;
}

/** Id of the rule of the bundle that it stands below; null: it is somebody else's. */
function ownParent({ under }: LinkedRule["model"]): number | null {
  return under.kind === "rules" && under.detection !== null ? (under.ids[0] ?? null) : null;
}
