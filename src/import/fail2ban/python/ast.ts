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
  readonly assertion: "start" | "end" | "wordBoundary" | "notWordBoundary";
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

export const empty: Node = { kind: "sequence", items: [] };

export function sequence(items: readonly Node[]): Node {
  const flat = items.flatMap((item) => (item.kind === "sequence" ? item.items : [item]));
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

/** The node with others below it. */
export function withChildren(node: Node, change: (child: Node) => Node): Node {
  switch (node.kind) {
    case "sequence":
      return sequence(node.items.map(change));
    case "alternatives":
      return { ...node, options: node.options.map(change) };
    case "group":
    case "repeat":
    case "look":
    case "atomic":
      return { ...node, body: change(node.body) };
    case "conditional":
      return { ...node, yes: change(node.yes), no: change(node.no) };
    default:
      return node;
  }
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

let keys = new WeakMap<Node, number>();
const numbers = new Map<string, number>();

/** The same for nodes that are built alike, until {@link forgetKeys}; known nodes below it are not looked at again. */
export function keyOf(node: Node): number {
  const known = keys.get(node);
  if (known !== undefined) return known;
  const below = childrenOf(node).map(keyOf).join();
  const own = JSON.stringify(node, (name, value) =>
    below !== "" && childNames.has(name) ? undefined : value,
  );
  const text = `${own} ${below}`;
  const key = numbers.get(text) ?? numbers.size;
  numbers.set(text, key);
  keys.set(node, key);
  return key;
}

export function forgetKeys(): void {
  keys = new WeakMap();
  numbers.clear();
}

const childNames: ReadonlySet<string> = new Set(["items", "options", "body", "yes", "no"]);
