import { showDuration } from "../../model/duration.js";
import { codes } from "../codes.js";
import { shortestBlocks, suppressionTick } from "../link/suppression.js";
import type { Policy } from "./policy.js";

/** A notice may not stay quiet for longer than the block that it feeds. */
export const checkSuppress: Policy = ({ detections, responses, places }) => {
  const blocks = shortestBlocks(responses);
  return detections.flatMap((detection) => {
    if (detection.kind !== "zeek" && detection.kind !== "scan") return [];
    const { notice } = detection.declared;
    const asked = notice?.suppress ?? 0;
    const shortest = blocks.get(detection.model.name) ?? Number.POSITIVE_INFINITY;
    if (notice === undefined || asked === 0 || asked + suppressionTick <= shortest) return [];
    return [
      codes.suppress(
        places.at(notice, "suppress").span(),
        `the notice stays quiet for ${showDuration(asked)} and up to ${suppressionTick} seconds more, but the block it feeds lasts ${showDuration(shortest)}: a scanner that comes back would be ignored`,
        shortest > suppressionTick
          ? `suppress for at most ${showDuration(shortest - suppressionTick)}, or block longer`
          : 'suppress for "0 sec", or block longer',
      ),
    ];
  });
};
