/** One expression for the whole line: `prefregex` around it, and what is no failure before it. */
import type { Span } from "../../diagnostics/diagnostic.js";
import type { FilterText } from "./filter.js";
import { covers, headsOf, includes, mayMeet } from "./head-texts.js";
import { alternatives, empty, itemsOf, type Node, sequence, someNode } from "./python/ast.js";
import { dot, parsePython } from "./python/parse.js";
import { isAnyRun, simplify } from "./python/simplify.js";
import { hasTag, withoutCapture, withoutConditions } from "./python/variants.js";

export const optionsOf = (node: Node): readonly Node[] =>
  node.kind === "alternatives" ? node.options : [node];

interface Prefix {
  readonly node: Node;
  readonly ignoreCase: boolean;
}

export function readPrefix({
  text,
  place,
}: FilterText): Prefix | { readonly reason: string; readonly place: Span } {
  const parsed = parsePython(text);
  if (!parsed.ok) return { reason: `${parsed.reason}, at character ${parsed.at + 1}`, place };
  return { node: parsed.root, ignoreCase: parsed.ignoreCase };
}

/** A success (`F-MLFGAINED`): it too is no failure. */
export const isSuccess = (node: Node): boolean => hasTag(node, "mlfgained");

/** The ways through it that are a failure, and those that only help (`F-NOFAIL`). */
export function splitHelper(node: Node): {
  readonly failures: readonly Node[];
  readonly helpers: readonly Node[];
} {
  if (isSuccess(node)) return { failures: [], helpers: [node] };
  const group = groupOfTag(node, "nofail");
  if (group === null) return { failures: [node], helpers: [] };
  const never: Node = { kind: "look", negative: true, body: empty };
  const others = sequence([node, { kind: "conditional", group, yes: empty, no: never }]);
  const without = sequence([node, { kind: "conditional", group, yes: never, no: empty }]);
  // What may never be is no way.
  const ways = (one: Node): readonly Node[] =>
    (withoutConditions(one) ?? []).filter((way) => !itemsOf(way).some(isNever));
  return { failures: ways(without), helpers: ways(others) };
}

/** A helper's lines, which it takes from the expressions behind it. */
export const guardOf = (helper: Node): Node => withoutCapture(simplify(anywhere(helper)));

/** The same by what they certainly begin with, where that is enough of a text: for patterns that may not be long. */
export function shortGuardOf(helper: Node): Node {
  const { node, anchored } = stripStart(helper);
  const heads = headsOf(node);
  if (!anchored || heads === null || heads.some((head) => head.length < longEnough)) return guardOf(helper);
  const shortest = heads.filter((head) => !heads.some((other) => other !== head && head.startsWith(other)));
  const text = (head: string): Node =>
    sequence(
      [...head].map((character) => ({
        kind: "character",
        code: character.codePointAt(0) ?? 0,
        ignoreCase: false,
      })),
    );
  return alternatives([...new Set(shortest)].map(text));
}

const longEnough = 12;

const isNever = (node: Node): boolean =>
  node.kind === "look" && node.negative && itemsOf(node.body).length === 0;

function groupOfTag(node: Node, tag: string): number | null {
  let found: number | null = null;
  someNode(node, (one) => {
    if (one.kind !== "group" || one.tag !== tag) return false;
    found = one.number;
    return true;
  });
  return found;
}

export function stripStart(node: Node): { readonly node: Node; readonly anchored: boolean } {
  const [first, ...rest] = itemsOf(node);
  return first?.kind === "assertion" && first.assertion === "start"
    ? { node: sequence(rest), anchored: true }
    : { node, anchored: false };
}

export const anyRun: Node = {
  kind: "repeat",
  body: dot,
  min: 0,
  max: Number.POSITIVE_INFINITY,
  mode: "lazy",
};

/** What is looked for anywhere, from the start on. */
export function anywhere(node: Node): Node {
  const { node: bare, anchored } = stripStart(node);
  return anchored ? bare : sequence([anyRun, bare]);
}

/** The expression on the whole line: what `prefregex` asks for before and behind `<F-CONTENT>` stands around it. */
export function compose(prefix: Node | null, failure: Node, guards: readonly Node[]): Node | string {
  const { node, anchored } = stripStart(failure);
  const heads = headsOf(node);
  const met = guards.filter((guard) => !anchored || mayMeet(heads, headsOf(guard)));
  const meeting = met.filter((guard, place) => met.findIndex((other) => includes(other, guard)) === place);
  const looks = meeting.map((guard): Node => ({ kind: "look", negative: true, body: guard }));
  if (prefix === null) {
    const start: Node = { kind: "assertion", assertion: "start" };
    return anchored
      ? sequence([start, ...looks, node])
      : looks.length === 0
        ? node
        : sequence([start, ...looks, anyRun, node]);
  }
  const items = itemsOf(prefix);
  const at = items.findIndex((item) => item.kind === "group" && item.tag === "content");
  const content = items[at];
  if (content?.kind !== "group") return "prefregex without <F-CONTENT>";
  const after = items.slice(at + 1);
  const [first] = after;
  const toEnd = after.length === 1 && first?.kind === "assertion" && first.assertion === "end";
  const body = itemsOf(node);
  const last = body.at(-1);
  const ends = last?.kind === "assertion" && last.assertion === "end";
  const inner = ends ? body.slice(0, -1) : body;
  const innerEnd = inner.some((item) =>
    someNode(item, (one) => one.kind === "assertion" && one.assertion === "end"),
  );
  if (innerEnd && !toEnd && after.length > 0)
    return "a $ within the expression, where prefregex asks for more behind <F-CONTENT>";
  const contentLooks: Node[] =
    isAnyRun(content.body) || covers(content.body, heads)
      ? []
      : [{ kind: "look", negative: false, body: toEnd ? sequence([content.body, ...after]) : content.body }];
  const tail: readonly Node[] =
    after.length === 0
      ? ends
        ? [{ kind: "assertion", assertion: "end" }]
        : []
      : toEnd
        ? ends
          ? after
          : []
        : ends
          ? after
          : [anyRun, ...after];
  // The address of the expression itself stands before that of `prefregex`.
  const around = hostAlways(node) ? withoutCapture : (one: Node): Node => one;
  // It is looked for by itself, and its content is that of the first way which is found.
  return sequence([
    ...items.slice(0, at).map(around),
    ...contentLooks.map(around),
    decided,
    ...looks,
    ...(anchored ? [] : [anyRun]),
    ...inner,
    ...tail.map(around),
  ]);
}

const decided: Node = { kind: "assertion", assertion: "decided" };

/** Is there an address on every way through it? */
function hostAlways(node: Node): boolean {
  switch (node.kind) {
    case "host":
      return true;
    case "sequence":
      return node.items.some(hostAlways);
    case "alternatives":
      return node.options.every(hostAlways);
    case "group":
    case "atomic":
      return hostAlways(node.body);
    case "repeat":
      return node.min > 0 && hostAlways(node.body);
    default:
      return false;
  }
}
