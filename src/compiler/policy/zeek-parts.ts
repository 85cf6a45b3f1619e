import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** Detections by Zeek need to know where it lives. */
export const checkNeedsZeek: Policy = ({ declared, places }) =>
  declared.zeek !== undefined
    ? []
    : declared.detections.flatMap((detection) =>
        detection.kind !== "zeek" && detection.kind !== "scan"
          ? []
          : [
              codes.missing(
                places.of(detection).span(),
                `"${detection.name}" is a Zeek detection, but the bundle does not say where Zeek lives`,
                'add zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" }',
              ),
            ],
      );

/** Each detection's own log has a path of its own. */
export const checkOwnLogs: Policy = ({ declared, places }) => {
  const logs = new Map<string, string>();
  return declared.detections.flatMap((detection) => {
    if (detection.kind !== "zeek" || detection.log === undefined) return [];
    const other = logs.get(detection.log.path);
    logs.set(detection.log.path, detection.name);
    return other === undefined
      ? []
      : [
          codes.duplicate(
            places.at(detection.log, "path").span(),
            `"${other}" writes a log of that name already`,
            "give each detection's log a name of its own",
          ),
        ];
  });
};
