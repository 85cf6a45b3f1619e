import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Model, SequenceDetectionModel } from "../../model/model.js";
import type { Engine } from "../../ossec/engine/index.js";
import { codes as linkCodes } from "../codes.js";
import { engineText } from "../decode/pattern.js";
import { apart, type Clock } from "./log-samples.js";
import { momentOf } from "./moments.js";

/** A sequence must fire on the last of its lines, and on none before. */
export function checkSequence(
  model: Model,
  sequence: SequenceDetectionModel,
  engine: Engine,
  clock: Clock,
): readonly Diagnostic[] {
  const { name, rule, samples } = sequence;
  return samples.flatMap(({ lines, span }) => {
    clock.time = momentOf(model, sequence, clock.time + apart);
    const seen = lines.map((line) => {
      const event = engine.process(engineText(line), clock.time);
      return event.kind === "event" ? (event.rule?.id ?? null) : null;
    });
    const fired = seen.flatMap((id, index) => (id === rule.id ? [index + 1] : []));
    if (fired.length === 1 && fired[0] === lines.length) return [];
    return [
      linkCodes.sample(
        span,
        `rule ${rule.id} of "${name}" fires on ${fired.length === 0 ? "none" : `line ${fired.join(", ")}`} of these ${lines.length} lines, not on the last`,
        `they reach ${seen.map((id) => (id === null ? "no rule" : `rule ${id}`)).join(", ")}`,
      ),
    ];
  });
}
