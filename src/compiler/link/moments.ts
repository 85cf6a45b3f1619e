import type { RuleConditionModel } from "../../model/model.js";
import type { MomentsDeclaration } from "../decode/conditions.js";

/** The conditions on the clock. */
export function linkMoments({ time, weekdays }: MomentsDeclaration): readonly RuleConditionModel[] {
  return [
    ...(time === undefined ? [] : [{ element: "time", field: null, value: timeText(time) }]),
    ...(weekdays === undefined ? [] : [{ element: "weekday", field: null, value: weekdays.join(",") }]),
  ];
}

/**
 * The engines take both minutes in, so that the last one is that before `until`. A time over midnight they keep
 * as "not from its end to its beginning", both minutes again: written out, nothing of it is lost. `am` and `pm`
 * are never written, for 12 am is noon to them (docs/reference/ossec.md#rule-elements, #corner-cases-of-analysis).
 */
function timeText({ from, until }: NonNullable<MomentsDeclaration["time"]>): string {
  return from < until
    ? `${minuteText(from)} - ${minuteText(until - 1)}`
    : `!${minuteText(until)} - ${minuteText(from - 1)}`;
}

function minuteText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
