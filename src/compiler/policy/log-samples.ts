import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** A log detection shows on at least one line that it fits what is really logged. */
export const checkLogSamples: Policy = ({ declared, places }) =>
  declared.detections.flatMap((detection) =>
    detection.kind !== "log" || (detection.samples ?? []).length > 0
      ? []
      : [
          codes.sample(
            places.at(detection, "samples").span(),
            `"${detection.name}" has no sample line: nothing would show that its patterns fit what is really logged`,
            'copy at least one line from the log, as it stands there: samples: ["Nov 14 18:09:08 host sshd[123]: …"]',
          ),
        ],
  );
