import type { DetectionModel, Model, RuleConditionModel } from "../../model/model.js";
import { detectionNamed } from "../../model/named.js";
import { parseTime, parseWeekday } from "../../ossec/load/time.js";
import { countedBy } from "./samples.js";

/** Seconds of a minute, and minutes of a week: every time of a day and every weekday is among them. */
const minute = 60;
const week = 7 * 24 * 60;

/**
 * The first moment, not before another one, at which a detection's rule looks at all: rules with a time of the day or
 * with weekdays would miss lines that are tried at any other. In UTC, as the engine of the checks.
 */
export function momentOf(model: Model, detection: DetectionModel, after: number): number {
  const asked = clockConditions(model, detection);
  if (asked.length === 0) return after;
  for (let step = 0; step <= week; step += 1) {
    const at = after + step * minute;
    if (asked.every((holds) => holds(new Date(at * 1_000)))) return at;
  }
  return after;
}

function clockConditions(model: Model, detection: DetectionModel): readonly ((at: Date) => boolean)[] {
  switch (detection.kind) {
    case "burst":
    case "sequence": {
      const { base } = detection;
      const counted = countedBy(model, base);
      const next =
        detection.kind === "sequence" && detection.under.kind === "rules" ? detection.under.detections : [];
      const about = [counted, ...next.map((name) => detectionNamed(model, name))];
      return [
        ...clocksOf(detection.conditions),
        ...about.flatMap((one) => (one === null || one === detection ? [] : clockConditions(model, one))),
      ];
    }
    case "log":
    case "rule":
      return clocksOf(detection.conditions);
    default:
      return [];
  }
}

function clocksOf(conditions: readonly RuleConditionModel[]): readonly ((at: Date) => boolean)[] {
  return conditions.flatMap(({ element, value }) => {
    if (element === "weekday") {
      const days = parseWeekday(value)?.days;
      return days === undefined ? [] : [(at: Date) => days[at.getUTCDay()] === true];
    }
    const range = element === "time" ? parseTime(value) : null;
    if (range === null) return [];
    return [
      (at: Date) => {
        const now = at.getUTCHours() * 60 + at.getUTCMinutes();
        return (now >= range.from && now <= range.to) !== range.negated;
      },
    ];
  });
}
