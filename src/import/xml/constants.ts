/** Names for values that several detections of a module have. */
import type { BurstBase } from "../../dsl/burst.js";
import type { RuleDefinition } from "../../ossec/definitions.js";
import type { DraftConstant, DraftModule } from "../draft.js";
import { shownText } from "./texts.js";

/** A rule of the host that is named so often reads better with a name. */
const oftenNamed = 3;

/** Names for rules of the host that several detections are about. */
export function constantsOf(
  { detections }: Pick<DraftModule, "detections">,
  ruleOf: (id: number) => RuleDefinition | undefined,
): readonly DraftConstant[] {
  const counts = new Map<number, number>();
  const count = (ids: readonly number[]): void => {
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  const based = (base: BurstBase): void => count("rule" in base ? [base.rule] : []);
  for (const { value } of detections) {
    if (value.kind === "rule" && value.under !== undefined)
      count(("rules" in value.under && value.under.rules) || []);
    else if (value.kind === "burst") based(value.of);
    else if (value.kind === "sequence") for (const base of [value.first, value.next]) based(base);
  }
  return [...counts].flatMap(([id, times]): readonly DraftConstant[] => {
    const description = ruleOf(id)?.description ?? null;
    if (times < oftenNamed || description === null) return [];
    const text = shownText(description);
    return [{ kind: "rule", name: text, value: id, comments: [`Rule ${id}: ${text}`] }];
  });
}
