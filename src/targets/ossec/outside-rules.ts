import type { Model } from "../../model/model.js";

/** A rule id that no bundle and no rule set has. */
const standIn = 999_999;

/**
 * Rules and groups that bursts count and that are not the bundle's: where the host's own rules are not there, rules
 * that never match stand for them, since OSSEC does not load a composite without what it counts.
 */
export function outsideRules(model: Model): string | null {
  const rules = new Map<number, string>();
  for (const detection of model.detections) {
    if (detection.kind !== "burst") continue;
    const { base } = detection;
    if (base.kind === "rule" && base.detection === null) rules.set(base.id, "outside,");
    if (base.kind === "group" && !hasMember(model, base.group))
      rules.set(standIn - rules.size, `${base.group},`);
  }
  if (rules.size === 0) return null;
  return [...rules]
    .map(
      ([id, group]) =>
        `<group name="${group}"><rule id="${id}" level="1"><match>zz_never_zz</match><description>Not the bundle's.</description></rule></group>\n`,
    )
    .join("");
}

function hasMember(model: Model, group: string): boolean {
  return model.detections.some(
    ({ kind, rule }) =>
      kind !== "burst" && rule.groups.some((name) => name.toLowerCase().includes(group.toLowerCase())),
  );
}
