import { codes } from "../codes.js";
import type { PatternDeclaration } from "../decode/pattern.js";
import type { Policy } from "./policy.js";
import { knownPrograms, stockDecoderOf } from "./stock-programs.js";

/** OSSEC's own decoder.xml is loaded first, and its decoder for the program takes the line. */
export const checkStockDecoders: Policy = ({ declared, places }) =>
  declared.ossec.decodersFirst === true
    ? []
    : declared.detections.flatMap((detection) => {
        if (detection.kind !== "log" || detection.program === undefined) return [];
        const decoder = takenBy(detection.program);
        if (decoder === null) return [];
        const wazuh = declared.ossec.dialect === "wazuh";
        return [
          codes.stockDecoder(
            places.at(detection, "program").span(),
            wazuh
              ? `where Wazuh's own decoders are loaded first, one like OSSEC's "${decoder}" takes these lines and "${detection.name}" never sees one`
              : `where OSSEC's own decoder.xml is loaded first, its decoder "${decoder}" takes these lines and "${detection.name}" never sees one`,
            wazuh
              ? "in ossec.conf's <ruleset>, name <decoder_dir>etc/decoders</decoder_dir> before <decoder_dir>ruleset/decoders</decoder_dir>; and say so here with ossec: { decodersFirst: true }"
              : "in ossec.conf's <rules>, name the decoder files yourself: <decoder>etc/local_decoder.xml</decoder>, then <decoder>etc/decoder.xml</decoder>; and say so here with ossec: { decodersFirst: true }",
          ),
        ];
      });

/** The stock decoder that takes lines of a program that the pattern fits. */
function takenBy({ language, text, matcher }: PatternDeclaration): string | null {
  const programs =
    language === "osmatch"
      ? text.split("|").map((word) => word.replace(/^\^|\$$/g, ""))
      : knownPrograms.filter((known) => matcher.test(known));
  return programs.map(stockDecoderOf).find((decoder) => decoder !== null) ?? null;
}
