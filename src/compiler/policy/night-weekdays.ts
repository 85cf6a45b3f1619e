import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** A night has two days: which of them a rule means is not what people expect. */
export const checkNightWeekdays: Policy = ({ detections, places }) =>
  detections.flatMap(({ kind, declared, model }) => {
    if (kind !== "log" && kind !== "rule") return [];
    const { time, weekdays } = declared;
    if (time === undefined || weekdays === undefined || time.from < time.until) return [];
    return [
      codes.nightWeekdays(
        places.of(weekdays).span(),
        `"${model.name}" looks at nights of certain days, and the day is that of the moment: behind midnight it is the next one`,
        "to follow whole nights write two rules: the evenings up to 24:00, and the early hours from 00:00 of the days behind them",
      ),
    ];
  });
