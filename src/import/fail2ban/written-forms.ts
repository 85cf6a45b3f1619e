/** Forms of lines as patterns that OSSEC can run. */

import type { Span } from "../../diagnostics/diagnostic.js";
import type { LogPattern } from "../../dsl/pattern.js";
import { compilePattern, forgeableCapture } from "../../ossec/patterns/index.js";
import type { FilterText } from "./filter.js";
import type { LineEngine } from "./line-engine.js";
import type { ExpressionContext, HeadForm } from "./line-heads.js";
import { latin1 } from "./proof/address-text.js";
import {
  alternatives,
  childrenOf,
  isDecided,
  itemsOf,
  type Node,
  sequence,
  someNode,
  withChildren,
} from "./python/ast.js";
import { samplesOf } from "./python/sample.js";
import {
  eachPart,
  eachTurn,
  firstFound,
  simplify,
  stricter,
  withoutOtherAddresses,
} from "./python/simplify.js";
import { Unwritable, writePcre2 } from "./python/write-pcre2.js";

/** How a line is taken. */
export interface Form {
  /** null: no program stands before the message. */
  readonly program: LogPattern | null;
  /** PCRE2. */
  readonly regex: string;
  /** Why whoever writes another part of the line could choose the address; null: nobody can. */
  readonly forgeable: string | null;
  /** The names of its groups: `srcip`, and before it those that back references need. */
  readonly order: readonly string[];
  /** False: repeated groups do not go back into what one turn has taken, as the expression would. */
  readonly exact: boolean;
  /** Lines of that form, perhaps. */
  readonly samples: readonly string[];
  readonly place: Span;
  /** The expression that it is of. */
  readonly text: FilterText;
}

/** The form, once with names of clients and once without where that makes the address certain; or why there is none. */
export function written(head: HeadForm, context: ExpressionContext): readonly Form[] | string {
  try {
    // A group that may take no part would shift those behind it.
    const several = orderOf(head.node).length > 1;
    const withNames = writtenForm(head, context, !several);
    if (typeof withNames === "string") return withNames;
    if (withNames.forgeable === null || several) return [withNames];
    // What can be said so that nobody else chooses the address stands before what cannot.
    for (const node of [head.node, stricter(head.node)]) {
      if (node === null) continue;
      const alone = writtenForm({ ...head, node }, context, false);
      if (typeof alone !== "string" && alone.forgeable === null) return [alone, withNames];
    }
    return [withNames];
  } catch (error) {
    if (error instanceof Unwritable) return error.message;
    throw error;
  }
}

/** Ways to say it that take less time; the later ones take a little less than the expression does. */
const fasterWays: readonly { readonly change: (node: Node) => Node; readonly exact: boolean }[] = [
  { change: (node) => node, exact: true },
  { change: firstFound, exact: true },
  // Smaller parts show more of the time they take: what is not examined as a whole may be refused in parts.
  { change: undecided, exact: true },
  { change: (node) => firstFound(undecided(node)), exact: true },
  { change: eachTurn, exact: false },
  { change: (node) => eachTurn(firstFound(node)), exact: false },
  { change: (node) => eachTurn(undecided(node)), exact: false },
  { change: (node) => eachTurn(firstFound(undecided(node))), exact: false },
  { change: (node) => eachPart(eachTurn(firstFound(node))), exact: false },
  { change: (node) => eachPart(eachTurn(firstFound(withoutOtherAddresses(node)))), exact: false },
];

/** Without the atomic group around what `prefregex` asks for: it takes a little more. */
function undecided(node: Node): Node {
  return sequence(itemsOf(node).filter((item) => !isDecided(item)));
}

function writtenForm(
  { program, named, node, line }: HeadForm,
  context: ExpressionContext,
  names: boolean,
): Form | string {
  let first: string | null = null;
  for (const { change, exact } of fasterWays) {
    const changed = change(node);
    const regex = writePcre2(changed, { ignoreCase: context.ignoreCase, names });
    const problem = problemOf(regex, context.engine);
    if (problem !== null) {
      first ??= problem;
      continue;
    }
    const order = orderOf(changed);
    const forgeable = forgeableBy(regex, order.indexOf("srcip") + 1);
    return {
      program,
      regex,
      forgeable,
      order,
      exact,
      samples: line === undefined ? linesOf(named, node) : [line],
      place: context.text.place,
      text: context.text,
    };
  }
  return first ?? "it cannot be written";
}

/** A pattern that is too long as two: each with half of its longest list of alternatives, or of forms of a date. */
export function splitLong(head: HeadForm, { ignoreCase, engine }: ExpressionContext): readonly HeadForm[] {
  /** 0: it cannot be written by itself. */
  const bytesOf = (node: Node): number => {
    try {
      return Buffer.byteLength(writePcre2(node, { ignoreCase, names: true }));
    } catch (error) {
      if (error instanceof Unwritable) return 0;
      throw error;
    }
  };
  if (bytesOf(head.node) <= engine.longestPattern) return [head];
  let longest: Node | null = null;
  let size = shortestList;
  someNode(head.node, (node) => {
    const own = isList(node) ? bytesOf(node) : 0;
    if (own > size) {
      size = own;
      longest = node;
    }
    return false;
  });
  const split: Node | null = longest;
  if (split === null) return [head];
  const half = (first: boolean): HeadForm => ({ ...head, node: simplify(withHalf(head.node, split, first)) });
  return [half(true), half(false)];
}

/** Of a shorter list, in bytes, half is not worth a pattern. */
const shortestList = 12;

const isList = (node: Node): boolean =>
  node.kind === "alternatives" || (node.kind === "date" && node.forms.length > 1);

function withHalf(node: Node, split: Node, first: boolean): Node {
  if (node !== split) return withChildren(node, (child) => withHalf(child, split, first));
  const half = <T>(list: readonly T[]): readonly T[] =>
    first ? list.slice(0, list.length >> 1) : list.slice(list.length >> 1);
  if (node.kind === "alternatives") return alternatives(half(node.options));
  if (node.kind !== "date") return node;
  const forms = half(node.forms);
  return { ...node, forms, sample: forms[0]?.sample ?? node.sample };
}

/** Lines as they stand in a log. */
export function linesOf(named: string | null, node: Node): readonly string[] {
  const messages = samplesOf(node);
  return named === null
    ? [...messages, ...messages.map((message) => `Nov 14 18:09:08 host ${message}`)]
    : messages.flatMap((message) =>
        [`host ${named}[812]: `, `host ${named}: `, `${named}: `].map(
          (head) => `Nov 14 18:09:08 ${head}${message}`,
        ),
      );
}

/** What was found out about patterns: filters have many in common. */
const examined = new Map<string, { readonly problem: string | null; forgeable: string | null | undefined }>();
const mostExamined = 20_000;

function examination(regex: string): {
  readonly problem: string | null;
  forgeable: string | null | undefined;
} {
  const known = examined.get(regex);
  if (known !== undefined) return known;
  if (examined.size >= mostExamined) examined.clear();
  const fresh = { problem: patternProblem(regex), forgeable: undefined };
  examined.set(regex, fresh);
  return fresh;
}

/** Why the engine could not run the pattern. */
function problemOf(regex: string, { longestPattern }: LineEngine): string | null {
  return Buffer.byteLength(regex) > longestPattern
    ? `as a pattern it has more than ${longestPattern} bytes`
    : examination(regex).problem;
}

/** Why somebody else can choose the address; null: nobody can. */
function forgeableBy(regex: string, group: number): string | null {
  const found = examination(regex);
  if (found.forgeable === undefined)
    found.forgeable = forgeableCapture(
      { prematch: null, regex: { language: "pcre2", text: latin1(regex) } },
      group,
    );
  return found.forgeable;
}

/** Why no pattern can be run, however short it is. */
function patternProblem(text: string): string | null {
  const compiled = compilePattern({ language: "pcre2", text: latin1(text) });
  if (!compiled.ok) return `as a pattern of OSSEC's: ${compiled.reason}`;
  const backtracking = compiled.value.backtracking;
  if (backtracking.kind === "exponential")
    return `it takes exponential time on some lines: ${backtracking.place}`;
  if (backtracking.kind === "polynomial" && backtracking.degree > 2)
    return `it takes time with the ${backtracking.degree}th power of a line's length: ${backtracking.place}`;
  return null;
}

/** The groups by name, in the order of the pattern. */
function orderOf(node: Node): readonly string[] {
  const referred = new Set<number>();
  someNode(node, (one) => {
    if (one.kind === "backreference") referred.add(one.group);
    return false;
  });
  const names: string[] = [];
  const walk = (one: Node): void => {
    if (one.kind === "host" && one.captured && !names.includes("srcip")) names.push("srcip");
    if (one.kind === "group" && referred.has(one.number)) names.push(`text${names.length + 1}`);
    if (one.kind === "look") return;
    for (const child of one.kind === "conditional" ? [] : childrenOf(one)) walk(child);
  };
  walk(node);
  return names;
}
