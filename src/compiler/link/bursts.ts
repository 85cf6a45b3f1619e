import type { BurstDetectionModel, DetectionModel, RuleModel } from "../../model/model.js";
import { checkRivals, type ReadBurst, resolveBurst } from "./burst.js";
import { codes } from "./codes.js";
import type { LinkContext } from "./field.js";
import type { Capture } from "./log.js";

/**
 * The bursts in an order in which each stands behind what it counts, as OSSEC's rules must. What is known of
 * their addresses is put into `captures`.
 */
export function linkBursts(
  context: LinkContext,
  bursts: readonly { readonly read: ReadBurst; readonly rule: RuleModel }[],
  others: readonly DetectionModel[],
  captures: Map<string, Capture>,
  known: ReadonlySet<string>,
): readonly BurstDetectionModel[] {
  const detections: DetectionModel[] = [...others];
  const done: { readonly read: ReadBurst; readonly model: BurstDetectionModel }[] = [];
  let waiting = bursts;
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ read }) => read.name));
    const ready = waiting.filter(
      ({ read }) => read.of.kind !== "detection" || read.of.name === read.name || !names.has(read.of.name),
    );
    const [circular] = waiting;
    if (ready.length === 0 && circular !== undefined) {
      const { name, of } = circular.read;
      context.diagnostics.push(
        codes.burst(of.field.span(), `"${name}" counts itself by way of other bursts`),
      );
      break;
    }
    for (const { read, rule } of ready) {
      const resolved = resolveBurst(context, read, rule.level, { detections, captures, known });
      if (resolved === null) continue;
      const { name, events, timeframe, flags, field } = read;
      const model: BurstDetectionModel = {
        kind: "burst",
        name,
        base: resolved.base,
        events,
        timeframe,
        flags,
        rule,
        span: field.span(),
      };
      captures.set(name, resolved.capture);
      detections.push(model);
      done.push({ read, model });
    }
    waiting = waiting.filter((burst) => !ready.includes(burst));
  }
  checkRivals(context, done, detections);
  return done.map(({ model }) => model);
}
