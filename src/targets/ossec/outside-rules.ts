import type { BurstBaseModel, DetectionModel, Model, RuleParentModel } from "../../model/model.js";
import { ruleIdsOf } from "../../model/rule-ids.js";
import { categoryRootsText } from "../../ossec/load/index.js";
import { decoderNames } from "./decoders.js";
import { rawOutside } from "./raw.js";

/** A rule id that no bundle and no rule set has. */
const standIn = 999_999;

/** Rules with smaller ids are roots; those from 1 to 7 are the categories' (docs/reference/ossec.md#rule-shape). */
const firstOfOthers = 10;
const isCategoryRoot = (id: number): boolean => id >= 1 && id <= 7;

/**
 * Rules and groups that detections are about and that are not the bundle's: where the host's own rules are not there,
 * rules that never match stand for them, since OSSEC does not load a rule without its parent, nor a composite
 * without what it counts.
 */
export function outsideRules(model: Model): string | null {
  const brought = new Set(ruleIdsOf(model));
  // Before the roots of all rules no other can stand: such a bundle is all there is.
  if ([...brought].some(isCategoryRoot)) return null;
  const rules = new Map<number, string>();
  for (const detection of model.detections) {
    for (const { ids = [], group = null } of namedOutside(detection)) {
      for (const id of ids) rules.set(id, "outside,");
      // Members of the bundle's own may stand behind what counts them, as the host's do before it.
      if (group !== null) rules.set(standIn - rules.size, `${group},`);
    }
  }
  const raw = rawOutside(model);
  for (const id of raw.rules) rules.set(id, "outside,");
  for (const group of raw.groups) rules.set(standIn - rules.size, `${group},`);
  for (const id of brought) rules.delete(id);
  // Without a root among its files the loader adds the roots of the categories itself.
  const needsRoots = [...brought, ...rules.keys()].some((id) => id < firstOfOthers);
  const text = [...rules]
    .filter(([id]) => !isCategoryRoot(id))
    .map(
      ([id, group]) =>
        `<group name="${group}"><rule id="${id}" level="1"><match>zz_never_zz</match><description>Not the bundle's.</description></rule></group>\n`,
    )
    .join("");
  return needsRoots ? `${categoryRootsText}\n${text}` : text === "" ? null : text;
}

/** Rules or a group that are not the bundle's. */
interface Outside {
  readonly ids?: readonly number[];
  readonly group?: string;
}

/** What a detection is about outside the bundle. */
export function namedOutside(detection: DetectionModel): readonly Outside[] {
  switch (detection.kind) {
    case "zeek":
    case "iplog":
    case "log":
      return [];
    case "burst":
      return outsideBase(detection.base);
    case "rule":
      return detection.rule.overwrite === true
        ? [{ ids: [detection.rule.id] }]
        : outsideParent(detection.under);
    case "sequence":
      return [...outsideBase(detection.base), ...outsideParent(detection.under)];
  }
}

function outsideBase(base: BurstBaseModel): readonly Outside[] {
  if (base.kind === "group") return [{ group: base.group }];
  return base.detection === null ? [{ ids: [base.id] }] : [];
}

function outsideParent(under: RuleParentModel): readonly Outside[] {
  switch (under.kind) {
    case "group":
      return [{ group: under.group }];
    case "rules":
      return under.others.length === 0 ? [] : [{ ids: under.others }];
    case "category":
      return [];
  }
}

/** Decoders that rules name and that are not the bundle's, as the rules above: they take no line. */
export function outsideDecoders(model: Model): string | null {
  const own = decoderNames(model);
  const names = model.detections.flatMap((detection) =>
    detection.kind !== "rule"
      ? []
      : detection.conditions.flatMap(({ element, value }) =>
          element === "decoded_as" && !own.has(value) ? [value] : [],
        ),
  );
  const all = [...names, ...rawOutside(model).decoders];
  if (all.length === 0) return null;
  return [...new Set(all)]
    .map((name) => `<decoder name="${name}"><prematch>^zz_never_zz</prematch></decoder>\n`)
    .join("");
}

/** Lists that conditions look up in and that are not the bundle's, by their path below the home. */
export function outsideLists({
  detections,
  raw,
  lists,
}: Pick<Model, "detections" | "raw" | "lists">): readonly string[] {
  const own = new Set(lists.map(({ path }) => path));
  const named = [
    ...detections.flatMap((detection) =>
      "conditions" in detection
        ? detection.conditions.flatMap(({ list, value }) => (list === undefined ? [] : [value]))
        : [],
    ),
    ...raw.flatMap(({ names }) => names.lists),
  ];
  return [...new Set(named)].filter((path) => !own.has(path));
}
