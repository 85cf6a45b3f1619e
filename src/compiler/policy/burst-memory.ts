import { engineOf } from "../../model/engine.js";
import { suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** Newest events of one rule that if_matched_sid can see (docs/reference/ossec.md#correlation; unlimited before 4.x). */
const history = 128;
/** `<memory_size>` as shipped: events of all rules that are kept. */
const memory = 8_192;

/** Bursts of more events than the engine remembers: frequency keeps four digits, and these are fewer. */
export const checkBurstMemory: Policy = ({ detections, model: { ossec }, places }) =>
  detections.flatMap(({ kind, declared }) => {
    if (kind !== "burst") return [];
    const { events, sources = 1 } = declared;
    const byRule = engineOf(ossec) === "4.3" && declared.of.kind !== "group";
    const remembered = byRule ? history : memory;
    if ((events - 1) * sources <= remembered) return [];
    const most = Math.floor(remembered / sources) + 1;
    const { label, span } = places.at(declared, "events");
    return [
      codes.burst(
        span(),
        `${label} is ${events}${sources === 1 ? "" : ` for ${sources} sources at a time`}: the burst could never fire, for ${suiteOf(ossec).suite} ${ossec.version} ${
          byRule
            ? `remembers the newest ${history} events of a rule, those of all sources together`
            : `remembers ${memory} events of all rules together`
        }`,
        most >= 2
          ? `use at most ${most} events, or count with Zeek`
          : "name fewer sources, or count with Zeek",
      ),
    ];
  });
