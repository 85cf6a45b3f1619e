/** Places of rules in the tree, and what their ancestors ask for. */
import type { LoadedOssec, RuleDefinition, RuleNode } from "../ossec/definitions.js";

export interface NodePlace {
  readonly node: RuleNode;
  readonly parent: NodePlace | null;
  /** `<decoded_as>` of the nearest rule that has one, itself included; null: none. */
  readonly decodedAs: string | null;
  /** Two rules on the way ask for different decoders: it is never reached. */
  readonly conflict: boolean;
}

export interface TreeIndex {
  readonly places: ReadonlyMap<RuleDefinition, readonly NodePlace[]>;
  readonly all: readonly NodePlace[];
  childrenOf(place: NodePlace): readonly NodePlace[];
  readonly roots: readonly NodePlace[];
}

const none: readonly NodePlace[] = [];

export function indexTree({ roots }: LoadedOssec): TreeIndex {
  const places = new Map<RuleDefinition, NodePlace[]>();
  const all: NodePlace[] = [];
  const children = new Map<NodePlace, NodePlace[]>();
  const add = (node: RuleNode, parent: NodePlace | null): NodePlace => {
    const { rule } = node;
    const inherited = parent?.decodedAs ?? null;
    const conflict =
      (parent?.conflict ?? false) ||
      (rule.decodedAs !== null && inherited !== null && rule.decodedAs !== inherited);
    const place: NodePlace = { node, parent, decodedAs: rule.decodedAs ?? inherited, conflict };
    all.push(place);
    const known = places.get(rule);
    if (known === undefined) places.set(rule, [place]);
    else known.push(place);
    return place;
  };
  const top = roots.map((node) => add(node, null));
  for (let at = 0; at < all.length; at++) {
    const place = all[at];
    if (place === undefined || place.node.children.length === 0) continue;
    children.set(
      place,
      place.node.children.map((child) => add(child, place)),
    );
  }
  return { places, all, roots: top, childrenOf: (place) => children.get(place) ?? none };
}

/** The rule and those above it, at one place. */
export function* chainOf(place: NodePlace): Iterable<RuleDefinition> {
  for (let at: NodePlace | null = place; at !== null; at = at.parent) yield at.node.rule;
}
