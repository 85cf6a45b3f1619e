import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { ZeekDetectionModel } from "../../model/model.js";
import { codes } from "../codes.js";
import type { SourceRange } from "../decode/field.js";
import type { CapsDeclaration } from "../decode/zeek-detection.js";
import { type Counted, comfortable, entriesPerKey, neededMembers } from "../link/caps.js";
import type { Policy } from "./policy.js";

/** Entries from which on no host would hold them: the build refuses. */
const impossible = 1_000_000_000;

/** A sliding window of different values looks at all of them with one event in the worst case. */
const quickThreshold = 1_000;

/** Bounds on memory that are none, that the detection cannot live within, or that few hosts hold. */
export const checkCaps: Policy = ({ detections, places }) =>
  detections.flatMap((detection) => {
    if (detection.kind !== "zeek" && detection.kind !== "scan") return [];
    const { declared, model } = detection;
    const counted = { count: model.count.kind, window: model.window.kind, threshold: model.threshold };
    const { caps } = declared;
    const place = (key: keyof CapsDeclaration | null): SourceRange =>
      key === null || caps === undefined ? places.at(declared, "caps") : places.at(caps, key);
    return capsProblems(caps ?? {}, model.caps, counted, place);
  });

/**
 * What is wrong with the bounds of one detection.
 *
 * @param place - of one of the bounds; null: of all
 */
export function capsProblems(
  declared: CapsDeclaration,
  caps: ZeekDetectionModel["caps"],
  counted: Counted,
  place: (key: keyof CapsDeclaration | null) => SourceRange,
): readonly Diagnostic[] {
  const members =
    declared.members === undefined ? null : membersProblem(declared.members, counted, place("members"));
  if (members?.severity === "error") return [members];
  const asked = place(declared.keys === undefined ? "members" : "keys");
  return [members, memoryProblem(caps, counted, asked), workProblem(counted, place(null))].filter(
    (found) => found !== null,
  );
}

function membersProblem(members: number, counted: Counted, { label, span }: SourceRange): Diagnostic | null {
  const { count, window, threshold } = counted;
  const needed = neededMembers(counted);
  if (members < needed)
    return codes.bound(
      span(),
      `${label} is ${members}, too few: ${
        count === "sum" ? "a sum needs 2" : `the threshold is ${threshold}, so that it could never be reached`
      }`,
      count === "sum" ? "allow some hundred" : "leave members out, or lower the threshold",
    );
  if (members === needed || (count === "sum" && window === "sliding")) return null;
  return codes.idleBound(
    span(),
    `${label} bounds nothing: ${
      count === "sum"
        ? "this window keeps one number a key"
        : `a key never holds more than the threshold of ${threshold} needs`
    }`,
    "leave it out",
  );
}

function memoryProblem(
  { keys, members }: ZeekDetectionModel["caps"],
  counted: Counted,
  { span }: SourceRange,
): Diagnostic | null {
  const each = entriesPerKey(counted, members);
  const entries = keys * each;
  if (entries <= comfortable) return null;
  const much = `up to ${keys} keys with ${each} entries each are ${entries} entries on one node`;
  const help = `${Math.max(1, Math.floor(comfortable / each))} keys stay below ${comfortable}; or lower ${counted.count === "sum" ? "caps.members" : "the threshold"}`;
  return entries > impossible
    ? codes.bound(span(), `${much}: no host holds that many`, help)
    : codes.largeBound(span(), `${much}: a flood of invented keys may take gigabytes`, help);
}

function workProblem({ count, window, threshold }: Counted, { span }: SourceRange): Diagnostic | null {
  if (count !== "distinct" || window !== "sliding" || threshold <= quickThreshold) return null;
  return codes.slowBound(
    span(),
    `a sliding window of ${threshold} different values may look at all of them with every event`,
    `use a fixed window, or a threshold of at most ${quickThreshold}`,
  );
}
