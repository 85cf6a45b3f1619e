/**
 * What OSSEC must look for in the place of a filter: a program and a PCRE2 pattern for each way in which the line reaches
 * the decoders (docs/reference/ossec.md#pre-decoding), with one capture, the address.
 */
import type { Span } from "../../diagnostics/diagnostic.js";
import { type LogPattern, osMatch, pcre2 } from "../../dsl/pattern.js";
import { ossecDialects } from "../../ossec/dialects.js";
import { compilePattern, forgeableCapture } from "../../ossec/patterns/index.js";
import { predecode } from "../../ossec/predecode/index.js";
import {
  type DatePattern,
  dateSampleOf,
  isEveryDate,
  readDatePatterns,
  sampleDates,
  withDate,
  withoutKnownHead,
  withThisDate,
} from "./dates.js";
import type { Filter, FilterText } from "./filter.js";
import {
  alternatives,
  empty,
  isNullable,
  itemsOf,
  keyOf,
  type Node,
  sequence,
  someNode,
  withChildren,
} from "./python/ast.js";
import {
  consume,
  distinct,
  type ProgramWay,
  programWays,
  type Rest,
  startWork,
  TooMuchWork,
} from "./python/consume.js";
import { classSet, dot, parsePython } from "./python/parse.js";
import { samplesOf } from "./python/sample.js";
import { setHas } from "./python/sets.js";
import {
  eachPart,
  eachTurn,
  firstFound,
  isAnyRun,
  simplify,
  stricter,
  withoutOtherAddresses,
  withoutTail,
} from "./python/simplify.js";
import {
  byHost,
  hasHost,
  hasTag,
  isMultiLine,
  withLineEnd,
  withoutCapture,
  withoutConditions,
  withoutControls,
} from "./python/variants.js";
import { Unwritable, writePcre2 } from "./python/write-pcre2.js";
import { LineFilter } from "./run/line-filter.js";
import { takes } from "./takes.js";

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

/** An expression that did not come over. */
export interface RefusedExpression {
  readonly expression: string;
  /** null: it stands for all of the filter. */
  readonly text: FilterText | null;
  readonly place: Span;
  readonly reason: string;
  /** It is no failure by itself: nothing is lost but what several lines say together. */
  readonly session: boolean;
}

export interface FilterForms {
  readonly forms: readonly Form[];
  readonly refused: readonly RefusedExpression[];
}

const mostPlaces = 12;
/** Numbers that are left to the groups of `prefregex`. */
const groupsOfPrefix = 1_000;
/** More forms than these of one expression are not made. */
const mostForms = 24;

/** All of a filter; an expression that cannot be said is refused by itself. */
export function formsOf(filter: Filter): FilterForms {
  const dates = readDatePatterns(filter.datepattern?.text ?? "");
  const refused: RefusedExpression[] = [];
  const refuseAll = (reason: string, place: Span): FilterForms => ({
    forms: [],
    refused: [{ expression: filter.name, text: null, place, reason, session: false }],
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
      refused.push({ expression: text.text, text, place: text.place, reason, session });
    };
    const parsed = parsePython(text.text, groupsOfPrefix);
    if (!parsed.ok) {
      refuse(`${parsed.reason}, at character ${parsed.at + 1}`);
      continue;
    }
    const ignoreCase = parsed.ignoreCase || (prefix?.ignoreCase ?? false);
    for (const option of optionsOf(parsed.root)) {
      const { failures, helpers } = splitHelper(option);
      guards.push(...helpers.map(guardOf));
      if (failures.length === 0) refuse(isSuccess(option) ? successReason : helperReason, true);
      for (const failure of failures) {
        const made = failureForms(prefix?.node ?? null, failure, [...guards, ...ignored], {
          ignoreCase,
          dates: dates.patterns,
          text,
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
  return { forms: withoutStrange(filter, distinctForms), refused };
}

/**
 * Without those whose lines fail2ban does not take, not one of them: it asks for more in the line's head. Lines that it
 * takes stand first.
 */
function withoutStrange(filter: Filter, forms: readonly Form[]): readonly Form[] {
  const reading = LineFilter.of(filter);
  if (reading === null) return forms;
  const isFailure = (line: string): boolean => reading.judge(line).kind === "failure";
  return forms.flatMap((form) => {
    const failures = form.samples.filter(isFailure);
    const lines = form.samples.filter((line) => takes(form, line));
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

const optionsOf = (node: Node): readonly Node[] => (node.kind === "alternatives" ? node.options : [node]);

interface Prefix {
  readonly node: Node;
  readonly ignoreCase: boolean;
}

function readPrefix({ text, place }: FilterText): Prefix | { readonly reason: string; readonly place: Span } {
  const parsed = parsePython(text);
  if (!parsed.ok) return { reason: `${parsed.reason}, at character ${parsed.at + 1}`, place };
  return { node: parsed.root, ignoreCase: parsed.ignoreCase };
}

/** A success (`F-MLFGAINED`): it too is no failure. */
const isSuccess = (node: Node): boolean => hasTag(node, "mlfgained");

/** The ways through it that are a failure, and those that only help (`F-NOFAIL`). */
function splitHelper(node: Node): { readonly failures: readonly Node[]; readonly helpers: readonly Node[] } {
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

/** A helper's lines, by what they certainly begin with where that is enough of a text. */
function guardOf(helper: Node): Node {
  const { node, anchored } = stripStart(helper);
  const heads = headsOf(node);
  if (!anchored || heads === null || heads.some((head) => head.length < longEnough))
    return withoutCapture(simplify(node));
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

function stripStart(node: Node): { readonly node: Node; readonly anchored: boolean } {
  const [first, ...rest] = itemsOf(node);
  return first?.kind === "assertion" && first.assertion === "start"
    ? { node: sequence(rest), anchored: true }
    : { node, anchored: false };
}

const anyRun: Node = { kind: "repeat", body: dot, min: 0, max: Number.POSITIVE_INFINITY, mode: "lazy" };

/** What is looked for anywhere, from the start on. */
function anywhere(node: Node): Node {
  const { node: bare, anchored } = stripStart(node);
  return anchored ? bare : sequence([anyRun, bare]);
}

/** The expression on the whole line: what `prefregex` asks for before and behind `<F-CONTENT>` stands around it. */
function compose(prefix: Node | null, failure: Node, guards: readonly Node[]): Node | string {
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
  return sequence([
    ...items.slice(0, at).map(around),
    ...looks,
    ...contentLooks.map(around),
    ...(anchored ? [] : [anyRun]),
    ...inner,
    ...tail.map(around),
  ]);
}

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

/** Texts with which a match begins; null: too many, or any. */
function headsOf(node: Node): readonly string[] | null {
  const heads = headTexts([...itemsOf(node)]);
  return heads.length > 80 || heads.some((head) => head === "") ? null : heads;
}

function headTexts(items: readonly Node[], before = "", budget = { left: 400 }): readonly string[] {
  const [first, ...rest] = items;
  if (first === undefined || --budget.left < 0) return [before];
  switch (first.kind) {
    case "character":
      return first.ignoreCase ? [before] : headTexts(rest, before + String.fromCodePoint(first.code), budget);
    case "set": {
      const codes = singles(first);
      return codes === null
        ? [before]
        : codes.flatMap((code) => headTexts(rest, before + String.fromCodePoint(code), budget));
    }
    case "group":
    case "atomic":
      return headTexts([...itemsOf(first.body), ...rest], before, budget);
    case "sequence":
      return headTexts([...first.items, ...rest], before, budget);
    case "alternatives":
      return first.options.flatMap((option) => headTexts([...itemsOf(option), ...rest], before, budget));
    case "repeat":
      if (first.max !== 1) return [before];
      return [
        ...headTexts([...itemsOf(first.body), ...rest], before, budget),
        ...(first.min === 0 ? headTexts(rest, before, budget) : []),
      ];
    case "look":
      return headTexts(rest, before, budget);
    default:
      return [before];
  }
}

/** The few characters of a set: `[aA]`. */
function singles(node: Node): readonly number[] | null {
  if (node.kind !== "set" || node.negated || node.ignoreCase || node.items.length > 4) return null;
  const codes: number[] = [];
  for (const item of node.items) {
    if (item.kind === "class" || item.from !== item.to) return null;
    codes.push(item.from);
  }
  return codes;
}

/** Is everything that begins as one also what begins as the other? */
function includes(other: Node, guard: Node): boolean {
  if (other === guard) return true;
  const [shorts, longs] = [headsOf(other), headsOf(guard)];
  const isHead = itemsOf(other).every(({ kind }) => kind === "character");
  return (
    isHead &&
    shorts !== null &&
    (longs ?? [""]).every((long) => shorts.some((short) => long.startsWith(short)))
  );
}

/** May a text begin with one of these, and with one of those? */
function mayMeet(ones: readonly string[] | null, others: readonly string[] | null): boolean {
  if (ones === null || others === null) return true;
  return ones.some((one) => others.some((other) => one.startsWith(other) || other.startsWith(one)));
}

/** Is every text that begins so one of the content? */
function covers(content: Node, heads: readonly string[] | null): boolean {
  return (heads ?? [""]).every((head) =>
    // Any beginning of the head may be enough.
    Array.from(head, (_, at) => head.slice(0, at + 1)).some((part) =>
      consume([itemsOf(content)], part).some(
        (rest) =>
          rest.length === 1 &&
          rest[0] !== undefined &&
          isAnyRun(rest[0]) &&
          (isNullable(rest[0]) || part.length < head.length),
      ),
    ),
  );
}

interface ExpressionContext {
  readonly ignoreCase: boolean;
  readonly dates: readonly DatePattern[];
  readonly text: FilterText;
}

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
    const ended = withoutTail(simplify(withoutControls(withLineEnd(variant))));
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
        if (made.dated !== null)
          strangeHeads(made.dated, (line) => forms.some((form) => takes(form, line))).forEach(write);
      }
    }
  }
  return { forms: forms.slice(0, mostForms), reasons: [...reasons] };
}

/** An address that nothing follows ends where it cannot go on. */
function withLastHost(root: Node): Node {
  const items = itemsOf(root);
  const last = items.at(-1);
  return last?.kind === "host" ? sequence([...items.slice(0, -1), { ...last, last: true }]) : root;
}

/** `^(?:a|b)c` as `^ac` and `^bc`: each has a head of its own. */
function splitHead(whole: Node): readonly Node[] {
  const root = withLastHost(whole);
  const [first, second, ...rest] = itemsOf(root);
  if (first?.kind !== "assertion" || second?.kind !== "alternatives" || second.options.length > 4)
    return [root];
  return second.options.map((option) => simplify(sequence([first, option, ...rest])));
}

interface HeadForm {
  readonly program: LogPattern | null;
  /** A name of such a program. */
  readonly named: string | null;
  readonly node: Node;
  /** A line of it, where its head is a strange one. */
  readonly line?: string;
}

const start: Node = { kind: "assertion", assertion: "start" };
/** The heads of lines from which pre-decoding takes host and program. */
const hostHead = " host ";
const programEnds = ["[12345]: ", ": ", "[12345] "];

/** Where the head of the line may have been cut off, and where it is still there. */
function headForms(whole: Node, { dates }: ExpressionContext): Heads | string {
  const root = withoutRareHeads(whole);
  const { node, anchored } = stripStart(root);
  const rest: Rest = anchored ? itemsOf(node) : [anyRun, ...itemsOf(node)];
  const behindHost = consume([rest], hostHead);
  const usable = ({ message, program }: ProgramWay): boolean =>
    message.some(hasCapture) && !program.some(hasHost);
  const hosted = programWays(behindHost, programEnds).filter(usable);
  const names = new Set(hosted.map(({ program }) => keysOf(programName(program).nodes)));
  // Without a host stands the same name, or some word.
  const alone = programWays(consume([rest], " "), [": "])
    .filter(usable)
    .filter(({ program }) => fitsAny(program) || names.has(keysOf(programName(program).nodes)));
  const ways = [...hosted, ...alone];
  const specific = ways.filter(({ program }) => !fitsAny(program));
  const heads: HeadForm[] = [];
  const chosen = specific.length > 0 ? [...specific, ...ofWords(ways, specific)] : ways;
  for (const { program, named, message } of byMessage(chosen, specific.length > 0))
    heads.push({ program, named, node: anchoredNode(message) });
  const dated = withDate(specific.length > 0 ? root : withAnyWords(root), dates);
  if (dated === null) return "where the date stands in the line is not known";
  heads.push({ program: null, named: null, node: withoutKnownHead(dated) });
  if (ways.length === 0) {
    const words = programWays(consume([rest], " "), [" "]).map(({ message }) => message);
    for (const message of distinct([...behindHost, ...words].map(cleanMessage)).slice(0, 4))
      if (message.some(hasCapture)) heads.push({ program: null, named: null, node: anchoredNode(message) });
  }
  return { heads, dated: specific.length > 0 ? null : dated };
}

interface Heads {
  readonly heads: readonly HeadForm[];
  /** The expression for the whole line, where no program is known by which it could be told. */
  readonly dated: Node | null;
}

const dialect = ossecDialects["4.3"];

/**
 * Pre-decoding looks where blanks and colons stand, and takes dates and words for what they are not. So lines with dates of
 * every form are cut as it does it, and what is left of the expression is a form of its own where no other takes it.
 */
function strangeHeads(dated: Node, taken: (line: string) => boolean): readonly HeadForm[] {
  const own = dateSampleOf(dated);
  if (own === null) return [];
  const found: HeadForm[] = [];
  const { node } = stripStart(dated);
  for (const date of isEveryDate(dated) ? sampleDates : [own]) {
    const whole = withThisDate(node, date);
    if (whole === null) continue;
    for (const line of samplesOf(whole).slice(0, 4)) {
      // What follows a date is no letter.
      if (/^[\w.]/.test(line.slice(line.indexOf(date) + date.length))) continue;
      const cut = predecode(bytesOf(line), { dialect, ownHostname: "host" });
      if (cut.ignored === true || cut.log === line || !line.endsWith(cut.log) || taken(line)) continue;
      const { programName: name } = cut;
      // A name that is only the sample's says nothing.
      if (name !== null && name !== "" && !saysWord(whole, name)) continue;
      const program = name === null ? null : name === "" ? pcre2("^$") : osMatch(`^${name}$`);
      const [message] = consume([itemsOf(whole)], line.slice(0, line.length - cut.log.length))
        .map(cleanMessage)
        .filter((rest) => rest.some(hasCapture));
      const head = message === undefined ? null : { program, named: null, node: anchoredNode(message), line };
      const key = JSON.stringify([program, head?.node]);
      if (head !== null && !found.some((one) => JSON.stringify([one.program, one.node]) === key))
        found.push(head);
    }
  }
  return found.slice(0, 4);
}

/** Does the expression itself ask for the word? */
function saysWord(root: Node, word: string): boolean {
  const text = itemsOf(root)
    .map((item) => (item.kind === "character" ? String.fromCodePoint(item.code) : "\0"))
    .join("");
  return text.includes(word);
}

const keysOf = (nodes: readonly Node[]): string => nodes.map(keyOf).join();

interface MessageForm {
  readonly program: LogPattern;
  readonly named: string;
  readonly message: Rest;
}

const mostMessages = 4;

/** Programs that are some word (`[\w-]+`), where what follows is not what follows a name. */
function ofWords(ways: readonly ProgramWay[], specific: readonly ProgramWay[]): readonly ProgramWay[] {
  const known = new Set(specific.map(({ message }) => keysOf(cleanMessage(message))));
  const bracket =
    (code: number) =>
    (node: Node): boolean =>
      node.kind === "set" && setHas(node, code);
  return ways.filter(
    ({ program, message }) =>
      fitsAny(program) &&
      !program.some((node) => someNode(node, bracket(0x5b))) &&
      !known.has(keysOf(cleanMessage(message))),
  );
}

/** One form for each message, with all programs that may write it. */
function byMessage(ways: readonly ProgramWay[], specific: boolean): readonly MessageForm[] {
  const messages = new Map<string, { readonly message: Rest; readonly programs: ProgramName[] }>();
  for (const way of ways) {
    const message = cleanMessage(way.message);
    const key = JSON.stringify(message);
    const entry = messages.get(key) ?? { message, programs: [] };
    entry.programs.push(programName(way.program));
    messages.set(key, entry);
  }
  const sorted = [...messages.entries()].sort(([one], [other]) => other.length - one.length);
  const [longest] = sorted;
  // What stands first is the program; a word of the message in its place is not meant.
  const meant = new Set(longest?.[1].programs.map(({ nodes }) => keysOf(nodes)));
  const kept = sorted.filter(
    ([, { programs }]) =>
      !specific || programs.some(({ nodes }) => meant.has(keysOf(nodes)) || fitsAny(nodes)),
  );
  const forms: MessageForm[] = [];
  for (const [, { message, programs }] of kept.slice(0, mostMessages)) {
    const program = specific ? programPattern(programs) : pcre2(".");
    if (program === null) continue;
    forms.push({ program, named: namedBy(programs), message });
  }
  return forms;
}

/** Heads that pre-decoding cuts off, or that are rare: a kernel's, of a virtual server, with the priority in words. */
const rareHeads = /^(?:kernel:|@vserver_|<|\[ID )/;

export function withoutRareHeads(root: Node): Node {
  const items = [...itemsOf(root)];
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (item === undefined) break;
    if (item.kind === "assertion" || (item.kind === "repeat" && isBlankRun(item))) continue;
    if (item.kind !== "repeat" || item.min !== 0 || item.max !== 1 || hasCapture(item)) break;
    if (headTexts(itemsOf(item.body)).every((head) => rareHeads.test(head))) items.splice(at--, 1);
  }
  return simplify(sequence(items));
}

const isBlankRun = (node: Node): boolean =>
  node.kind === "repeat" &&
  node.body.kind === "set" &&
  node.body.items.length === 1 &&
  node.body.items[0]?.kind === "class" &&
  node.body.items[0].letter === "s";

/** A head of several optional words, whatever they are: they are said as that. */
function withAnyWords(root: Node): Node {
  const items = [...itemsOf(root)];
  const from = items.findIndex((item) => isOptionalWord(item));
  if (from < 0) return root;
  let to = from;
  while (to < items.length && isOptionalWord(items[to])) to++;
  if (to - from < 2) return root;
  const word: Node = sequence([
    { kind: "repeat", body: classSet("S"), min: 1, max: Number.POSITIVE_INFINITY, mode: "greedy" },
    { kind: "repeat", body: classSet("s"), min: 1, max: Number.POSITIVE_INFINITY, mode: "greedy" },
  ]);
  items.splice(from, to - from, { kind: "repeat", body: word, min: 0, max: to - from, mode: "lazy" });
  return sequence(items);
}

/** `(?:\S+\s+)?`, and what is built like it. */
function isOptionalWord(node: Node | undefined): boolean {
  if (node?.kind !== "repeat" || node.min !== 0 || node.max !== 1 || hasHost(node)) return false;
  const behind = itemsOf(node.body).at(-1);
  return behind !== undefined && isBlankRun(behind) && consume([itemsOf(node.body)], "zqxj ").length > 0;
}

const hasCapture = (node: Node): boolean => someNode(node, (one) => one.kind === "host" && one.captured);

/** From the message's start on; what begins with any text is looked for anywhere. */
function anchoredNode(message: Rest): Node {
  const [first, ...rest] = message;
  if (first !== undefined && isAnyRun(first) && isNullable(first)) return sequence(rest);
  return sequence([start, ...message]);
}

/** The message, with one run of blanks before it at most. */
function cleanMessage(message: Rest): Rest {
  const [first, ...rest] = itemsOf(simplify(sequence(message)));
  if (first === undefined) return [];
  // No other blank is left there.
  return isBlankRun(first) && first.kind === "repeat" && first.min === 0
    ? [{ ...first, body: blank }, ...rest]
    : [first, ...rest];
}

const blank: Node = { kind: "character", code: 0x20, ignoreCase: false };

/** Would it take a name that nobody has? */
function fitsAny(program: readonly Node[]): boolean {
  return consume([program], "zqxj").some((rest) => rest.every(isNullable));
}

/** The name of a program without the brackets that may stand around it. */
interface ProgramName {
  readonly nodes: readonly Node[];
  /** `sshd(pam_unix)` */
  readonly suffixed: boolean;
}

const bracketCodes: ReadonlySet<number> = new Set([..."()[]"].map((character) => character.charCodeAt(0)));

function isBracket(node: Node | undefined): boolean {
  if (node?.kind === "repeat") return node.max === 1 && isBracket(node.body);
  if (node?.kind === "character") return bracketCodes.has(node.code);
  return node?.kind === "set" && (singles(node)?.every((code) => bracketCodes.has(code)) ?? false);
}

function programName(program: readonly Node[]): ProgramName {
  const nodes: Node[] = [];
  let suffixed = false;
  const items = itemsOf(sequence(program));
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (item === undefined) break;
    const inside = items[at + 1];
    if (isBracket(item) && inside?.kind === "repeat" && inside.max > 1 && isBracket(items[at + 2])) {
      suffixed = true;
      at += 2;
    } else if (!isBracket(item)) nodes.push(item);
  }
  return nodes.length === 0 ? { nodes: program, suffixed: false } : { nodes, suffixed };
}

function programPattern(programs: readonly ProgramName[]): LogPattern | null {
  const suffixed = programs.some((one) => one.suffixed);
  const words = programs.map(({ nodes }) => wordsOf([...nodes]));
  if (words.every((one) => one !== null)) {
    const fit = [...new Set(words.flat())].filter((name) => /^[A-Za-z0-9@/_.-]+$/.test(name));
    if (fit.length === 0 || fit.length > 40) return null;
    return osMatch(fit.flatMap((name) => [`^${name}$`, ...(suffixed ? [`^${name}(`] : [])]).join("|"));
  }
  try {
    const texts = [
      ...new Set(
        programs.map(({ nodes }) => writePcre2(sequence(nodes), { ignoreCase: true, names: false })),
      ),
    ];
    const text =
      texts.length > 1 || texts.some((one) => one.includes("|"))
        ? `(?:${texts.join("|")})`
        : (texts[0] ?? "");
    return pcre2(`^${text}${suffixed ? "(?:$|\\()" : "$"}`);
  } catch (error) {
    if (error instanceof Unwritable) return null;
    throw error;
  }
}

/** A name that the expression takes, of letters that pre-decoding takes for a program's. */
function namedBy(programs: readonly ProgramName[]): string {
  const names = programs.flatMap(({ nodes }) => wordsOf([...nodes]) ?? samplesOf(sequence(nodes)));
  return names.find((name) => /^[A-Za-z0-9@/_.-]+$/.test(name)) ?? "daemon";
}

const mostWords = 12;

/** All texts of an expression; null: there are too many. */
function wordsOf(items: readonly Node[], before = ""): readonly string[] | null {
  const [first, ...rest] = items;
  if (first === undefined) return [before];
  const several = (ways: readonly (readonly Node[])[]): readonly string[] | null => {
    const all: string[] = [];
    for (const way of ways) {
      const words = wordsOf(way, before);
      if (words === null) return null;
      all.push(...words);
      if (all.length > mostWords) return null;
    }
    return all;
  };
  switch (first.kind) {
    case "character":
      return wordsOf(rest, before + String.fromCodePoint(first.code));
    case "set": {
      const codes = singles(first);
      return codes === null
        ? null
        : several(codes.map((code) => [{ kind: "character", code, ignoreCase: false }, ...rest]));
    }
    case "group":
    case "atomic":
      return wordsOf([...itemsOf(first.body), ...rest], before);
    case "sequence":
      return wordsOf([...first.items, ...rest], before);
    case "alternatives":
      return several(first.options.map((option) => [...itemsOf(option), ...rest]));
    case "repeat":
      if (first.max !== 1) return null;
      return several([[...itemsOf(first.body), ...rest], ...(first.min === 0 ? [rest] : [])]);
    default:
      return null;
  }
}

/** The form, once with names of clients and once without where that makes the address certain; or why there is none. */
function written(head: HeadForm, context: ExpressionContext): readonly Form[] | string {
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
  { change: eachTurn, exact: false },
  { change: (node) => eachTurn(firstFound(node)), exact: false },
  { change: (node) => eachPart(eachTurn(firstFound(node))), exact: false },
  { change: (node) => eachPart(eachTurn(firstFound(withoutOtherAddresses(node)))), exact: false },
];

function writtenForm(
  { program, named, node, line }: HeadForm,
  context: ExpressionContext,
  names: boolean,
): Form | string {
  let first: string | null = null;
  for (const { change, exact } of fasterWays) {
    const changed = change(node);
    const regex = writePcre2(changed, { ignoreCase: context.ignoreCase, names });
    const problem = patternProblem(regex);
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

/** A pattern that is too long as two: each with half of its longest list of alternatives. */
function splitLong(head: HeadForm, { ignoreCase }: ExpressionContext): readonly HeadForm[] {
  try {
    if (Buffer.byteLength(writePcre2(head.node, { ignoreCase, names: true })) <= longestPattern)
      return [head];
  } catch (error) {
    if (error instanceof Unwritable) return [head];
    throw error;
  }
  let longest: Node | null = null;
  let size = 400;
  someNode(head.node, (node) => {
    const own = node.kind === "alternatives" ? JSON.stringify(node).length : 0;
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

function withHalf(node: Node, split: Node, first: boolean): Node {
  if (node !== split) return withChildren(node, (child) => withHalf(child, split, first));
  if (node.kind !== "alternatives") return node;
  const middle = node.options.length >> 1;
  return alternatives(first ? node.options.slice(0, middle) : node.options.slice(middle));
}

/** Lines as they stand in a log. */
function linesOf(named: string | null, node: Node): readonly string[] {
  const messages = samplesOf(node);
  return named === null
    ? [...messages, ...messages.map((message) => `Nov 14 18:09:08 host ${message}`)]
    : messages.flatMap((message) =>
        [`host ${named}[812]: `, `host ${named}: `, `${named}: `].map(
          (head) => `Nov 14 18:09:08 ${head}${message}`,
        ),
      );
}

/** OSSEC drops longer values of some elements. */
const longestPattern = 2_000;
const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

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
  const fresh = { problem: problemOf(regex), forgeable: undefined };
  examined.set(regex, fresh);
  return fresh;
}

const patternProblem = (regex: string): string | null => examination(regex).problem;

/** Why somebody else can choose the address; null: nobody can. */
function forgeableBy(regex: string, group: number): string | null {
  const found = examination(regex);
  if (found.forgeable === undefined)
    found.forgeable = forgeableCapture(
      { prematch: null, regex: { language: "pcre2", text: bytesOf(regex) } },
      group,
    );
  return found.forgeable;
}

/** Why OSSEC could not run the pattern. */
function problemOf(text: string): string | null {
  if (Buffer.byteLength(text) > longestPattern)
    return `as a pattern it has more than ${longestPattern} bytes`;
  const compiled = compilePattern({ language: "pcre2", text: bytesOf(text) });
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
    for (const child of one.kind === "conditional" ? [] : childNodes(one)) walk(child);
  };
  walk(node);
  return names;
}

function childNodes(node: Node): readonly Node[] {
  switch (node.kind) {
    case "sequence":
      return node.items;
    case "alternatives":
      return node.options;
    case "group":
    case "repeat":
    case "atomic":
      return [node.body];
    default:
      return [];
  }
}
