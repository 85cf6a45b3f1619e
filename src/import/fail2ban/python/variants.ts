/**
 * An expression taken apart into ones that say the same together: without conditions (`(?(name)…|…)`), and each with one
 * place at which the address is captured.
 */
import { alternatives, childrenOf, empty, type Node, sequence, someNode, withChildren } from "./ast.js";

/** More variants of one expression than these are not made. */
const mostVariants = 64;

/** One for each outcome of the conditions; null where there are too many, or one stands in a repetition. */
export function withoutConditions(root: Node): readonly Node[] | null {
  let variants: readonly Node[] = [root];
  for (let round = 0; round < 8; round++) {
    const next = variants.flatMap((variant) => {
      const group = conditionOf(variant);
      if (group === null) return [variant];
      return [assume(variant, group, true), assume(variant, group, false)].filter((one) => one !== null);
    });
    if (next.length > mostVariants) return null;
    variants = next;
    if (variants.every((variant) => conditionOf(variant) === null)) return variants;
  }
  return null;
}

function conditionOf(node: Node): number | null {
  if (node.kind === "conditional") return node.group;
  for (const child of childrenOf(node)) {
    const found = conditionOf(child);
    if (found !== null) return found;
  }
  return null;
}

const holds = (node: Node, group: number): boolean =>
  someNode(node, (one) => one.kind === "group" && one.number === group);

/** The ways on which a group takes part, or does not; null: there are none. */
function assume(node: Node, group: number, takesPart: boolean): Node | null {
  switch (node.kind) {
    case "conditional": {
      if (node.group === group) return assume(takesPart ? node.yes : node.no, group, takesPart) ?? empty;
      const yes = assume(node.yes, group, takesPart);
      const no = assume(node.no, group, takesPart);
      return yes === null || no === null ? (yes ?? no) : { ...node, yes, no };
    }
    case "group": {
      if (node.number !== group) {
        const body = assume(node.body, group, takesPart);
        return body === null ? null : { ...node, body };
      }
      return takesPart ? node : null;
    }
    case "sequence": {
      const items = node.items.map((item) => assume(item, group, takesPart));
      const whole = items.filter((item) => item !== null);
      return whole.length === items.length ? sequence(whole) : null;
    }
    case "alternatives": {
      const inside = node.options.some((option) => holds(option, group));
      const options = node.options
        .filter((option) => !inside || !takesPart || holds(option, group))
        .map((option) => assume(option, group, takesPart))
        .filter((option) => option !== null);
      return options.length === 0 ? null : alternatives(options);
    }
    case "repeat": {
      const body = assume(node.body, group, takesPart);
      if (holds(node.body, group)) {
        if (takesPart) return node.max === 1 ? body : node;
        return body === null ? (node.min === 0 ? empty : null) : { ...node, body };
      }
      return body === null ? null : { ...node, body };
    }
    default:
      return withChildren(node, (child) => assume(child, group, takesPart) ?? child);
  }
}

/**
 * One variant for each place at which the address may stand; there it must stand. A choice of which every alternative has
 * an address stays one place.
 */
export function byHost(root: Node): readonly Node[] {
  return placesOf(root).slice(0, mostVariants);
}

function placesOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "host":
      return node.captured ? [node] : [];
    case "sequence":
      return node.items.flatMap((item, at) =>
        placesOf(item).map((placed) =>
          sequence([
            ...node.items.slice(0, at).map(withoutCapture),
            placed,
            ...node.items.slice(at + 1).map(withoutCapture),
          ]),
        ),
      );
    case "alternatives": {
      const options = node.options.map(placesOf);
      // Each has one place: they stay together.
      if (options.every(({ length }) => length === 1)) return [alternatives(options.flat())];
      return options.flat();
    }
    case "group":
    case "atomic":
      return placesOf(node.body).map((body) => ({ ...node, body }));
    case "repeat":
      return node.max === 1 ? placesOf(node.body) : [];
    default:
      return [];
  }
}

/** Addresses in it are asked for, and not captured. */
export function withoutCapture(node: Node): Node {
  return node.kind === "host" ? { ...node, captured: false } : withChildren(node, withoutCapture);
}

/** Does it ask for an address anywhere? */
export const hasHost = (node: Node): boolean => someNode(node, ({ kind }) => kind === "host");

/** Does a tag stand in it (`nofail`, `mlfid`)? */
export const hasTag = (node: Node, tag: string): boolean =>
  someNode(node, (one) => one.kind === "group" && one.tag === tag);

/** Control bytes, TABs among them, are deleted by OSSEC and not by Wazuh: where the expression names one it may be missing. */
export function withoutControls(node: Node): Node {
  if (node.kind === "character" && (node.code === 127 || (node.code < 32 && node.code !== 10)))
    return { kind: "repeat", body: node, min: 0, max: 1, mode: "greedy" };
  return withChildren(node, withoutControls);
}

/**
 * fail2ban puts a line feed behind every line before it looks: what asks for a blank there finds it. OSSEC's lines have
 * none, so that the end is taken in its place.
 */
export function withLineEnd(node: Node): Node {
  return endTail(withChildren(node, (child) => withLookEnds(child)));
}

function withLookEnds(node: Node): Node {
  if (node.kind === "look") return { ...node, body: endTail(node.body) };
  return withChildren(node, withLookEnds);
}

const end: Node = { kind: "assertion", assertion: "end" };

/** The last that must be read may be the end, where it takes line feeds. */
function endTail(node: Node): Node {
  switch (node.kind) {
    case "sequence": {
      const items = [...node.items];
      for (let at = items.length - 1; at >= 0; at--) {
        const item = items[at];
        if (item === undefined) break;
        items[at] = endTail(item);
        if (!passes(item)) break;
      }
      return sequence(items);
    }
    case "alternatives":
      return alternatives(node.options.map(endTail));
    case "group":
    case "atomic":
      return { ...node, body: endTail(node.body) };
    case "set":
      return takesLineFeed(node) ? alternatives([node, end]) : node;
    case "character":
      return node.code === 10 ? end : node;
    case "repeat": {
      if (node.min === 0)
        return node.body.kind === "set"
          ? node
          : { ...node, body: node.max === 1 ? endTail(node.body) : node.body };
      if (node.body.kind !== "set" || !takesLineFeed(node.body)) return node;
      if (node.min === 1) return alternatives([node, end]);
      return sequence([{ ...node, min: node.min - 1, max: node.max - 1 }, alternatives([node.body, end])]);
    }
    default:
      return node;
  }
}

/** Can what stands before it be the last that is read? */
function passes(node: Node): boolean {
  switch (node.kind) {
    case "assertion":
    case "look":
      return true;
    case "repeat":
      return node.min === 0 || passes(node.body);
    case "sequence":
      return node.items.every(passes);
    case "alternatives":
      return node.options.some(passes);
    case "group":
    case "atomic":
      return passes(node.body);
    default:
      return false;
  }
}

function takesLineFeed(node: Node): boolean {
  if (node.kind !== "set") return false;
  const found = node.items.some((item) =>
    item.kind === "range"
      ? item.from <= 10 && item.to >= 10
      : item.letter === "s" || item.letter === "D" || item.letter === "W",
  );
  return found !== node.negated;
}

/** Does it ask for a line feed, and for more behind it? */
export const isMultiLine = (node: Node): boolean =>
  someNode(node, (one) => one.kind === "character" && one.code === 10);
