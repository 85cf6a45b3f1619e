/**
 * A regular expression of Python's `re` as a tree, with fail2ban's tags in it (`<HOST>`, `<F-USER>…</F-USER>`).
 * Characters are code points; flags are resolved: letter case is a property of the node.
 */
export type Node =
  | CharacterNode
  | SetNode
  | SequenceNode
  | AlternativesNode
  | GroupNode
  | RepeatNode
  | AssertionNode
  | LookNode
  | ConditionalNode
  | BackreferenceNode
  | AtomicNode
  | HostNode
  | DateNode;

export interface CharacterNode {
  readonly kind: "character";
  readonly code: number;
  readonly ignoreCase: boolean;
}

/** `d` is `[0-9]`, and so on; capital letters are the complements. */
export type ClassLetter = "d" | "D" | "w" | "W" | "s" | "S";

export type SetItem =
  | { readonly kind: "range"; readonly from: number; readonly to: number }
  | { readonly kind: "class"; readonly letter: ClassLetter };

/** `[…]`, `\d` and the like, and the dot: everything but a line feed. */
export interface SetNode {
  readonly kind: "set";
  readonly items: readonly SetItem[];
  readonly negated: boolean;
  readonly ignoreCase: boolean;
}

export interface SequenceNode {
  readonly kind: "sequence";
  readonly items: readonly Node[];
}

export interface AlternativesNode {
  readonly kind: "alternatives";
  readonly options: readonly Node[];
}

/** A group that captures: by number, by a name, or by one of fail2ban's tags (`<F-USER>` has the tag `user`). */
export interface GroupNode {
  readonly kind: "group";
  readonly number: number;
  readonly name: string | null;
  readonly tag: string | null;
  readonly body: Node;
}

export interface RepeatNode {
  readonly kind: "repeat";
  readonly body: Node;
  readonly min: number;
  /** Infinity when unbounded. */
  readonly max: number;
  readonly mode: "greedy" | "lazy" | "possessive";
}

export interface AssertionNode {
  readonly kind: "assertion";
  /** `decided`: what stands before it is taken as it is first found, and not tried again; always holds. */
  readonly assertion: "start" | "end" | "wordBoundary" | "notWordBoundary" | "decided";
}

export interface LookNode {
  readonly kind: "look";
  readonly negative: boolean;
  readonly body: Node;
}

/** `(?(name)yes|no)`; the condition is the number of a group. */
export interface ConditionalNode {
  readonly kind: "conditional";
  readonly group: number;
  readonly yes: Node;
  readonly no: Node;
}

export interface BackreferenceNode {
  readonly kind: "backreference";
  readonly group: number;
}

export interface AtomicNode {
  readonly kind: "atomic";
  readonly body: Node;
}

/** What of `<HOST>`, `<ADDR>`, `<IP4>`, `<IP6>`, `<DNS>`, `<SUBNET>` may stand there. */
export interface HostNode {
  readonly kind: "host";
  readonly tag: HostTag;
  /** It is what the line is about: its address is captured. */
  readonly captured: boolean;
  /** Nothing stands behind it: the address is as long as it can be. */
  readonly last?: true;
}

export type HostTag = "HOST" | "ADDR" | "IP4" | "IP6" | "DNS" | "SUBNET";

/** Where fail2ban cuts the date out of the line. */
export interface DateNode {
  readonly kind: "date";
  /** One of these stands there. */
  readonly forms: readonly DateForm[];
  /** A date of one of them. */
  readonly sample: string;
}

export interface DateForm {
  /** PCRE2. */
  readonly text: string;
  /** A date of that form. */
  readonly sample: string;
}

export const isDecided = (node: Node | undefined): boolean =>
  node?.kind === "assertion" && node.assertion === "decided";

export const empty: Node = { kind: "sequence", items: [] };

export function sequence(items: readonly Node[]): Node {
  const flat = items.some(({ kind }) => kind === "sequence")
    ? items.flatMap((item) => (item.kind === "sequence" ? item.items : [item]))
    : items;
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind: "sequence", items: flat };
}

export function alternatives(options: readonly Node[]): Node {
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : { kind: "alternatives", options };
}

export const itemsOf = (node: Node): readonly Node[] => (node.kind === "sequence" ? node.items : [node]);

/** The nodes directly below a node. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "sequence":
      return node.items;
    case "alternatives":
      return node.options;
    case "group":
    case "repeat":
    case "look":
    case "atomic":
      return [node.body];
    case "conditional":
      return [node.yes, node.no];
    default:
      return [];
  }
}

/** The node with others below it; the same node where they are the same. */
export function withChildren(node: Node, change: (child: Node) => Node): Node {
  switch (node.kind) {
    case "sequence": {
      const items = changedAll(node.items, change);
      return items === node.items ? node : sequence(items);
    }
    case "alternatives": {
      const options = changedAll(node.options, change);
      return options === node.options ? node : { ...node, options };
    }
    case "group":
    case "repeat":
    case "look":
    case "atomic": {
      const body = change(node.body);
      return body === node.body ? node : { ...node, body };
    }
    case "conditional": {
      const [yes, no] = [change(node.yes), change(node.no)];
      return yes === node.yes && no === node.no ? node : { ...node, yes, no };
    }
    default:
      return node;
  }
}

function changedAll(nodes: readonly Node[], change: (child: Node) => Node): readonly Node[] {
  let changed: Node[] | null = null;
  for (const [at, node] of nodes.entries()) {
    const other = change(node);
    if (other !== node) changed ??= nodes.slice(0, at);
    changed?.push(other);
  }
  return changed ?? nodes;
}

export function someNode(node: Node, test: (one: Node) => boolean): boolean {
  return test(node) || childrenOf(node).some((child) => someNode(child, test));
}

/** Can it match without a character? */
export function isNullable(node: Node): boolean {
  switch (node.kind) {
    case "character":
    case "set":
    case "host":
    case "date":
      return false;
    case "sequence":
      return node.items.every(isNullable);
    case "alternatives":
      return node.options.some(isNullable);
    case "group":
    case "atomic":
      return isNullable(node.body);
    case "repeat":
      return node.min === 0 || isNullable(node.body);
    case "conditional":
      return isNullable(node.yes) || isNullable(node.no);
    default:
      return true;
  }
}

const keys = new WeakMap<Node, number>();
/** Texts of nodes, the keys of those below them in place of these. */
const numbers = new Map<string, number>();
/** By then what is known is of other filters. */
const mostKeys = 200_000;
let generation = 0;

/** The same for nodes that are built alike; nodes below it that are known are not looked at again. */
export function keyOf(node: Node): number {
  const known = keys.get(node);
  if (known !== undefined && known >= generation) return known;
  const text = keyText(node);
  let key = numbers.get(text);
  if (key === undefined) {
    key = generation + numbers.size;
    numbers.set(text, key);
  }
  keys.set(node, key);
  return key;
}

/** Forgets keys where there are too many; those that were given are not given again. */
export function forgetKeys(): void {
  if (numbers.size < mostKeys) return;
  generation += numbers.size;
  numbers.clear();
}

function keyText(node: Node): string {
  switch (node.kind) {
    case "character":
      return `c${node.code}${node.ignoreCase ? "i" : ""}`;
    case "set": {
      const items = node.items.map((item) =>
        item.kind === "class" ? item.letter : `${item.from}-${item.to}`,
      );
      return `s${node.negated ? "^" : ""}${node.ignoreCase ? "i" : ""}${items.join()}`;
    }
    case "sequence":
      return `q${node.items.map(keyOf).join()}`;
    case "alternatives":
      return `a${node.options.map(keyOf).join()}`;
    case "group":
      return `g${node.number},${keyOf(node.body)},${JSON.stringify([node.name, node.tag])}`;
    case "repeat":
      return `r${node.min},${node.max},${node.mode},${keyOf(node.body)}`;
    case "assertion":
      return `t${node.assertion}`;
    case "look":
      return `l${node.negative ? "!" : "="}${keyOf(node.body)}`;
    case "conditional":
      return `o${node.group},${keyOf(node.yes)},${keyOf(node.no)}`;
    case "backreference":
      return `b${node.group}`;
    case "atomic":
      return `m${keyOf(node.body)}`;
    case "host":
      return `h${node.tag}${node.captured ? "c" : ""}${node.last === true ? "l" : ""}`;
    case "date":
      return `d${JSON.stringify([node.forms, node.sample])}`;
  }
}
