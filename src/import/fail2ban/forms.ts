/**
 * What OSSEC must look for in the place of a filter: a program and a PCRE2 pattern for each way in which the line reaches
 * the decoders (docs/reference/ossec.md#pre-decoding), with one capture, the address.
 */
import type { Span } from "../../diagnostics/diagnostic.js";
import {
  anywhere,
  compose,
  guardOf,
  isSuccess,
  optionsOf,
  readPrefix,
  shortGuardOf,
  splitHelper,
} from "./compose.js";
import { readDatePatterns } from "./dates.js";
import type { Filter, FilterText } from "./filter.js";
import type { LineEngine } from "./line-engine.js";
import { type ExpressionContext, type HeadForm, headForms, splitHead, strangeHeads } from "./line-heads.js";
import type { Node } from "./python/ast.js";
import { startWork, TooMuchWork } from "./python/consume.js";
import { parsePython } from "./python/parse.js";
import { simplify, withoutTail } from "./python/simplify.js";
import {
  byHost,
  hasHost,
  hasTag,
  isMultiLine,
  withLineEnd,
  withoutConditions,
  withoutControls,
} from "./python/variants.js";
import { LineFilter } from "./run/line-filter.js";
import { takes } from "./takes.js";
import { type Form, splitLong, written } from "./written-forms.js";

/** An expression that did not come over. */
interface RefusedExpression {
  /** null: it is all of the filter. */
  readonly text: FilterText | null;
  readonly place: Span;
  readonly reason: string;
  /** It is no failure by itself: nothing is lost but what several lines say together. */
  readonly session: boolean;
}

export interface FilterForms {
  /** The engine that they are written for. */
  readonly engine: LineEngine;
  readonly forms: readonly Form[];
  readonly refused: readonly RefusedExpression[];
}

const mostPlaces = 12;
/** Numbers that are left to the groups of `prefregex`. */
const groupsOfPrefix = 1_000;
/** In shorter patterns helpers are told by how they begin: written out they would leave no room for the failure. */
const longestGuarded = 1_500;
/** More forms than these of one expression are not made. */
const mostForms = 24;

/** All of a filter; an expression that cannot be said is refused by itself. */
export function formsOf(filter: Filter, engine: LineEngine): FilterForms {
  const dates = readDatePatterns(filter.datepattern?.text ?? "");
  const refused: RefusedExpression[] = [];
  const refuseAll = (reason: string, place: Span): FilterForms => ({
    engine,
    forms: [],
    refused: [{ text: null, place, reason, session: false }],
  });
  if (!dates.ok) return refuseAll(dates.reason, filter.datepattern?.place ?? filter.place);
  const prefix = filter.prefregex === null ? null : readPrefix(filter.prefregex);
  if (prefix !== null && "reason" in prefix) return refuseAll(`prefregex: ${prefix.reason}`, prefix.place);
  const ignored: Node[] = [];
  for (const text of filter.ignoreregex) {
    const parsed = parsePython(text.text);
    if (!parsed.ok)
      return refuseAll(`ignoreregex: ${parsed.reason}, at character ${parsed.at + 1}`, text.place);
    for (const option of optionsOf(parsed.root)) ignored.push(anywhere(option));
  }
  const forms: Form[] = [];
  /** What stands earlier in the list and is no failure: it takes its lines from those behind it. */
  const guards: Node[] = [];
  for (const text of filter.failregex) {
    const refuse = (reason: string, session = false): void => {
      refused.push({ text, place: text.place, reason, session });
    };
    const parsed = parsePython(text.text, groupsOfPrefix);
    if (!parsed.ok) {
      refuse(`${parsed.reason}, at character ${parsed.at + 1}`);
      continue;
    }
    const ignoreCase = parsed.ignoreCase || (prefix?.ignoreCase ?? false);
    for (const option of optionsOf(parsed.root)) {
      const { failures, helpers } = splitHelper(option);
      guards.push(...helpers.map(engine.longestPattern < longestGuarded ? shortGuardOf : guardOf));
      if (failures.length === 0) refuse(isSuccess(option) ? successReason : helperReason, true);
      for (const failure of failures) {
        const made = failureForms(prefix?.node ?? null, failure, [...guards, ...ignored], {
          ignoreCase,
          dates: dates.patterns,
          text,
          engine,
        });
        for (const reason of made.reasons) refuse(reason, reason === noAddressReason);
        forms.push(...made.forms);
      }
    }
  }
  const seen = new Set<string>();
  const distinctForms = forms.filter(({ program, regex }) => {
    const key = JSON.stringify([program, regex]);
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  });
  return { engine, forms: withoutStrange(filter, distinctForms, engine), refused };
}

/**
 * Without those whose lines fail2ban does not take, not one of them: it asks for more in the line's head. Lines that it
 * takes stand first.
 */
function withoutStrange(filter: Filter, forms: readonly Form[], engine: LineEngine): readonly Form[] {
  const reading = LineFilter.of(filter);
  if (reading === null) return forms;
  const isFailure = (line: string): boolean => reading.judge(line).kind === "failure";
  return forms.flatMap((form) => {
    const failures = form.samples.filter(isFailure);
    const lines = form.samples.filter((line) => takes(form, line, engine));
    const isStrange =
      form.program !== null &&
      lines.length > 0 &&
      !lines.some(isFailure) &&
      lines.some((line) => reading.dateOf(line) !== null);
    if (isStrange) return [];
    return [{ ...form, samples: [...failures, ...form.samples.filter((line) => !failures.includes(line))] }];
  });
}

function failureForms(
  prefix: Node | null,
  failure: Node,
  guards: readonly Node[],
  context: ExpressionContext,
): ExpressionForms {
  startWork();
  try {
    const whole = compose(prefix, failure, guards);
    return typeof whole === "string" ? { forms: [], reasons: [whole] } : expressionForms(whole, context);
  } catch (error) {
    if (error instanceof TooMuchWork)
      return { forms: [], reasons: ["it has too many ways to be taken apart"] };
    throw error;
  }
}

const helperReason =
  "it is no failure by itself (F-NOFAIL): fail2ban only remembers it for other lines of the session";
const successReason =
  "it is a success, which lets fail2ban forget earlier lines of the session (F-MLFFORGET)";
const noHostReason = "it has no <HOST>, <ADDR>, <IP4> or <IP6>: fail2ban does not know whom to ban";
const noAddressReason =
  "the line does not hold the address: fail2ban knows it from another line of the session (F-MLFID)";

interface ExpressionForms {
  readonly forms: readonly Form[];
  readonly reasons: readonly string[];
}

/**
 * All forms of one expression.
 *
 * @throws TooMuchWork
 */
function expressionForms(whole: Node, context: ExpressionContext): ExpressionForms {
  startWork();
  try {
    return tryForms(whole, context);
  } catch (error) {
    if (error instanceof TooMuchWork)
      return { forms: [], reasons: ["it has too many ways to be taken apart"] };
    throw error;
  }
}

/** @throws TooMuchWork */
function tryForms(whole: Node, context: ExpressionContext): ExpressionForms {
  const reasons = new Set<string>();
  const forms: Form[] = [];
  const variants = withoutConditions(whole);
  if (variants === null) return { forms, reasons: ["conditions (?(name)…) that cannot be taken apart"] };
  if (!variants.some(hasHost))
    return { forms, reasons: [hasTag(whole, "mlfid") ? noAddressReason : noHostReason] };
  for (const variant of variants) {
    const ended = withoutTail(
      simplify(context.engine.deletesControls ? withoutControls(withLineEnd(variant)) : withLineEnd(variant)),
    );
    if (isMultiLine(ended)) {
      reasons.add(String.raw`\n: it looks at several lines together`);
      continue;
    }
    const placed = splitHead(ended).flatMap(byHost);
    if (placed.length === 0) reasons.add("the address stands in a repetition");
    if (placed.length > mostPlaces) {
      reasons.add(`the address may stand at more than ${mostPlaces} places`);
      continue;
    }
    for (const one of placed) {
      const made = headForms(one, context);
      if (typeof made === "string") reasons.add(made);
      else {
        const write = (head: HeadForm): void => {
          const halves = splitLong(head, context);
          if (halves.length > 1) {
            halves.forEach(write);
            return;
          }
          const form = written(head, context);
          if (typeof form === "string") reasons.add(form);
          else forms.push(...form);
        };
        made.heads.forEach(write);
        strangeHeads(made, context, (line) =>
          forms.some((form) => takes(form, line, context.engine)),
        ).forEach(write);
      }
    }
  }
  return { forms: forms.slice(0, mostForms), reasons: [...reasons] };
}
