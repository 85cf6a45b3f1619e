import { dialectOf } from "../../targets/ossec/dialect.js";
import { engineName } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** `<memory_size>` as shipped: events of all rules that are kept. */
const memory = 8_192;

/** Bursts of more events than the engine remembers: frequency keeps four digits, and these are fewer. */
export const checkBurstMemory: Policy = ({ detections, model: { ossec }, places }) =>
  detections.flatMap(({ kind, declared }) => {
    if (kind !== "burst") return [];
    const { events, sources = 1 } = declared;
    // Newest events of one rule that if_matched_sid can see (docs/reference/ossec.md#correlation).
    const history = dialectOf(ossec).loading.options.sidHistory;
    const byRule = history < memory && declared.of.kind !== "group";
    const remembered = byRule ? history : memory;
    if ((events - 1) * sources <= remembered) return [];
    const most = Math.floor(remembered / sources) + 1;
    const { label, span } = places.at(declared, "events");
    return [
      codes.burst(
        span(),
        `${label} is ${events}${sources === 1 ? "" : ` for ${sources} sources at a time`}: the burst could never fire, for ${engineName(ossec)} ${
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
