import { noticeLine } from "../../detections/lines.js";
import type {
  BurstBaseModel,
  BurstDetectionModel,
  DetectionModel,
  Model,
  RuleDetectionModel,
  RuleParentModel,
} from "../../model/model.js";
import { detectionNamed } from "../../model/named.js";
import { iplogReports } from "../../targets/iplog/lines.js";
import { decoderNames } from "../../targets/ossec/decoders.js";
import { engineText } from "../decode/pattern.js";

export interface SampleLine {
  /** Latin1, as OSSEC reads it. */
  readonly line: string;
  /** The address that must become srcip; null: whatever the line holds. */
  readonly source: string | null;
}

/** Messages that try to look like something else; every notice line is checked with each of them. */
const messages: readonly string[] = [
  "plain",
  "",
  'x","src":"9.9.9.9","note":"',
  "tab\there \\ back\\slash \x01 - 9.9.9.9 - - -",
];

/** Lines that a detection leads to, as Zeek or iplog would write them. */
export function sampleLines(model: Model, detection: DetectionModel): readonly SampleLine[] {
  switch (detection.kind) {
    case "zeek": {
      const { zeek } = model;
      if (zeek === null) return [];
      return ["66.132.172.191", "2a01:4f8:77::1"].flatMap((source) =>
        messages.map((message) => ({
          source,
          line: noticeLine(zeek.noticeLog, {
            time: 1_781_175_852.749782,
            note: detection.note,
            message,
            source,
            suppressFor: detection.suppress,
          }),
        })),
      );
    }
    case "iplog":
      return iplogReports
        .filter(({ scan }) => detection.scans.includes(scan))
        .flatMap(({ scan, id }) => {
          const source = "66.132.172.191";
          const report = detection.expired ? expiryText(scan, id, source) : reportText(scan, id, source);
          return [
            { source, line: `Nov 14 18:09:12 ${report}` },
            { source, line: `Nov 14 18:09:12 sensor iplog[123]: ${report}` },
          ];
        });
    case "log":
      return detection.samples.map(({ line }) => ({ line: engineText(line), source: null }));
    case "rule":
      // Below rules of others they need the host's.
      return standsAlone(model, detection)
        ? detection.samples.map(({ line }) => ({ line: engineText(line), source: null }))
        : [];
    case "sequence":
      return (detection.samples[0]?.lines ?? []).map((line) => ({ line: engineText(line), source: null }));
    case "burst":
      return burstLines(model, detection).map((line) => ({ line, source: null }));
  }
}

/**
 * Whether all that leads to a detection's rule is the bundle's: its lines can be tried without a host's rules and
 * decoders.
 */
export function standsAlone(model: Model, detection: DetectionModel): boolean {
  const known = alone.get(detection);
  if (known !== undefined) return known;
  const named = (name: string | null): boolean => {
    const base = name === null ? null : detectionNamed(model, name);
    return base !== null && standsAlone(model, base);
  };
  const below = (under: RuleParentModel): boolean =>
    under.kind === "rules" && under.others.length === 0 && under.detections.every(named);
  const counts = (base: BurstBaseModel): boolean => base.kind === "rule" && named(base.detection);
  const found = ((): boolean => {
    switch (detection.kind) {
      case "zeek":
      case "iplog":
      case "log":
        return true;
      case "burst":
        return counts(detection.base);
      case "sequence":
        return counts(detection.base) && below(detection.under);
      case "rule":
        return (
          detection.rule.overwrite !== true && (below(detection.under) || isOfOwnDecoder(model, detection))
        );
    }
  })();
  alone.set(detection, found);
  return found;
}

const alone = new WeakMap<DetectionModel, boolean>();

/** A rule below no other sees lines of all decoders: only those of the bundle's are here. */
function isOfOwnDecoder(model: Model, { under, conditions }: RuleDetectionModel): boolean {
  if (under.kind !== "category") return false;
  const decoder = conditions.find(({ element }) => element === "decoded_as")?.value;
  return decoder !== undefined && decoderNames(model).has(decoder);
}

/** The log that a detection's lines come from; rules may look at its name. Undefined: the bundle does not say. */
export function locationOf(model: Model, detection: DetectionModel): string | undefined {
  switch (detection.kind) {
    case "zeek":
      return model.zeek?.noticeLog.file;
    case "iplog":
      return detection.log;
    case "log":
      return detection.log ?? undefined;
    case "rule": {
      const { under } = detection;
      const [name] = under.kind === "rules" ? under.detections : [];
      const above = name === undefined ? null : detectionNamed(model, name);
      return above === null ? undefined : locationOf(model, above);
    }
    case "burst": {
      const { base } = detection;
      const counted = countedBy(model, base);
      return counted === null || counted === detection ? undefined : locationOf(model, counted);
    }
  }
}

/**
 * Whether equal lines may fire a burst later than its events say, or never: it shares them with another composite, or
 * what it counts is kept back. Policy warns of each.
 */
function isHeldBack(model: Model, { base, rule }: BurstDetectionModel, counted: DetectionModel): boolean {
  if (rule.level < counted.rule.level || rule.level === 0 || counted.rule.ignore !== undefined) return true;
  const { byRule, byGroup } = compositesOf(model);
  return base.kind === "rule"
    ? (byRule.get(base.id) ?? 0) > 1
    : (byGroup.get(base.group) ?? 0) > 1 || byRule.has(counted.rule.id);
}

interface Composites {
  readonly byRule: ReadonlyMap<number, number>;
  readonly byGroup: ReadonlyMap<string, number>;
}

const composites = new WeakMap<Model, Composites>();

/** How many bursts count a rule or a group. */
function compositesOf(model: Model): Composites {
  const known = composites.get(model);
  if (known !== undefined) return known;
  const byRule = new Map<number, number>();
  const byGroup = new Map<string, number>();
  for (const detection of model.detections) {
    if (detection.kind !== "burst") continue;
    const { base } = detection;
    if (base.kind === "rule") byRule.set(base.id, (byRule.get(base.id) ?? 0) + 1);
    else byGroup.set(base.group, (byGroup.get(base.group) ?? 0) + 1);
  }
  const found = { byRule, byGroup };
  composites.set(model, found);
  return found;
}

/** A detection whose events a composite counts; null: none of the bundle's is known to be. */
export function countedBy(model: Model, base: BurstBaseModel): DetectionModel | null {
  if (base.kind === "rule") return base.detection === null ? null : detectionNamed(model, base.detection);
  return (
    model.detections.find(
      ({ kind, rule }) => kind !== "burst" && kind !== "sequence" && rule.groups.includes(base.group),
    ) ?? null
  );
}

/** More lines than this are not repeated to fire a burst. */
const mostLines = 2_000;

/**
 * Lines at the last of which a burst fires, all at one moment; none where nothing of the bundle's can stand for
 * what it counts.
 */
export function burstLines(model: Model, burst: BurstDetectionModel): readonly string[] {
  if (burst.flags.includes("different_url")) return [];
  const counted = countedBy(model, burst.base);
  // Equal lines are seen for the first time once.
  if (
    counted === null ||
    burst.conditions.length > 0 ||
    isHeldBack(model, burst, counted) ||
    (counted.kind === "log" && counted.firstTime !== undefined)
  )
    return [];
  const once =
    counted.kind === "burst"
      ? burstLines(model, counted)
      : sampleLines(model, counted)
          .map(({ line }) => line)
          .slice(0, counted.kind === "sequence" ? undefined : 1);
  if (once.length * burst.events > mostLines) return [];
  return Array.from({ length: burst.events }, () => once).flat();
}

/** The end of a scan, in the shape of the sample lines of the example ossec-iplog-ipfw. */
function expiryText(scan: string, id: string, source: string): string {
  const protocol =
    scan === "udp_scan" ? "UDP" : scan === "smurf" ? "ICMP/UDP" : scan === "ping_flood" ? "ICMP" : "TCP";
  return `${protocol}: ${id} mode expired for ${source} - received a total of 1678 packets (47092 bytes).`;
}

/** A report in the shape of the sample lines of the example ossec-iplog-ipfw. */
function reportText(scan: string, id: string, source: string): string {
  switch (scan) {
    case "udp_scan":
      return `UDP: ${id} detected [ports 33161,41107,...] from ${source} [ports 60362]`;
    case "smurf":
      return `ICMP/UDP: ${id} detected from ${source}`;
    case "ping_flood":
      return `ICMP: ${id} detected from ${source}`;
    case "traceroute":
      return `UDP: ${id} from ${source}`;
    case "bogus":
      return `TCP: ${id} set by ${source}:60873 (dest port 25)`;
    case "frag":
      return `Oversized ${id}ment from ${source}`;
    default:
      return `TCP: ${id} detected [ports 21,1] from ${source} [ports 34333,34335,...]`;
  }
}
