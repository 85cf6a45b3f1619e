import { atoi } from "../../ossec/load/text.js";
import { rewrite } from "../edits.js";
import type { LintRule } from "../model.js";

export const alertLevel8Bits: LintRule = {
  code: "OSSEC-ALERT-LEVEL-8-BITS",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "An alert level above 255",
  why: "The level is kept in eight bits: 256 is 0.",
  instead: "Write a level from 0 to 15.",
  reference: "docs/reference/ossec.md#configuration (stored in 8 bits)",
  bad: { conf: `<alerts><email_alert_level>«256»</email_alert_level></alerts>` },
  fixed: { conf: `<alerts><email_alert_level>0</email_alert_level></alerts>` },
  good: { conf: `<alerts><email_alert_level>7</email_alert_level></alerts>` },
  check(context, report) {
    for (const section of context.sections) {
      if (section.name !== "alerts") continue;
      for (const { value, place } of section.elements) {
        if (/^\d+$/.test(value) && atoi(value) > 255)
          report(
            place,
            `${value} is kept as ${atoi(value) & 255}`,
            rewrite("Write what the engine reads.", place, value, String(atoi(value) & 255)),
          );
      }
    }
  },
};
