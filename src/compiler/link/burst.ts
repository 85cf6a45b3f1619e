import type { Span } from "../../diagnostics/diagnostic.js";
import type { BurstBaseModel, BurstDetectionModel, OssecModel } from "../../model/model.js";
import { suiteOf } from "../../targets/ossec/suite.js";
import { type BurstDeclaration, burstKeys } from "../decode/burst.js";
import type { Capture } from "./capture.js";
import type { LinkContext } from "./context.js";
import type { LinkedDetection } from "./detections.js";

type BurstKey = (typeof burstKeys)[number];

/** What is compared: the element, the field that must be there, and what people call it (docs/reference/ossec.md#correlation). */
const comparedBy = {
  source: { element: "same_source_ip", slot: "srcip", name: "srcip" },
  user: { element: "same_user", slot: "dstuser", name: "user" },
  id: { element: "same_id", slot: "id", name: "id" },
  sourcePort: { element: "same_src_port", slot: "srcport", name: "srcport" },
  destinationPort: { element: "same_dst_port", slot: "dstport", name: "dstport" },
  location: { element: "same_location", slot: null, name: "host name" },
} as const;

interface Comparison {
  readonly element: string;
  readonly slot: string | null;
  readonly name: string;
}

/** How events with these fields are compared by a key. */
export function comparisonOf(key: BurstKey, fields: ReadonlySet<string>, ossec: OssecModel): Comparison {
  const { comparisons, location } = suiteOf(ossec);
  if (key === "location") return { ...comparedBy.location, name: location };
  const element = key === "user" && namesSourceUser(fields) ? comparisons.get("srcuser") : undefined;
  return element === undefined ? comparedBy[key] : { element, slot: "srcuser", name: "user" };
}

function namesSourceUser(fields: ReadonlySet<string>): boolean {
  return fields.has("srcuser") && !fields.has("dstuser");
}

/** What the counted events have in common, in the order of the file. */
export function keysOf({ per }: Pick<BurstDeclaration, "per">): readonly BurstKey[] {
  return per === "all" ? [] : burstKeys.filter((key) => per.includes(key));
}

/** A burst without its rule; null where what it counts did not link. */
export function linkBurst(
  { places, ossec }: LinkContext,
  declared: BurstDeclaration,
  others: readonly LinkedDetection[],
): { readonly model: Omit<BurstDetectionModel, "rule">; readonly capture: Capture } | null {
  const found = baseOf(places.at(declared.of, declared.of.kind).span(), declared, others);
  if (found === null) return null;
  return {
    model: {
      kind: "burst",
      name: declared.name,
      base: found.base,
      events: declared.events,
      timeframe: declared.within,
      flags: [
        ...keysOf(declared).map((key) => comparisonOf(key, found.capture.fields, ossec).element),
        ...(declared.different === undefined ? [] : ["different_url"]),
      ],
      span: places.of(declared).span(),
    },
    capture: found.capture,
  };
}

/** What is counted, and what is known of its events; null where it did not link. */
export function baseOf(
  span: Span,
  declared: Pick<BurstDeclaration, "of" | "per">,
  others: readonly LinkedDetection[],
): { readonly base: BurstBaseModel; readonly capture: Capture } | null {
  const { of } = declared;
  const compared = new Set(keysOf(declared).map((key) => comparedBy[key].slot ?? ""));
  switch (of.kind) {
    case "detection": {
      const base = others.find(({ model }) => model.name === of.value);
      if (base === undefined) return null;
      const { model, capture } = base;
      return { base: { kind: "rule", id: model.rule.id, detection: model.name }, capture };
    }
    case "rule": {
      const why = `rule ${of.value} is not the bundle's, and its decoder is not seen here`;
      return {
        base: { kind: "rule", id: of.value, detection: null },
        capture: { fields: compared, forgeable: { why, known: false, span }, cutLine: null },
      };
    }
    case "group": {
      const members = membersOf(of.value, others).map(({ capture }) => capture);
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
