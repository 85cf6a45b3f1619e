import { codes } from "../codes.js";
import { blocking, type Policy } from "./policy.js";

/** Turned connections name the victim as originator: they may not lead to a block. */
export const checkFlipped: Policy = (bundle) =>
  blocking(bundle).flatMap(({ kind, declared, model }) =>
    kind !== "zeek" || model.ignoreFlipped
      ? []
      : [
          codes.flipped(
            bundle.places.at(declared, "flipped").span(),
            `"${model.name}" keeps turned connections, whose originator is the victim, and leads to a block`,
            'leave flipped at "ignore", or take the response away',
          ),
        ],
  );
