import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { DetectionModel } from "../../model/model.js";
import { codes } from "../codes.js";
import type { LinkedBundle } from "../link/bundle.js";
import type { LinkedRule } from "../link/detections.js";
import type { Policy } from "./policy.js";

/** What a rule about rules does to their level, as far as the bundle itself shows. */
export const checkRuleEffect: Policy = (bundle) => {
  const detections = new Map(bundle.detections.map(({ model }) => [model.name, model]));
  return bundle.detections.flatMap((detection) => {
    const found = detection.kind === "rule" ? troubleOf(detection, detections, bundle) : null;
    return found === null ? [] : [found];
  });
};

function troubleOf(
  { declared, model }: LinkedRule,
  detections: ReadonlyMap<string, DetectionModel>,
  { places }: Pick<LinkedBundle, "places">,
): Diagnostic | null {
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
  if (effect.kind === "onlyParent") return null;
  if (effect.value === 0)
    return codes.ruleEffect(
      at.span(),
      `${at.label} is 0, and rules of level 0 never alert`,
      "write effect: { silence: true }",
    );
  if (effect.kind === "level" || model.under.kind !== "rules") return null;
  const { detections: names } = model.under;
  const contrary = names
    .map((name) => detections.get(name))
    .find((parent) =>
      parent === undefined
        ? false
        : effect.kind === "raise"
          ? effect.value < parent.rule.level
          : effect.value > parent.rule.level,
    );
  return contrary === undefined
    ? null
    : codes.ruleEffect(
        at.span(),
        `${at.label} is ${effect.value}, and "${contrary.name}" has level ${contrary.rule.level} already`,
        `write effect: { ${effect.kind === "raise" ? "lower" : "raise"}: ${effect.value} }, if that is meant`,
      );
}
