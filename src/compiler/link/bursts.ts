import { codes } from "../codes.js";
import type { BurstDeclaration } from "../decode/burst.js";
import { linkBurst } from "./burst.js";
import type { LinkContext } from "./context.js";
import type { LinkedBurst, LinkedDetection } from "./detections.js";
import { unknownDetection } from "./references.js";
import { linkRule } from "./rule.js";

/**
 * The bursts in an order in which each stands behind what it counts, as OSSEC's rules must. One whose base did not
 * link is left out: why was reported there.
 *
 * @param known - every name in the bundle, also of detections that did not link
 */
export function linkBursts(
  context: LinkContext,
  bursts: readonly { readonly declared: BurstDeclaration; readonly id: number }[],
  others: readonly LinkedDetection[],
  known: ReadonlySet<string>,
): readonly LinkedBurst[] {
  const done: LinkedBurst[] = [];
  let waiting = bursts.filter(({ declared }) => countsAnother(context, declared, known));
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ declared }) => declared.name));
    const ready = waiting.filter(({ declared: { of } }) => of.kind !== "detection" || !names.has(of.value));
    const [circular] = waiting;
    if (ready.length === 0 && circular !== undefined) {
      const { name, of } = circular.declared;
      context.report(
        codes.burst(context.places.at(of, of.kind).span(), `"${name}" counts itself by way of other bursts`),
      );
      break;
    }
    for (const { declared, id } of ready) {
      const linked = linkBurst(context, declared, [...others, ...done]);
      if (linked === null) continue;
      const rule = linkRule(id, { groups: [], ...declared.rule });
      done.push({ kind: "burst", declared, capture: linked.capture, model: { ...linked.model, rule } });
    }
    waiting = waiting.filter((burst) => !ready.includes(burst));
  }
  return done;
}

/** Whether what it counts is there, and not itself. */
function countsAnother(
  { places, report }: LinkContext,
  { name, of }: BurstDeclaration,
  known: ReadonlySet<string>,
): boolean {
  if (of.kind !== "detection") return true;
  const place = places.at(of, of.kind);
  if (of.value === name) report(codes.burst(place.span(), `"${name}" counts itself`));
  else if (known.has(of.value)) return true;
  else report(unknownDetection(place, of.value, known));
  return false;
}
