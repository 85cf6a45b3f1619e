import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** A bundle without detections defends nothing. */
export const checkNoDetections: Policy = ({ declared: { detections, raw = [] }, places }) =>
  detections.length + raw.length > 0
    ? []
    : [codes.missing(places.of(detections).span(), "the bundle has no detections")];
