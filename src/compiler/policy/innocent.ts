import { codes } from "../codes.js";
import { presetOf } from "../link/scan.js";
import { blocking, type Policy } from "./policy.js";

/** Presets whose source can be somebody who has done nothing may not lead to a block. */
export const checkInnocent: Policy = (bundle) =>
  blocking(bundle).flatMap(({ kind, declared, model }) => {
    const innocent = kind === "scan" ? presetOf(declared).innocent : null;
    return innocent === null
      ? []
      : [
          codes.innocent(
            model.span,
            `"${model.name}" leads to a block, but ${innocent}`,
            "take the response away: an alert is all that it can lead to",
          ),
        ];
  });
