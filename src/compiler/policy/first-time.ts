import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** Detections that share a decoder share what it remembers. */
export const checkFirstTime: Policy = ({ detections, places }) => {
  const known = new Map<string, string>();
  return detections.flatMap(({ kind, declared, model }) => {
    if (kind !== "log" || declared.firstTime === undefined || model.firstTime === undefined) return [];
    const words = model.firstTime.join(", ");
    const other = known.get(model.decoder.name) ?? words;
    known.set(model.decoder.name, other);
    return other === words
      ? []
      : [
          codes.order(
            places.of(declared.firstTime).span(),
            `another detection reads the same lines and waits for ${other} to be new: one decoder remembers one thing`,
            "let both wait for the same",
          ),
        ];
  });
};
