import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { analyses } from "../model/hosts.js";
import type { Model, RuleDetectionModel } from "../model/model.js";
import { ruleIdsOf } from "../model/rule-ids.js";
import type { LoadedOssec, RuleDefinition } from "../ossec/definitions.js";
import { positionAt } from "../ossec/xml/source.js";
import { codes } from "./codes.js";
import { starvedBy } from "./starved.js";
import { shownBytes } from "./taken-by.js";

/**
 * What the bundle's rules do to those of the host, and nobody has to refuse: composites that lose their events, rules
 * that no longer see any.
 */
export function homeNotices(model: Model, loaded: LoadedOssec): readonly Diagnostic[] {
  if (!analyses(model)) return [];
  return model.detections.flatMap((detection) =>
    detection.kind === "rule" && loaded.ruleById.has(detection.rule.id)
      ? [
          ...starving(model, detection, loaded),
          ...silenced(model, detection, loaded),
          ...untried(model, detection, loaded),
        ]
      : [],
  );
}

function starving(model: Model, detection: RuleDetectionModel, loaded: LoadedOssec): readonly Diagnostic[] {
  const { name, span } = detection;
  const found = starvedBy(model, detection, loaded);
  const silent = found.flatMap(({ composite, shown }) => (shown === null ? [composite] : []));
  const one = silent.length === 1;
  return [
    ...found.flatMap(({ composite, shown }) =>
      shown === null
        ? []
        : [
            codes.starved(
              span,
              `rule ${composite.id} (${placeOf(composite, loaded)}, level ${composite.level}) no longer counts what "${name}" takes: ${shown.lines} lines like ${shownBytes(shown.line)} fire it without that rule, and none do with it`,
              countAgain(detection, composite, shown.lines),
            ),
          ],
    ),
    ...(silent.length === 0
      ? []
      : [
          codes.starved(
            span,
            `${several(silent)} no longer ${one ? "counts" : "count"} what "${name}" takes: an event is kept under the rule that decided last`,
            "with samples: [...] of it zopf tries which of them would have fired",
          ),
        ]),
  ];
}

/** The burst that counts the taken events as the composite did. */
function countAgain({ name, effect }: RuleDetectionModel, composite: RuleDefinition, events: number): string {
  if (effect === "silence")
    return "nothing counts an event of level 0: lower it instead, where that is not meant";
  const per = composite.correlation.same.includes("srcip")
    ? "source"
    : composite.correlation.same.includes("dstuser")
      ? "user"
      : "all";
  return `to count them by themselves: { kind: "burst", of: { detection: "${name}" }, events: ${events}, within: "${composite.timeframe} sec", per: "${per}", … }`;
}

/** Level 0 is tried before all siblings: none of them sees what it takes. */
function silenced(model: Model, detection: RuleDetectionModel, loaded: LoadedOssec): readonly Diagnostic[] {
  if (detection.effect !== "silence") return [];
  const blind = siblingsOf(model, detection, loaded).filter(({ level }) => level > 0);
  if (blind.length === 0) return [];
  return [
    codes.blinded(
      detection.span,
      `what "${detection.name}" silences is not seen by ${several(blind)}, which ${blind.length === 1 ? "stands" : "stand"} beside it`,
      "narrow its conditions where one of them should still see the event",
    ),
  ];
}

/** Rules that are tried before it, where no line shows that it gets anything. */
function untried(model: Model, detection: RuleDetectionModel, loaded: LoadedOssec): readonly Diagnostic[] {
  if (detection.samples.length > 0 || detection.effect === "silence") return [];
  const before = siblingsOf(model, detection, loaded).filter(
    ({ level, search }) => search === null && (level === 0 || level > detection.rule.level),
  );
  if (before.length === 0) return [];
  return [
    codes.untried(
      detection.span,
      `${several(before)} ${before.length === 1 ? "is" : "are"} tried before "${detection.name}", and no sample line shows that an event gets past`,
      "add a line from the log: samples: [...]",
    ),
  ];
}

/** Rules of others below the same ones. */
function siblingsOf(
  model: Model,
  { rule }: RuleDetectionModel,
  loaded: LoadedOssec,
): readonly RuleDefinition[] {
  const own = new Set(ruleIdsOf(model));
  const found = new Map<number, RuleDefinition>();
  const visit = (nodes: LoadedOssec["roots"]): void => {
    const here = nodes.some((node) => node.rule.id === rule.id);
    for (const node of nodes) {
      if (here && !own.has(node.rule.id)) found.set(node.rule.id, node.rule);
      visit(node.children);
    }
  };
  visit(loaded.roots);
  return [...found.values()];
}

function several(rules: readonly RuleDefinition[]): string {
  const named = rules.slice(0, 5).map(({ id, level }) => `${id} (level ${level})`);
  const more = rules.length > 5 ? ` and ${rules.length - 5} more` : "";
  return `${rules.length === 1 ? "rule" : "rules"} ${named.join(", ")}${more}`;
}

function placeOf(rule: RuleDefinition, loaded: LoadedOssec): string {
  const { source, start } = loaded.written.rule(rule).idPlace;
  return `${source.file}:${positionAt(source, start).line}`;
}
