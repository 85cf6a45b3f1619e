import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";
import type { LinkedBundle } from "../link/bundle.js";
import { comparisonOf, keysOf, membersOf } from "../link/burst.js";
import type { LinkedBurst, LinkedDetection } from "../link/detections.js";
import type { Policy } from "./policy.js";

/** What keeps a burst from firing: the levels, and fields that what it counts does not have (docs/reference/ossec.md#correlation). */
export const checkBurstBase: Policy = (bundle) => {
  const byName = new Map(bundle.detections.map((detection) => [detection.model.name, detection]));
  return bundle.detections.flatMap((detection) => {
    const found = detection.kind === "burst" ? troubleOf(detection, byName, bundle) : null;
    return found === null ? [] : [found];
  });
};

function troubleOf(
  burst: LinkedBurst,
  byName: ReadonlyMap<string, LinkedDetection>,
  bundle: LinkedBundle,
): Diagnostic | null {
  const { detections, places } = bundle;
  const { declared, model } = burst;
  if (model.rule.level === 0)
    return codes.burstLevel(
      places.at(declared.rule, "level").span(),
      `"${model.name}" has level 0: OSSEC then neither reports the burst nor keeps the event that fired it`,
      "give it a level above that of what it counts",
    );
  const { base } = model;
  if (base.kind === "rule") {
    const counted = base.detection === null ? undefined : byName.get(base.detection);
    return counted === undefined
      ? null
      : (levels(burst, counted, places) ?? missingKey(burst, counted, bundle));
  }
  const before = detections.slice(0, detections.indexOf(burst));
  const members = membersOf(base.group, before);
  const silent = members.find((member) => member.model.rule.level === 0);
  if (silent !== undefined)
    return codes.burstLevel(
      places.at(declared.of, declared.of.kind).span(),
      `"${silent.model.name}" of the group has level 0, and OSSEC keeps no event of level 0`,
    );
  return members.map((member) => missingKey(burst, member, bundle)).find((found) => found !== null) ?? null;
}

function levels(
  { declared, model }: LinkedBurst,
  base: LinkedDetection,
  places: LinkedBundle["places"],
): Diagnostic | null {
  const { level } = model.rule;
  const { name, rule } = base.model;
  const counted = places.at(declared.of, declared.of.kind).span();
  if (rule.onlyParent === true)
    return codes.burst(
      counted,
      `"${name}" is there for the rules below it, and OSSEC keeps no event of it: the burst could never fire`,
      "count the rules below it, by a group",
    );
  if (rule.level === 0)
    return codes.burst(
      counted,
      `"${name}" has level 0, and OSSEC keeps no event of level 0: the burst could never fire`,
      "give it a level of 1 or more",
    );
  if (base.kind === "burst" && rule.level >= level)
    return codes.burst(
      counted,
      `"${name}" is itself a burst, of level ${rule.level}: its events carry that mark, and a burst of level ${level} stops at the first of them`,
      `give "${model.name}" a higher level than ${rule.level}`,
    );
  if (rule.level <= level) return null;
  return codes.burstLevel(
    places.at(declared.rule, "level").span(),
    `"${model.name}" has level ${level}, and what it counts has ${rule.level}: OSSEC would report the burst as the lesser thing`,
    `give it level ${rule.level} or more`,
  );
}

function missingKey(
  { declared }: LinkedBurst,
  { kind, model, capture }: LinkedDetection,
  { places, model: { ossec } }: Pick<LinkedBundle, "places" | "model">,
): Diagnostic | null {
  const missing = keysOf(declared)
    .map((key) => comparisonOf(key, capture.fields, ossec))
    .find(({ slot }) => slot !== null && !capture.fields.has(slot));
  const noUrl = declared.different !== undefined && !capture.fields.has("url");
  if (missing === undefined && !noUrl) return null;
  const name = missing?.name ?? "url";
  const capturing = kind === "log" ? `capture it: order: [..., "${name}"]` : undefined;
  return codes.burst(
    places.at(declared, missing === undefined ? "different" : "per").span(),
    `"${model.name}" has no ${name} that could be compared, so the burst could never fire`,
    name === "user" ? "OSSEC compares dstuser: the order must name user or dstuser, not srcuser" : capturing,
  );
}
