import type { RawModel } from "../../model/model.js";
import { codes } from "../codes.js";
import type { DetectionDeclaration } from "../decode/bundle.js";
import type { RawDeclaration } from "../decode/raw.js";
import type { LinkContext } from "./context.js";
import { aboutOf, isDerived, namesAnother, reportCircle } from "./derived.js";
import type { LinkedDetection } from "./detections.js";
import { unknownDetection } from "./references.js";
import { type Ordered, orderRules } from "./rule-order.js";

type Node = { readonly what: DetectionDeclaration | RawModel; readonly behind: Node[] };

interface Parts {
  readonly named: readonly DetectionDeclaration[];
  readonly ids: ReadonlyMap<string, number>;
  readonly raw: readonly RawModel[];
  /** Detections of lines and notices, which are about no others. */
  readonly lines: readonly LinkedDetection[];
  /** Every name in the bundle, also of detections that did not link. */
  readonly names: ReadonlySet<string>;
  readonly declared: readonly RawDeclaration[];
}

/**
 * Detections and raw XML in the order of their rules. What names a group stands behind all lines, notices and raw XML of
 * that group; of the rules about rules in it those that are declared before are meant. One that is about nothing, or
 * about itself, is reported and left out.
 */
export function orderOf(context: LinkContext, parts: Parts): readonly (DetectionDeclaration | RawModel)[] {
  const { named, ids, raw, lines, names } = parts;
  const byName = new Map<string, Node>();
  const byRule = new Map<number, Node>();
  const nodes: Node[] = [];
  for (const what of named) {
    const id = ids.get(what.name);
    if (id === undefined) continue;
    if (isDerived(what) && !namesAnother(context, what, aboutOf(context, what), { known: names, id }))
      continue;
    const node: Node = { what, behind: [] };
    nodes.push(node);
    byName.set(what.name, node);
    byRule.set(id, node);
  }
  const rawNodes = raw.map((what): Node => {
    const node: Node = { what, behind: [] };
    for (const id of what.ruleIds) byRule.set(id, node);
    return node;
  });
  for (const node of rawNodes)
    if (!("kind" in node.what))
      for (const id of node.what.names.rules) {
        const base = byRule.get(id);
        if (base !== undefined && base !== node) node.behind.push(base);
      }
  const inGroup = groupMembers(lines, byName, rawNodes);
  for (const node of nodes) {
    if (!("kind" in node.what) || !isDerived(node.what)) continue;
    const about = aboutOf(context, node.what);
    const bases = [
      ...about.names.map(({ name }) => byName.get(name)),
      ...about.rules.map((id) => byRule.get(id)),
      ...about.groups.flatMap(inGroup),
    ];
    for (const base of bases) if (base !== undefined && base !== node) node.behind.push(base);
  }
  const { ordered, circular } = orderRules(withRaw(context, nodes, rawNodes, parts));
  if (circular.length > 0)
    reportCircle(
      context,
      circular.map(({ what }) => what),
    );
  return ordered.map(({ what }) => what);
}

/** Lines, notices and raw XML with a rule of a group; OSSEC finds the name in any longer one. */
function groupMembers(
  lines: readonly LinkedDetection[],
  byName: ReadonlyMap<string, Node>,
  rawNodes: readonly Node[],
): (group: string) => readonly Node[] {
  const known = new Map<string, readonly Node[]>();
  const members = (group: string): readonly Node[] => [
    ...lines.flatMap(({ model }) =>
      model.rule.groups.some((name) => name.includes(group)) ? (byName.get(model.name) ?? []) : [],
    ),
    ...rawNodes.filter(
      ({ what }) =>
        !("kind" in what) &&
        what.before === null &&
        what.after === undefined &&
        what.groups.some((name) => name.includes(group)),
    ),
  ];
  return (group) => {
    const found = known.get(group) ?? members(group);
    known.set(group, found);
    return found;
  };
}

/** Raw XML stands before or behind the detection that it names, else behind the last one of lines or notices. */
function withRaw(
  { places, report }: LinkContext,
  nodes: readonly Node[],
  rawNodes: readonly Node[],
  { names, declared }: Parts,
): readonly Ordered<DetectionDeclaration | RawModel>[] {
  if (rawNodes.length === 0) return nodes;
  const before = new Map<string, Node[]>();
  const after = new Map<string, Node[]>();
  const free: Node[] = [];
  for (const node of rawNodes) {
    if ("kind" in node.what) continue;
    const { before: next, after: last } = node.what;
    if (next !== null) before.set(next, [...(before.get(next) ?? []), node]);
    else if (last !== undefined) after.set(last, [...(after.get(last) ?? []), node]);
    else free.push(node);
  }
  for (const one of declared) {
    for (const key of ["before", "after"] as const) {
      const name = one[key];
      if (name !== undefined && !names.has(name)) report(unknownDetection(places.at(one, key), name, names));
    }
    if (one.before !== undefined && one.after !== undefined)
      report(
        codes.raw(places.at(one, "after").span(), `"${one.name}" stands before a detection and behind one`),
      );
  }
  const last = nodes.findLastIndex(({ what }) => "kind" in what && !isDerived(what));
  return [
    ...(last === -1 ? free : []),
    ...nodes.flatMap((node, index) => [
      ...("name" in node.what ? (before.get(node.what.name) ?? []) : []),
      node,
      ...("name" in node.what ? (after.get(node.what.name) ?? []) : []),
      ...(index === last ? free : []),
    ]),
  ];
}
