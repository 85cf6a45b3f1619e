import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { LinkedBundle } from "../link/bundle.js";
import type { LinkedDetection } from "../link/detections.js";
import { armedDetections } from "../link/responses.js";

/** Judges a linked bundle by one rule; what cannot be judged because it did not link is left alone. */
export type Policy = (bundle: LinkedBundle) => readonly Diagnostic[];

/** Whether the bundle blocks anything. */
export function blocks({ declared }: LinkedBundle): boolean {
  return declared.responses?.some(({ kind }) => kind === "block") ?? false;
}

/** The detections that lead to a block. */
export function blocking({ detections, responses }: LinkedBundle): readonly LinkedDetection[] {
  const found = responses.filter(({ model }) => model.kind === "block");
  return detections.filter(({ model: detection }) =>
    found.some(({ model }) => armedDetections(model, [detection]).length > 0),
  );
}
