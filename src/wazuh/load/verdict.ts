import type { LoadProblem } from "../../ossec/definitions.js";
import { stops } from "../../ossec/load/problems.js";

/** What the config check ends with (docs/reference/wazuh.md#verdicts). */
export type WazuhVerdict = "ok" | "warned" | "left-out" | "refused";

export function wazuhVerdict(problems: readonly LoadProblem[]): WazuhVerdict {
  const said = problems.filter(
    ({ programs, severity }) => programs.includes("analysisd") && severity !== "info",
  );
  if (said.some(({ outcome }) => stops(outcome))) return "refused";
  if (said.some(({ outcome }) => outcome === "left-out")) return "left-out";
  return said.length > 0 ? "warned" : "ok";
}
