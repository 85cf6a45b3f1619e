import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { showDuration } from "../../model/duration.js";
import { codes } from "../codes.js";
import type { Places } from "../decode/field.js";
import type { BlockDeclaration } from "../decode/response.js";
import type { Policy } from "./policy.js";

/** `repeated_offenders` holds five numbers (docs/reference/ossec.md#active-response). */
const mostSteps = 5;

/** Growing blocks are what `repeated_offenders` can hold: one to five whole minutes, each longer than the one before. */
export const checkEscalate: Policy = ({ declared, places }) =>
  (declared.responses ?? []).flatMap((response) =>
    response.kind === "block" ? stepProblems(response, places) : [],
  );

function stepProblems(block: BlockDeclaration, places: Places): readonly Diagnostic[] {
  const { escalate } = block;
  if (escalate === undefined) return [];
  const whole = places.of(escalate);
  if (escalate.length === 0 || escalate.length > mostSteps)
    return [
      codes.escalate(
        whole.span(),
        `${whole.label} has ${escalate.length} lengths of time; OSSEC's repeated_offenders takes 1 to ${mostSteps}`,
        escalate.length === 0 ? "leave it out, or name one" : "keep five: the last one stays",
      ),
    ];
  let last = block.for;
  return escalate.flatMap((seconds, index) => {
    const { label, span } = places.at(escalate, index);
    if (seconds % 60 !== 0)
      return [
        codes.escalate(
          span(),
          `${label} is ${showDuration(seconds)}; OSSEC counts repeated blocks in whole minutes`,
          `write "${Math.max(1, Math.round(seconds / 60))} min"`,
        ),
      ];
    const grows = index === 0 ? seconds >= last : seconds > last;
    const before = last;
    if (grows) last = seconds;
    return grows
      ? []
      : [
          codes.escalate(
            span(),
            `${label} is ${showDuration(seconds)}, but the block before it lasts ${showDuration(before)}: repeated blocks have to grow`,
            "put them in order, the shortest first",
          ),
        ];
  });
}
