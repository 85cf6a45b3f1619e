import type { Span } from "../../diagnostics/diagnostic.js";
import type { BurstKey } from "../../dsl/burst.js";
import type {
  BurstBaseModel,
  BurstDetectionModel,
  OssecModel,
  RuleConditionModel,
} from "../../model/model.js";
import { suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import { type BurstDeclaration, burstKeys } from "../decode/burst.js";
import type { Capture } from "./capture.js";
import type { LinkContext } from "./context.js";
import type { LinkedDetection } from "./detections.js";
import { linkEventConditions } from "./event-conditions.js";
import type { Known } from "./known.js";
import { matchConditions } from "./log-conditions.js";
import { linkMoments } from "./moments.js";

/** What is compared: the element, the field that must be there, and what people call it (docs/reference/ossec.md#correlation). */
interface Comparison {
  /** Null: Wazuh does it of itself. */
  readonly element: string | null;
  /** The field of the decoder's own that is compared; null: the element says it. */
  readonly field: string | null;
  readonly slot: string | null;
  readonly name: string;
}

type PlainKey = Extract<BurstKey, string>;

const compares = (element: string | null, slot: string | null, name = slot ?? ""): Comparison => ({
  element,
  field: null,
  slot,
  name,
});

const comparedBy: Readonly<Record<PlainKey, Comparison>> = {
  source: compares("same_source_ip", "srcip"),
  user: compares("same_user", "dstuser", "user"),
  id: compares("same_id", "id"),
  sourcePort: compares("same_src_port", "srcport"),
  destinationPort: compares("same_dst_port", "dstport"),
  location: compares("same_location", null, "host name"),
  agent: compares(null, null, "agent"),
  destination: compares("same_dstip", "dstip"),
  sourceUser: compares("same_srcuser", "srcuser"),
  protocol: compares("same_protocol", "protocol"),
  action: compares("same_action", "action"),
  url: compares("same_url", "url"),
  data: compares("same_data", "data"),
  extra_data: compares("same_extra_data", "extra_data"),
  status: compares("same_status", "status"),
  system_name: compares("same_system_name", "system_name"),
};

/** Keys that OSSEC compares. */
const ossecKeys: ReadonlySet<PlainKey> = new Set([
  "source",
  "user",
  "id",
  "sourcePort",
  "destinationPort",
  "location",
]);

/** Elements of Wazuh's that count what is different, by the key. */
const differences: Readonly<Record<Exclude<PlainKey, "agent">, string>> = {
  source: "different_srcip",
  user: "different_user",
  id: "different_id",
  sourcePort: "different_srcport",
  destinationPort: "different_dstport",
  location: "different_location",
  destination: "different_dstip",
  sourceUser: "different_srcuser",
  protocol: "different_protocol",
  action: "different_action",
  url: "different_url",
  data: "different_data",
  extra_data: "different_extra_data",
  status: "different_status",
  system_name: "different_system_name",
};

/** How events with these fields are compared by a key. */
export function comparisonOf(key: BurstKey, fields: ReadonlySet<string>, ossec: OssecModel): Comparison {
  if (typeof key === "object")
    return { element: "same_field", field: key.field, slot: null, name: key.field };
  const { comparisons, location } = suiteOf(ossec);
  if (key === "location") return { ...comparedBy.location, name: location };
  const element = key === "user" && namesSourceUser(fields) ? comparisons.get("srcuser") : undefined;
  return element === undefined ? comparedBy[key] : { element, field: null, slot: "srcuser", name: "user" };
}

function namesSourceUser(fields: ReadonlySet<string>): boolean {
  return fields.has("srcuser") && !fields.has("dstuser");
}

/** What the counted events have in common, in the order of the file. */
export function keysOf({ per }: Pick<BurstDeclaration, "per">): readonly BurstKey[] {
  return per === "all"
    ? []
    : [...burstKeys.filter((key) => per.includes(key)), ...per.filter((key) => typeof key === "object")];
}

/** What a composite compares, and what the event that completes it must be. */
export interface LinkedComparisons {
  readonly flags: readonly string[];
  readonly conditions: readonly RuleConditionModel[];
  /** Wazuh counts the events of each agent by themselves. */
  readonly perAgent?: true;
}

/** The comparisons and conditions of a composite; null, and reported, where the engine has none of the kind. */
export function linkComparisons(
  context: LinkContext,
  declared: Pick<BurstDeclaration, "per" | "different" | "where" | "match" | "time" | "weekdays">,
  fields: ReadonlySet<string>,
  ossec: OssecModel,
): LinkedComparisons | null {
  const { places, report } = context;
  const { per, different = [], where, match } = declared;
  const wazuh = ossec.dialect === "wazuh";
  const keys = keysOf(declared);
  const foreign = keys.find((key) => !wazuh && (typeof key === "object" || !ossecKeys.has(key)));
  if (foreign !== undefined && per !== "all") {
    const place = places.at(per, per.indexOf(foreign));
    return report(
      codes.onlyWazuh(
        place.span(),
        `${place.label}: OSSEC's rules do not compare ${typeof foreign === "object" ? "fields of a decoder's own" : foreign}`,
        `they compare ${[...ossecKeys].join(", ")}`,
      ),
    );
  }
  const compared = keys.map((key) => comparisonOf(key, fields, ossec));
  const others: { readonly element: string; readonly field: string | null }[] = [];
  for (const [index, key] of different.entries()) {
    const place = places.at(different, index);
    if (typeof key === "object" ? !wazuh : wazuh ? key === "agent" : key !== "url")
      return report(
        codes.burst(
          place.span(),
          wazuh
            ? `${place.label}: Wazuh has no rule for events of different agents`
            : `${place.label}: OSSEC compares each earlier event with the present one alone, and only its URL (different_srcip is accepted and does nothing): no rule of it counts different values`,
          wazuh
            ? undefined
            : 'of users: firstTime: ["srcip", "user"] of the log detection, and a burst of it without different, counts those that a source has not tried before; or count with a Zeek detection: count: { distinct: … }',
        ),
      );
    if (typeof key === "object") others.push({ element: "different_field", field: key.field });
    else if (key !== "agent") others.push({ element: differences[key], field: null });
  }
  if (where?.category !== undefined)
    return report(
      codes.shape(
        places.at(where, "category").span(),
        `${places.at(where, "category").label} says nothing here: what is counted has a category already`,
        "leave it out",
      ),
    );
  const conditions = where === undefined ? [] : linkEventConditions(context, where, ossec);
  const matched = match === undefined ? [] : matchConditions(context, match);
  if (conditions === null || matched === null) return null;
  const elements = [...compared, ...others];
  return {
    flags: elements.flatMap(({ element, field }) => (element === null || field !== null ? [] : [element])),
    conditions: [
      ...matched,
      ...conditions,
      ...linkMoments(declared),
      ...elements.flatMap(({ element, field }) =>
        element === null || field === null ? [] : [{ element, field: null, value: field }],
      ),
    ],
    ...(per !== "all" && per.includes("agent") ? { perAgent: true } : {}),
  };
}

/** A burst without its rule; null where what it counts did not link. */
export function linkBurst(
  context: LinkContext,
  declared: BurstDeclaration,
  known: Known,
  ossec: OssecModel,
): { readonly model: Omit<BurstDetectionModel, "rule">; readonly capture: Capture } | null {
  const { places } = context;
  const found = baseOf(places.at(declared.of, declared.of.kind).span(), declared, known);
  if (found === null) return null;
  const compared = linkComparisons(context, declared, found.capture.fields, ossec);
  if (compared === null) return null;
  return {
    model: {
      kind: "burst",
      name: declared.name,
      base: found.base,
      events: declared.events,
      timeframe: declared.within,
      ...compared,
      span: places.of(declared).span(),
    },
    capture: found.capture,
  };
}

interface Base {
  readonly base: BurstBaseModel;
  readonly capture: Capture;
}

/** What is counted, and what is known of its events; null where it did not link. */
export function baseOf(
  span: Span,
  declared: Pick<BurstDeclaration, "of" | "per">,
  known: Known,
): Base | null {
  const { of } = declared;
  const compared = new Set(
    keysOf(declared).flatMap((key) => (typeof key === "string" ? (comparedBy[key].slot ?? []) : [])),
  );
  const own = ({ model, capture }: LinkedDetection): Base => ({
    base: { kind: "rule", id: model.rule.id, detection: model.name },
    capture,
  });
  switch (of.kind) {
    case "detection": {
      const base = known.named(of.value);
      return base === null ? null : own(base);
    }
    case "rule": {
      const base = known.ofRule(of.value);
      if (base !== null) return own(base);
      const why = `rule ${of.value} is not the bundle's, and its decoder is not seen here`;
      return {
        base: { kind: "rule", id: of.value, detection: null },
        capture: { fields: compared, forgeable: { why, known: false, span }, cutLine: null },
      };
    }
    case "group": {
      const members = known.ofGroup(of.value).map(({ capture }) => capture);
      // The events of others are taken to name the user as ours do.
      const source = members.length > 0 && members.every(({ fields }) => namesSourceUser(fields));
      const fields = source
        ? new Set([...compared, "srcuser"].filter((slot) => slot !== "dstuser"))
        : compared;
      const why = `other rules of the host may be in the group "${of.value}", and their decoders are not seen here`;
      return {
        base: { kind: "group", group: of.value },
        capture: {
          fields,
          forgeable: members.find(({ forgeable }) => forgeable !== null)?.forgeable ?? {
            why,
            known: false,
            span,
          },
          cutLine: members.find(({ cutLine }) => cutLine !== null)?.cutLine ?? null,
        },
      };
    }
  }
}

/** The bundle's own detections that a group's burst counts: OSSEC finds the name in any longer one. */
export function membersOf(group: string, others: readonly LinkedDetection[]): readonly LinkedDetection[] {
  return others.filter(({ model }) => model.rule.groups.some((name) => name.includes(group)));
}
