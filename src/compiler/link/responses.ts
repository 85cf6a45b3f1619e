import type { DetectionModel, ResponseModel } from "../../model/model.js";
import { codes } from "./codes.js";
import { readDuration, showDuration } from "./duration.js";
import {
  child,
  describe,
  type Field,
  isObject,
  type LinkContext,
  readList,
  readObject,
  readOneOf,
  readString,
} from "./field.js";

/** The responses, with the rules that start each. */
export function readResponses(
  context: LinkContext,
  field: Field,
  detections: readonly DetectionModel[],
  known: ReadonlySet<string>,
): readonly ResponseModel[] {
  if (field.value === undefined) return [];
  const responses: ResponseModel[] = [];
  const covered = new Map<string, Field>();
  for (const entry of readList(context, field) ?? []) {
    const response = readResponse(context, entry, detections, known);
    if (response === null) continue;
    for (const detection of armedDetections(response, detections)) {
      const other = covered.get(detection.name);
      if (other !== undefined)
        context.diagnostics.push(
          codes.duplicate(
            entry.span(),
            `"${detection.name}" starts two responses (${other.label} and ${entry.label}); OSSEC would run the script once and mix their times`,
            "keep one of them",
          ),
        );
      covered.set(detection.name, entry);
    }
    responses.push(response);
  }
  return responses;
}

/** The bundle's own detections whose alerts start a response. */
export function armedDetections(
  response: ResponseModel,
  detections: readonly DetectionModel[],
): readonly DetectionModel[] {
  const { when } = response;
  switch (when.kind) {
    case "rules":
      return detections.filter((detection) => when.detections.includes(detection.name));
    case "level":
      return detections.filter((detection) => detection.rule.level >= when.level);
  }
}

function readResponse(
  context: LinkContext,
  entry: Field,
  detections: readonly DetectionModel[],
  known: ReadonlySet<string>,
): ResponseModel | null {
  if (readObject(context, entry) === null) return null;
  const kind = readOneOf(context, child(context, entry, "kind"), ["block"]);
  const seconds = readSeconds(context, child(context, entry, "for"));
  const whenField = child(context, entry, "when");
  if (kind === null || seconds === null || readObject(context, whenField) === null) return null;
  const span = entry.span();
  if (isObject(whenField.value) && "detection" in whenField.value) {
    const detectionField = child(context, whenField, "detection");
    const name = readString(context, detectionField);
    if (name === null) return null;
    const detection = detections.find((candidate) => candidate.name === name);
    if (detection === undefined) {
      // One that exists but did not link has been told already.
      if (!known.has(name))
        context.diagnostics.push(
          codes.reference(
            detectionField.span(),
            `no detection is called ${JSON.stringify(name.slice(0, 80))}`,
            known.size === 0
              ? "the bundle has no detections"
              : `there are: ${[...known].slice(0, 12).join(", ")}`,
          ),
        );
      return null;
    }
    if (detection.rule.level === 0) {
      context.diagnostics.push(
        codes.levelTooLow(
          detectionField.span(),
          `rules of level 0 never alert, so "${name}" cannot start a response`,
          "give its rule a level of 1 or more",
        ),
      );
      return null;
    }
    return {
      kind,
      when: { kind: "rules", ruleIds: [detection.rule.id], detections: [name] },
      seconds,
      span,
    };
  }
  const levelField = child(context, whenField, "level");
  const level = readLevel(context, levelField);
  if (level === null) return null;
  if (level === 0) {
    context.diagnostics.push(
      codes.level(levelField.span(), "a response from level 0 up is none: OSSEC reads 0 as not given"),
    );
    return null;
  }
  return { kind, when: { kind: "level", level }, seconds, span };
}

/** OSSEC counts a block in whole seconds; 0 would never end (spec/ossec.md 11). */
function readSeconds(context: LinkContext, field: Field): number | null {
  const seconds = readDuration(context, field);
  if (seconds === null || (Number.isInteger(seconds) && seconds >= 1)) return seconds;
  context.diagnostics.push(
    codes.duration(
      field.span(),
      `${field.label} is ${showDuration(seconds)}; OSSEC counts whole seconds, at least 1`,
    ),
  );
  return null;
}

export function readLevel(context: LinkContext, field: Field): number | null {
  const { value } = field;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 15) return value;
  context.diagnostics.push(
    codes.level(
      field.span(),
      `${field.label} is ${value === undefined ? "missing" : describe(value)}; rule levels are 0 to 15`,
      value === 99 ? "OSSEC uses 99 inside for 0: such a rule never alerts" : undefined,
    ),
  );
  return null;
}
