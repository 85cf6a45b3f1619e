import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type {
  BurstDetectionModel,
  LogDetectionModel,
  LogSampleModel,
  Model,
  RuleDetectionModel,
} from "../../model/model.js";
import type { AnalysedEvent, Engine } from "../../ossec/engine/index.js";
import { suiteOf } from "../../targets/ossec/suite.js";
import { codes as linkCodes } from "../codes.js";
import { engineText } from "../decode/pattern.js";
import { codes } from "./codes.js";
import { momentOf } from "./moments.js";
import { burstLines, locationOf } from "./samples.js";

/** Seconds, far enough apart for no sample to be counted together with another. */
export const apart = 1_000_000;

/** Seconds of the engine's clock: what is tried next must not be counted together with what was tried before. */
export interface Clock {
  time: number;
}

/** Detections that show by lines what they take and what they do not. */
export type SampledModel = LogDetectionModel | RuleDetectionModel;

/** What the engine does with the lines that a bundle promises to take, and with those that it promises not to. */
export function checkLogSamples(
  model: Model,
  detection: SampledModel,
  engine: Engine,
  clock: Clock,
): readonly Diagnostic[] {
  const reported: Diagnostic[] = [];
  for (const sample of [...detection.samples, ...detection.notSamples]) {
    clock.time = momentOf(model, detection, clock.time + apart);
    const event = engine.process(engineText(sample.line), clock.time, locationOf(model, detection));
    const wanted = detection.samples.includes(sample);
    const problem =
      event.kind === "crash"
        ? `kills ${suiteOf(model.ossec).suite}: ${event.reason}`
        : event.kind === "ignored"
          ? `is skipped by ${suiteOf(model.ossec).suite}`
          : wanted
            ? sampleProblem(detection, sample, event)
            : event.rule?.id === detection.rule.id
              ? `reaches rule ${detection.rule.id}, although it must not`
              : null;
    if (problem === null) continue;
    reported.push(
      linkCodes.sample(
        sample.span,
        `this line ${problem}`,
        event.kind === "event" ? whatHappened(model, detection, event) : undefined,
      ),
    );
  }
  return reported;
}

function sampleProblem(
  { name, rule }: SampledModel,
  { fields }: LogSampleModel,
  event: AnalysedEvent,
): string | null {
  if (event.rule?.id !== rule.id)
    return `does not reach rule ${rule.id} of "${name}": ${event.rule === null ? "no rule fires" : `rule ${event.rule.id} fires`}`;
  for (const [field, value] of fields) {
    const read = event.fields.find(([key]) => key === field)?.[1];
    if (read !== engineText(value))
      return `is read with ${field} = ${read === undefined ? "nothing" : shown(read)}, not ${JSON.stringify(value)}`;
  }
  return null;
}

/** How far the line came, in the order of the engine's steps. */
function whatHappened(model: Model, detection: SampledModel, event: AnalysedEvent): string {
  const child = model.detections.find((one) => one.rule.id === event.rule?.id && one !== detection);
  if (child?.kind === "rule")
    return `"${child.name}" takes the line: the rule that decides last is the one that is reported`;
  if (detection.kind === "rule")
    return event.rule === null
      ? "what it stands below does not take the line either"
      : "a condition is not met, or another rule below the same one decides before it";
  const { decoder } = detection;
  const parts = [
    event.programName === null
      ? "pre-decoding finds no program name"
      : `pre-decoding takes ${shown(event.programName)} for the program`,
    `decoders see ${shown(event.log.slice(0, 160))}`,
  ];
  if (event.decoder === decoder.name) {
    const fields = event.fields.map(([key, value]) => `${key} = ${shown(value)}`).join(", ");
    parts.push(
      fields === "" ? "the decoder takes it, and its regex does not fit" : `the decoder reads ${fields}`,
    );
    const [condition] = detection.conditions;
    if (condition !== undefined && event.rule?.id !== detection.rule.id)
      parts.push("a condition of the rule is not met, or another rule stands before it");
  } else if (event.decoder === null) {
    parts.push(
      decoder.forms.every(({ program }) => program !== null) && event.programName === null
        ? "a decoder with a program sees only lines with a program name"
        : decoder.forms.every(({ program }) => program === null) && event.programName !== null
          ? "a decoder without a program sees only lines without a program name"
          : "no decoder takes it: program or prematch does not fit",
    );
  } else {
    const other = model.detections.find((one) => one.kind === "log" && one.decoder.name === event.decoder);
    parts.push(`the decoder of "${other?.name ?? event.decoder}" takes it first`);
  }
  return parts.join("; ");
}

/** Bytes of a line as people read them. */
function shown(bytes: string): string {
  return JSON.stringify(Buffer.from(bytes, "latin1").toString("utf8"));
}

/** A burst must fire on the event that it says, and on none before. */
export function checkBurst(
  model: Model,
  burst: BurstDetectionModel,
  engine: Engine,
  clock: Clock,
): Diagnostic | null {
  const lines = burstLines(model, burst);
  const fired: number[] = [];
  clock.time = momentOf(model, burst, clock.time + apart);
  for (const [index, line] of lines.entries()) {
    const event = engine.process(line, clock.time, locationOf(model, burst));
    if (event.kind === "event" && event.rule?.id === burst.rule.id) fired.push(index + 1);
  }
  if (lines.length === 0 || (fired.length === 1 && fired[0] === lines.length)) return null;
  return codes.chain(
    burst.span,
    `rule ${burst.rule.id} of "${burst.name}" fires on ${fired.length === 0 ? "no event" : `event ${fired.join(", ")}`} of ${lines.length} equal lines, not on the last`,
    "this is a bug in zopf: please report it with the bundle",
  );
}
