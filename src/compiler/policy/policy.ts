import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { LinkedBundle } from "../link/bundle.js";
import type { LinkedDetection } from "../link/detections.js";

/** Judges a linked bundle by one rule; what cannot be judged because it did not link is left alone. */
export type Policy = (bundle: LinkedBundle) => readonly Diagnostic[];

/** Whether the bundle blocks anything. */
export function blocks({ declared }: LinkedBundle): boolean {
  return declared.responses?.some(({ kind }) => kind === "block") ?? false;
}

/** The detections that lead to a block. */
export function blocking({ detections, responses }: LinkedBundle): readonly LinkedDetection[] {
  const names = new Set(responses.flatMap(({ model, armed }) => (model.kind === "block" ? armed : [])));
  return detections.filter(({ model }) => names.has(model.name));
}
