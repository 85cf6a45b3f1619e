import { engineText } from "../compiler/decode/pattern.js";
import { momentOf } from "../compiler/verify/moments.js";
import type { Model, RuleDetectionModel } from "../model/model.js";
import type { LoadedOssec, RuleDefinition, RuleNode } from "../ossec/definitions.js";
import { createEngine, type Engine } from "../ossec/engine/index.js";

/** A composite of the host that counts less with a rule of the bundle. */
export interface Starved {
  readonly composite: RuleDefinition;
  /** A line that shows it, and how many of it fire the composite without the rule; null: no sample line does. */
  readonly shown: { readonly line: string; readonly lines: number } | null;
}

/** More lines than this are not repeated: OSSEC remembers 128 events of a rule. */
const mostLines = 140;
const someTime = 1_781_175_852;

/**
 * The composites that lose the events which a rule takes: an event is kept under the rule that decided last, and is
 * in the groups of that rule only (docs/reference/ossec.md#correlation). With sample lines each is tried: repeated,
 * they fire the composite where the rule is not there, and not where it is.
 */
export function starvedBy(
  model: Model,
  detection: RuleDetectionModel,
  loaded: LoadedOssec,
): readonly Starved[] {
  const taker = loaded.ruleById.get(detection.rule.id);
  if (taker === undefined) return [];
  const parents = loaded.rules.filter((rule) => isParent(detection, rule));
  const counting = loaded.rules.filter((rule) => parents.some((parent) => counts(rule, parent, taker)));
  if (detection.samples.length === 0) return counting.map((composite) => ({ composite, shown: null }));
  const without: LoadedOssec = { ...loaded, roots: withoutRule(loaded.roots, taker.id) };
  const time = momentOf(model, detection, someTime);
  return counting.flatMap((composite) => {
    for (const { line } of detection.samples) {
      const text = engineText(line);
      const lines = firesOn(engineOf(without), text, composite.id, time);
      if (lines !== null && firesOn(engineOf(loaded), text, composite.id, time) === null)
        return [{ composite, shown: { line: text, lines } }];
    }
    return [];
  });
}

function isParent({ under, rule }: RuleDetectionModel, other: RuleDefinition): boolean {
  if (other.id === rule.id) return false;
  switch (under.kind) {
    case "rules":
      return under.ids.includes(other.id);
    case "group":
      return other.group.includes(under.group);
    case "category":
      return false;
  }
}

/** Whether a composite counts events of the one rule and not those of the other. */
function counts(composite: RuleDefinition, parent: RuleDefinition, taker: RuleDefinition): boolean {
  if (composite.id === taker.id || composite.id === parent.id) return false;
  switch (composite.search?.kind) {
    case "sid":
      return composite.search.sid === parent.id;
    case "group":
      return (
        parent.feedsGroupListsOf.includes(composite.id) && !taker.feedsGroupListsOf.includes(composite.id)
      );
    default:
      return false;
  }
}

/** The tree without one rule; what hung below it is gone with it. */
function withoutRule(nodes: readonly RuleNode[], id: number): readonly RuleNode[] {
  return nodes
    .filter(({ rule }) => rule.id !== id)
    .map((node) => ({ ...node, children: withoutRule(node.children, id) }));
}

function engineOf(loaded: LoadedOssec): Engine {
  return createEngine(loaded, { ownHostname: "sensor", timeZone: "UTC", mode: "logtest" });
}

/** How many of the line, one a second, fire the composite; null: none do. */
function firesOn(engine: Engine, line: string, id: number, time: number): number | null {
  for (let count = 1; count <= mostLines; count += 1) {
    const event = engine.process(line, time + count);
    if (event.kind === "event" && event.rule?.id === id) return count;
  }
  return null;
}
