import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { OssecModel } from "../../model/model.js";
import { type Suite, suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { LogDeclaration } from "../decode/log.js";
import type { PatternDeclaration } from "../decode/pattern.js";
import type { Policy } from "./policy.js";
import { knownPrograms, stockDecoderOf } from "./stock-programs.js";

/**
 * Of decoders for one program the first that fits takes the line: where the stock ones are loaded first, ours never
 * sees one; where ours are, the stock rules no longer see those lines.
 */
export const checkStockDecoders: Policy = ({ declared, model, places }) =>
  declared.detections.flatMap((detection): readonly Diagnostic[] => {
    if (detection.kind !== "log") return [];
    const { dialect } = model.ossec;
    const programs = [detection, ...(detection.also ?? [])].flatMap(({ program }) => program ?? []);
    const program = programs.find((one) => takenBy(one, dialect) !== null);
    const decoder = program === undefined ? null : takenBy(program, dialect);
    if (program === undefined || decoder === null) return [];
    const span = places.of(program).span();
    const suite = suiteOf(model.ossec);
    if (suite.namesFiles) return [codes.stockLines(span, ...lostLines(detection, decoder, suite))];
    if (declared.ossec.decodersFirst === true) return [];
    return [
      codes.stockDecoder(
        span,
        `where OSSEC's own decoder.xml is loaded first, its decoder "${decoder}" takes these lines and "${detection.name}" never sees one`,
        "in ossec.conf's <rules>, name the decoder files yourself: <decoder>etc/local_decoder.xml</decoder>, then <decoder>etc/decoder.xml</decoder>; and say so here with ossec: { decodersFirst: true }",
      ),
    ];
  });

function lostLines({ name }: LogDeclaration, decoder: string, { suite }: Suite): readonly [string, string] {
  return [
    `the lines that "${name}" takes are no longer seen by ${suite}'s own decoder "${decoder}" and its rules: of two decoders that fit, the first takes the line, and ours comes first`,
    "let the regex fit no more lines than it has to",
  ];
}

/** The stock decoder that takes lines of a program that the pattern fits. */
function takenBy(
  { language, text, matcher }: PatternDeclaration,
  dialect: OssecModel["dialect"],
): string | null {
  const programs =
    language === "osmatch"
      ? text.split("|").map((word) => word.replace(/^\^|\$$/g, ""))
      : knownPrograms(dialect).filter((known) => matcher.test(known));
  return (
    programs.map((program) => stockDecoderOf(dialect, program)).find((decoder) => decoder !== null) ?? null
  );
}
