import { dialectOf } from "../../targets/ossec/dialect.js";
import { codes } from "../codes.js";
import { patternsOf } from "./patterns-of.js";
import type { Policy } from "./policy.js";

/** OSSEC deletes every TAB of a line before it looks (since 3.8): a pattern that waits for one fits nothing. */
export const checkLogTabs: Policy = ({ declared, model, places }) =>
  dialectOf(model.ossec).engine.controlBytes === "kept"
    ? []
    : declared.detections.flatMap((detection) =>
        detection.kind !== "log"
          ? []
          : patternsOf(detection)
              .filter(({ text }) => text.includes("\t") || /(?:^|[^\\])(?:\\\\)*\\t/.test(text))
              .map((pattern) => {
                const place = places.of(pattern);
                return codes.pattern(
                  place.span(),
                  `${place.label} waits for a TAB, and OSSEC deletes every TAB before it looks (since 3.8)`,
                  "leave it out: what stood on both sides of it is glued together",
                );
              }),
      );
