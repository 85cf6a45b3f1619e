/**
 * The same texts, said shorter: what only names a part of the line, or says the same twice, is left out. What an expression
 * captures besides the address is not kept, so only the texts that it fits count.
 */
import {
  alternatives,
  empty,
  isNullable,
  itemsOf,
  type Node,
  type RepeatNode,
  sequence,
  someNode,
  withChildren,
} from "./ast.js";
import { setHas } from "./sets.js";

export function simplify(node: Node): Node {
  const referred = new Set<number>();
  someNode(node, (one) => {
    if (one.kind === "backreference") referred.add(one.group);
    if (one.kind === "conditional") referred.add(one.group);
    return false;
  });
  return simpler(node, referred);
}

function simpler(node: Node, referred: ReadonlySet<number>): Node {
  const inner = withChildren(node, (child) => simpler(child, referred));
  switch (inner.kind) {
    case "group":
      return referred.has(inner.number) ? inner : inner.body;
    case "repeat":
      if (inner.max === 0) return empty;
      return inner.min === 1 && inner.max === 1 ? inner.body : inner;
    case "sequence":
      return sequence(mergedRuns(inner.items));
    case "alternatives":
      return withoutCovered(inner.options);
    default:
      return inner;
  }
}

/** `\s*\s*` is `\s*`; beside a run that takes more, one that may be missing says nothing: `.*\s*` is `.*`, `\s+.*` is `\s.*`. */
function mergedRuns(items: readonly Node[]): readonly Node[] {
  const merged: Node[] = [];
  for (const item of items) {
    const last = merged.at(-1);
    if (
      last === undefined ||
      last.kind !== "repeat" ||
      item.kind !== "repeat" ||
      !isRun(last) ||
      !isRun(item)
    ) {
      merged.push(item);
      continue;
    }
    if (JSON.stringify(last.body) === JSON.stringify(item.body))
      merged[merged.length - 1] = { ...last, min: last.min + item.min };
    else if (item.min === 0 && within(item, last)) continue;
    else if (within(last, item) && last.min <= 2) {
      merged.pop();
      for (let count = 0; count < last.min; count++) merged.push(last.body);
      merged.push(item);
    } else merged.push(item);
  }
  return merged;
}

const isRun = (node: Node): node is RepeatNode & { readonly body: Node & { readonly kind: "set" } } =>
  node.kind === "repeat" &&
  node.max === Number.POSITIVE_INFINITY &&
  node.mode !== "possessive" &&
  node.body.kind === "set";

/** `\S*|.*?` is `.*?`: what one alternative takes, another takes too. */
function withoutCovered(options: readonly Node[]): Node {
  const kept = options.filter(
    (option, at) =>
      !options.some(
        (other, index) =>
          index !== at &&
          isRun(other) &&
          isRun(option) &&
          other.min <= option.min &&
          within(option, other) &&
          (index > at || !within(other, option) || other.min < option.min),
      ),
  );
  return alternatives(kept);
}

const letters = Array.from({ length: 129 }, (_, code) => (code === 128 ? 0xe9 : code));

function within(option: Node, other: Node): boolean {
  return (
    isRun(option) &&
    isRun(other) &&
    // A line has no line feed.
    letters.every((code) => code === 10 || !setHas(option.body, code) || setHas(other.body, code))
  );
}

/** What follows the last that matters: any text, up to the end. */
export function withoutTail(root: Node): Node {
  const items = [...itemsOf(root)];
  const last = items.at(-1);
  if (last?.kind === "assertion" && last.assertion === "end") {
    let at = items.length - 2;
    while (at >= 0 && isFree(items[at]) && !isOpenRun(items[at])) at--;
    if (!isOpenRun(items[at])) return sequence(withoutBlankTail(items));
    items.length = at + 1;
  }
  for (
    let tail = items.at(-1);
    tail !== undefined && (isFree(tail) || isOpenRun(tail));
    tail = items.at(-1)
  ) {
    if (tail.kind === "repeat" && tail.min > 0) {
      items[items.length - 1] = tail.body;
      break;
    }
    items.pop();
  }
  return sequence(items);
}

const isOpenRun = (node: Node | undefined): boolean => node !== undefined && isAnyRun(node);

/** It may be missing, and says nothing of the address. */
const isFree = (node: Node | undefined): boolean =>
  node?.kind === "repeat" &&
  node.min === 0 &&
  !someNode(node, (one) => one.kind === "host" || one.kind === "backreference" || one.kind === "group");

/** `(?:a.*)?\s*$` is `(?:a.*|\s*)$`: the blanks at the end are any text, too. */
function withoutBlankTail(items: readonly Node[]): readonly Node[] {
  const blanks = items.at(-2);
  const before = items.at(-3);
  if (blanks?.kind !== "repeat" || !isRun(blanks) || blanks.min > 0 || before?.kind !== "repeat")
    return items;
  if (before.min !== 0 || before.max !== 1 || !isOpenRun(itemsOf(before.body).at(-1))) return items;
  return [...items.slice(0, -3), alternatives([before.body, blanks]), ...items.slice(-1)];
}

export const isAnyRun = (node: Node): node is RepeatNode =>
  node.kind === "repeat" &&
  node.min <= 1 &&
  node.max === Number.POSITIVE_INFINITY &&
  node.body.kind === "set" &&
  [0x20, 0x22, 0x27, 0x28, 0x29, 0x2c, 0x3a, 0x3c, 0x3e, 0x5b, 0x5d, 0x61].every(
    (code) => node.body.kind === "set" && setHas(node.body, code),
  ) &&
  letters.every((code) => code === 10 || (node.body.kind === "set" && setHas(node.body, code)));

/**
 * The first text that is found decides (`(?>.*?text)`), where any text may follow: a later place of it takes nothing more.
 * Repeated groups do not go back into what one turn has taken.
 */
export function firstFound(root: Node): Node {
  const items = itemsOf(root);
  const parts: Node[] = [];
  let open: Node[] | null = null;
  for (const item of items) {
    if (isAnyRun(item)) {
      if (open !== null) parts.push(...closed(open, true));
      open = [{ ...item, mode: "lazy" }];
    } else if (open === null) parts.push(item);
    else open.push(item);
  }
  if (open !== null) parts.push(...closed(open, false));
  return sequence(parts);
}

/** A run of any text and what must follow it; the one before the last run may be taken at its first place. */
function closed(part: readonly Node[], followed: boolean): readonly Node[] {
  const plain = part.every(
    (node) => !someNode(node, (one) => one.kind === "host" || one.kind === "backreference"),
  );
  return followed && plain ? [{ kind: "atomic", body: sequence(part) }] : part;
}

/** Each turn of a repeated group is taken as it is first found. */
export function eachTurn(node: Node): Node {
  const inner = withChildren(node, eachTurn);
  if (
    inner.kind !== "repeat" ||
    inner.max !== Number.POSITIVE_INFINITY ||
    inner.body.kind === "set" ||
    inner.body.kind === "character" ||
    inner.body.kind === "atomic"
  )
    return inner;
  return { ...inner, body: { kind: "atomic", body: inner.body } };
}

/** What may be missing before the address, and what is one of several there, is taken as it is first found. */
export function eachPart(root: Node): Node {
  const items = itemsOf(root);
  const address = items.findIndex((item) => someNode(item, (one) => one.kind === "host" && one.captured));
  return sequence(
    items.map((item, at) => {
      const part =
        item.kind === "alternatives" ||
        (item.kind === "repeat" &&
          item.max === 1 &&
          item.body.kind !== "set" &&
          item.body.kind !== "character");
      return part && at < address && !someNode(item, (one) => one.kind === "group")
        ? { kind: "atomic", body: item }
        : item;
    }),
  );
}

/** An address that is not the one which counts, or else some text: as that text. */
export function withoutOtherAddresses(node: Node): Node {
  const inner = withChildren(node, withoutOtherAddresses);
  if (inner.kind !== "alternatives") return inner;
  const run = inner.options.find(
    (option) => isRun(option) && option.body.kind === "set" && option.body.negated,
  );
  const others = inner.options.filter((option) => option !== run);
  const uncaptured = others.every(
    (option) =>
      someNode(option, ({ kind }) => kind === "host") &&
      !someNode(option, (one) => one.kind === "host" && one.captured),
  );
  return run !== undefined && uncaptured ? run : inner;
}

/**
 * The lines among those that it fits in which the address has its place from both sides: words that may stand behind it
 * are not there, what may be missing directly before it is. Null: a text with blanks may follow, in which whoever writes it
 * could put what stands before the address; then the line's end says nothing.
 */
export function stricter(root: Node): Node | null {
  const items = itemsOf(root);
  const at = items.findIndex((item) => someNode(item, (one) => one.kind === "host" && one.captured));
  if (at < 0) return null;
  const before = items.slice(0, at);
  const last = before.at(-1);
  if (last?.kind === "repeat" && last.min === 0 && last.max === 1 && isText(last.body))
    before[before.length - 1] = last.body;
  const lead = textBefore(before);
  const behind = items.slice(at + 1);
  if (!lead.includes(" ") || behind.some((item) => takesAnything(item) && !isWords(item, lead))) return null;
  if (behind.some((item) => takesAnything(item) && !isNullable(item))) return null;
  return sequence([
    ...before,
    ...items.slice(at, at + 1),
    ...behind.flatMap((item) => withoutAnything(item) ?? []),
  ]);
}

const isText = (node: Node): boolean => itemsOf(node).every(({ kind }) => kind === "character");

/** The characters that certainly stand directly before the address. */
function textBefore(before: readonly Node[]): string {
  let text = "";
  for (const item of sequenceItems(before).reverse()) {
    if (item.kind !== "character") break;
    text = String.fromCodePoint(item.code) + text;
  }
  return text;
}

const sequenceItems = (items: readonly Node[]): Node[] => [...itemsOf(sequence(items))];

/** Nothing in it can hold a blank, or what leads to the address. */
function isWords(node: Node, lead: string): boolean {
  switch (node.kind) {
    case "set":
      return !setHas(node, 0x20);
    case "sequence": {
      // `(?! from ).`
      const [look, set, ...rest] = node.items;
      if (
        look?.kind === "look" &&
        look.negative &&
        isText(look.body) &&
        lead.endsWith(textBefore(itemsOf(look.body))) &&
        set?.kind === "set" &&
        rest.length === 0
      )
        return true;
      return node.items.every((item) => isWords(item, lead));
    }
    case "alternatives":
      return node.options.every((option) => isWords(option, lead));
    case "repeat":
      return isWords(node.body, lead);
    case "host":
    case "backreference":
    case "conditional":
    case "date":
    case "group":
    case "atomic":
      return false;
    default:
      return true;
  }
}

/** Does it take words of others? */
const takesAnything = (node: Node): boolean =>
  someNode(
    node,
    (one) => one.kind === "set" && [0x2e, 0x2f, 0x41, 0x61, 0x30, 0x5f].every((code) => setHas(one, code)),
  );

/** null: any words have to stand in it. */
function withoutAnything(node: Node): Node | null {
  if (!takesAnything(node)) return node;
  switch (node.kind) {
    case "alternatives": {
      const options = node.options.filter((option) => !takesAnything(option));
      return options.length === 0 ? null : alternatives(options);
    }
    case "sequence": {
      const items = node.items.map((item) => withoutAnything(item) ?? (isNullable(item) ? empty : null));
      const kept = items.filter((item) => item !== null);
      return kept.length < items.length ? null : sequence(kept);
    }
    case "repeat": {
      const body = takesAnything(node.body) ? withoutAnything(node.body) : node.body;
      return body === null || takesAnything(body) ? null : { ...node, body };
    }
    default:
      return null;
  }
}
