/** All filters of fail2ban's with annotated lines, as they are imported: `npm test` has the time for the quick ones only. */
import { judge, lineFiles } from "../import/fail2ban/annotated.js";
import type { Verdict } from "./ossec-oracle.js";

/** So many of the files come over whole at least; the others miss lines that are refused with a reason. */
const fewestWhole = 55;

/** No line may be taken that fail2ban does not take, or with another address. */
export function fail2banFamily(): readonly Verdict[] {
  const family = "fail2ban";
  const verdicts: Verdict[] = [];
  let whole = 0;
  for (const file of lineFiles()) {
    const outcomes = judge(file, "ossec");
    if (outcomes.every(({ verdict }) => verdict === "same" || verdict === "name")) whole += 1;
    for (const { verdict, line, expected, found } of outcomes)
      verdicts.push({
        family,
        name: `${file}: ${line}`,
        difference: verdict === "wrong" ? `fail2ban says ${expected}, the bundle ${found}` : null,
      });
  }
  verdicts.push({
    family,
    name: "files",
    difference: whole < fewestWhole ? `${whole} come over whole, ${fewestWhole} did` : null,
  });
  return verdicts;
}
