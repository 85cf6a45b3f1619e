import { codes } from "../codes.js";
import { isWithin } from "../decode/scalars.js";
import type { Policy } from "./policy.js";

const most = 100_000;

/** A count is a whole number; only a sum may be any. */
export const checkThreshold: Policy = ({ detections, places }) =>
  detections.flatMap((detection) => {
    if (detection.kind !== "zeek" && detection.kind !== "scan") return [];
    const { declared, model } = detection;
    if (model.count.kind === "sum" || isWithin(model.threshold, 1, most)) return [];
    const { label, span } = places.at(declared, "threshold");
    return [
      codes.number(span(), `${label} is ${model.threshold}; it must be a whole number from 1 to ${most}`),
    ];
  });
