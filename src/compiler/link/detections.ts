import type {
  BurstDetectionModel,
  IplogDetectionModel,
  LogDecoderModel,
  LogDetectionModel,
  OssecModel,
  RawModel,
  RuleDetectionModel,
  SequenceDetectionModel,
  ZeekDetectionModel,
} from "../../model/model.js";
import { capacityRule } from "../../model/zeek-names.js";
import { codes } from "../codes.js";
import type { BundleDeclaration, DetectionDeclaration } from "../decode/bundle.js";
import type { BurstDeclaration } from "../decode/burst.js";
import type { IplogDeclaration } from "../decode/iplog.js";
import type { LogDeclaration } from "../decode/log.js";
import type { RuleDetectionDeclaration } from "../decode/rule-detection.js";
import type { ScanDeclaration } from "../decode/scan.js";
import type { SequenceDeclaration } from "../decode/sequence.js";
import type { ZeekDetectionDeclaration } from "../decode/zeek-detection.js";
import type { RuleIds } from "../lockfile.js";
import { type Capture, noticeCapture } from "./capture.js";
import type { LinkContext } from "./context.js";
import { type DerivedDeclaration, isDerived, linkDerived } from "./derived.js";
import { linkIplog } from "./iplog.js";
import { Known } from "./known.js";
import { linkLog, withSharedDecoder } from "./log.js";
import { orderOf } from "./order-of-rules.js";
import { checkSayable, linkRule } from "./rule.js";
import { assignRuleIds, defaultFirstId } from "./rule-ids.js";
import { linkScan, presetOf } from "./scan.js";
import { defaultSuppression } from "./suppression.js";
import type { ZeekContext } from "./zeek-context.js";
import { linkZeekDetection } from "./zeek-detection.js";

interface Linked<Kind extends string, Declared, DetectionModel> {
  readonly kind: Kind;
  readonly declared: Declared;
  readonly model: DetectionModel;
  readonly capture: Capture;
}

export type LinkedZeek = Linked<"zeek", ZeekDetectionDeclaration, ZeekDetectionModel>;
export type LinkedScan = Linked<"scan", ScanDeclaration, ZeekDetectionModel>;
export type LinkedIplog = Linked<"iplog", IplogDeclaration, IplogDetectionModel>;
export type LinkedLog = Linked<"log", LogDeclaration, LogDetectionModel>;
export type LinkedBurst = Linked<"burst", BurstDeclaration, BurstDetectionModel>;
export type LinkedRule = Linked<"rule", RuleDetectionDeclaration, RuleDetectionModel>;
export type LinkedSequence = Linked<"sequence", SequenceDeclaration, SequenceDetectionModel>;

/** Detections about others. */
export type LinkedDerived = LinkedBurst | LinkedRule | LinkedSequence;

/** A detection as the bundle has it, as the Model has it, and what is known of its events. */
export type LinkedDetection = LinkedZeek | LinkedScan | LinkedIplog | LinkedLog | LinkedDerived;

export interface LinkedDetections {
  /** Those that linked, in the order of their rules: bursts behind what they count, rules behind their parents. */
  readonly detections: readonly LinkedDetection[];
  /** In that order too. */
  readonly raw: readonly RawModel[];
  /** Every name, also of those that did not link. */
  readonly known: ReadonlySet<string>;
  /** The id of the rule for capacity notices; undefined where Zeek detects nothing. */
  readonly capacityId: number | undefined;
  readonly lock: RuleIds;
}

/** Every detection with its rule and its id; one that cannot be linked is reported and left out. */
export function linkDetections(
  context: ZeekContext,
  declared: BundleDeclaration,
  { ossec, raw }: { readonly ossec: OssecModel; readonly raw: readonly RawModel[] },
  locked: ReadonlyMap<string, RuleIds>,
): LinkedDetections {
  const named = withNamesOfTheirOwn(context, declared.detections);
  const inZeek = named.some(({ kind }) => kind === "zeek" || kind === "scan");
  const place = context.places.of(declared);
  const capacity = { detection: capacityRule, fixed: undefined, place, fromEnd: true } as const;
  const { ids, lock } = assignRuleIds(
    context,
    declared.name,
    [
      ...named.map(({ name, rule }, index) => ({
        detection: name,
        fixed: rule?.id,
        place:
          rule === undefined ? context.places.of(named[index] ?? declared) : context.places.at(rule, "id"),
      })),
      ...(inZeek ? [capacity] : []),
      ...raw.flatMap(({ name, ruleIds }, index) =>
        ruleIds.map((id) => ({
          detection: `${name} ${id}`,
          fixed: id,
          place: declared.raw === undefined ? place : context.places.at(declared.raw, index),
        })),
      ),
    ],
    { first: declared.ossec.firstRuleId ?? defaultFirstId(declared.name), locked },
  );
  const decoders = new Map<string, LogDecoderModel>();
  const known = new Known();
  const names = new Set(declared.detections.map(({ name }) => name));
  const lines = new Map<string, LinkedDetection | null>();
  for (const detection of named) {
    const id = ids.get(detection.name);
    if (id === undefined || isDerived(detection)) continue;
    if (detection.rule !== undefined) checkSayable(context, detection.rule, detection.kind);
    const linked = linkDetection(context, detection, { id, ossec, decoders })?.[0] ?? null;
    lines.set(detection.name, linked);
    if (linked !== null) known.add(linked);
  }
  const order = orderOf(context, { named, ids, raw, lines: known.all, names, declared: declared.raw ?? [] });
  const detections: LinkedDetection[] = [];
  const rawBefore = new Map<RawModel, string | null>();
  let waiting: RawModel[] = [];
  for (const one of order) {
    if (!("kind" in one)) {
      waiting.push(one);
      continue;
    }
    const linked = linkOrdered(context, one, { ids, lines, known, ossec });
    if (linked === null) continue;
    detections.push(linked);
    for (const before of waiting) rawBefore.set(before, linked.model.name);
    waiting = [];
  }
  return {
    detections,
    raw: order.flatMap((one) => ("kind" in one ? [] : [placed(one, rawBefore.get(one) ?? null)])),
    known: names,
    capacityId: ids.get(capacityRule),
    lock,
  };
}

/** Where it stands is said by what stands behind it. */
function placed({ after: _, ...raw }: RawModel, before: string | null): RawModel {
  return { ...raw, before };
}

function linkOrdered(
  context: LinkContext,
  declared: DetectionDeclaration,
  {
    ids,
    lines,
    known,
    ossec,
  }: {
    readonly ids: ReadonlyMap<string, number>;
    readonly lines: ReadonlyMap<string, LinkedDetection | null>;
    readonly known: Known;
    readonly ossec: OssecModel;
  },
): LinkedDetection | null {
  const id = ids.get(declared.name);
  if (!isDerived(declared) || id === undefined) return lines.get(declared.name) ?? null;
  checkSayable(context, declared.rule, declared.kind);
  const linked = linkDerived(context, { declared, id }, known, ossec);
  if (linked !== null) known.add(linked);
  return linked;
}

/** All but those whose name another one has already. */
function withNamesOfTheirOwn(
  { places, report }: LinkContext,
  detections: readonly DetectionDeclaration[],
): readonly DetectionDeclaration[] {
  const lowered = new Map<string, string>();
  return detections.filter((detection) => {
    const { name } = detection;
    const other = lowered.get(name.toLowerCase());
    if (other !== undefined)
      report(
        codes.duplicate(
          places.at(detection, "name").span(),
          other === name
            ? `a second detection is called "${name}"`
            : `"${name}" and "${other}" differ only in the case of letters`,
          "give each detection a name of its own",
        ),
      );
    lowered.set(name.toLowerCase(), name);
    return other === undefined;
  });
}

interface Settings {
  readonly id: number;
  readonly ossec: OssecModel;
  /** Decoders of the log detections so far, by what they read. */
  readonly decoders: Map<string, LogDecoderModel>;
}

function linkDetection(
  context: ZeekContext,
  declared: Exclude<DetectionDeclaration, DerivedDeclaration>,
  { id, ossec, decoders }: Settings,
): readonly [LinkedDetection] | null {
  switch (declared.kind) {
    case "zeek":
    case "rows": {
      const linked = linkZeekDetection(context, declared);
      if (linked === null) return null;
      const rule = linkRule(id, { groups: [], ...declared.rule });
      const suppress = declared.notice.suppress ?? defaultSuppression;
      const model: ZeekDetectionModel = { ...linked, rule, suppress };
      return [{ kind: "zeek", declared, model, capture: noticeCapture }];
    }
    case "scan": {
      const linked = linkScan(context, declared);
      if (linked === null) return null;
      const { level, description, groups } = presetOf(declared);
      const rule = linkRule(id, { level, description, groups, ...declared.rule });
      const suppress = declared.notice?.suppress ?? defaultSuppression;
      const model: ZeekDetectionModel = { ...linked, rule, suppress };
      return [{ kind: "scan", declared, model, capture: noticeCapture }];
    }
    case "iplog": {
      const rule = linkRule(id, { groups: [], ...declared.rule });
      const model: IplogDetectionModel = { ...linkIplog(context, declared), rule };
      return [{ kind: "iplog", declared, model, capture: noticeCapture }];
    }
    case "log": {
      const linked = linkLog(context, declared, ossec);
      if (linked === null) return null;
      const rule = linkRule(id, { groups: [], ...declared.rule });
      const model: LogDetectionModel = { ...withSharedDecoder(linked.model, decoders), rule };
      return [{ kind: "log", declared, model, capture: linked.capture }];
    }
  }
}
