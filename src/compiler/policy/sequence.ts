import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";
import type { LinkedBundle } from "../link/bundle.js";
import { comparisonOf, keysOf } from "../link/burst.js";
import type { LinkedDetection, LinkedSequence } from "../link/detections.js";
import type { Policy } from "./policy.js";

/** What keeps a sequence from firing: levels, marks, and keys that one of its two parts does not have (docs/reference/ossec.md#correlation). */
export const checkSequence: Policy = (bundle) => {
  const byName = new Map(bundle.detections.map((detection) => [detection.model.name, detection]));
  return bundle.detections.flatMap((detection) => {
    const found = detection.kind === "sequence" ? troubleOf(detection, byName, bundle) : null;
    return found === null ? [] : [found];
  });
};

function troubleOf(
  sequence: LinkedSequence,
  byName: ReadonlyMap<string, LinkedDetection>,
  bundle: Pick<LinkedBundle, "places" | "model">,
): Diagnostic | null {
  const { declared, model } = sequence;
  const { places } = bundle;
  const { first, next } = declared;
  const { base, under } = model;
  const before = byName.get(base.kind === "rule" ? (base.detection ?? "") : "") ?? null;
  const after = byName.get(under.kind === "rules" ? (under.detections[0] ?? "") : "") ?? null;
  const name = `"${model.name}"`;
  if (model.rule.level === 0)
    return codes.sequence(
      places.at(declared.rule, "level").span(),
      `${name} has level 0 and would never be reported`,
    );
  if (first.kind === next.kind && first.value === next.value)
    return codes.sequence(
      places.at(next, next.kind).span(),
      `${name} waits for the same thing twice`,
      'count it: kind: "burst", events: 2',
    );
  const at = places.at(first, first.kind);
  if (before?.model.rule.level === 0)
    return codes.sequence(
      at.span(),
      `"${before.model.name}" has level 0, and OSSEC keeps no event of level 0: nothing would be found behind`,
      "give it a level of 1 or more",
    );
  if (
    before !== null &&
    (before.kind === "burst" || before.kind === "sequence") &&
    before.model.rule.level >= model.rule.level
  )
    return codes.sequence(
      at.span(),
      `"${before.model.name}" carries the mark of level ${before.model.rule.level}, and ${name}, of level ${model.rule.level}, stops looking back at such a mark`,
      `give ${name} a higher level than ${before.model.rule.level}`,
    );
  for (const part of [before, after]) {
    if (part === null) continue;
    const { fields } = part.capture;
    const missing = keysOf(declared)
      .map((key) => comparisonOf(key, fields, bundle.model.ossec))
      .find(({ slot }) => slot !== null && !fields.has(slot));
    if (missing !== undefined)
      return codes.sequence(
        places.at(declared, "per").span(),
        `"${part.model.name}" has no ${missing.name} that could be compared, so ${name} could never fire`,
        `capture it: order: [..., "${missing.name}"]`,
      );
  }
  return null;
}
