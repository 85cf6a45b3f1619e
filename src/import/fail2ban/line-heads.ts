import { type LogPattern, osMatch, pcre2 } from "../../dsl/pattern.js";
import { predecode } from "../../ossec/predecode/index.js";
import { anyRun, stripStart } from "./compose.js";
import {
  type DatePattern,
  dateSampleOf,
  isEveryDate,
  sampleDates,
  withDate,
  withoutKnownHead,
  withThisDate,
} from "./dates.js";
import type { FilterText } from "./filter.js";
import { headTexts, singles } from "./head-texts.js";
import type { LineEngine } from "./line-engine.js";
import { latin1 } from "./proof/address-text.js";
import { isDecided, isNullable, itemsOf, keyOf, type Node, sequence, someNode } from "./python/ast.js";
import { consume, distinct, type ProgramWay, programWays, type Rest } from "./python/consume.js";
import { classSet } from "./python/parse.js";
import { samplesOf } from "./python/sample.js";
import { setHas } from "./python/sets.js";
import { isAnyRun, simplify } from "./python/simplify.js";
import { hasHost } from "./python/variants.js";
import { Unwritable, writePcre2 } from "./python/write-pcre2.js";
import { takes } from "./takes.js";

export interface ExpressionContext {
  readonly ignoreCase: boolean;
  readonly dates: readonly DatePattern[];
  readonly text: FilterText;
  readonly engine: LineEngine;
}

/** An address that nothing follows ends where it cannot go on. */
function withLastHost(root: Node): Node {
  const items = itemsOf(root);
  const last = items.at(-1);
  return last?.kind === "host" ? sequence([...items.slice(0, -1), { ...last, last: true }]) : root;
}

/** `^(?:a|b)c` as `^ac` and `^bc`: each has a head of its own. */
export function splitHead(whole: Node): readonly Node[] {
  const root = withLastHost(whole);
  const [first, second, ...rest] = itemsOf(root);
  if (first?.kind !== "assertion" || second?.kind !== "alternatives" || second.options.length > 4)
    return [root];
  return second.options.map((option) => simplify(sequence([first, option, ...rest])));
}

export interface HeadForm {
  readonly program: LogPattern | null;
  /** A name of such a program. */
  readonly named: string | null;
  readonly node: Node;
  /** A line of it, where its head is a strange one. */
  readonly line?: string;
}

export const start: Node = { kind: "assertion", assertion: "start" };
/** The heads of lines from which pre-decoding takes host and program. */
const hostHead = " host ";
const programEnds = ["[12345]: ", ": ", "[12345] "];

/** Where the head of the line may have been cut off, and where it is still there. */
export function headForms(whole: Node, { dates }: ExpressionContext): Heads | string {
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
  return { heads, dated, named: specific.length > 0 };
}

export interface Heads {
  readonly heads: readonly HeadForm[];
  /** The expression for the whole line. */
  readonly dated: Node;
  /** It asks for a program by its name. */
  readonly named: boolean;
}

/**
 * Pre-decoding looks where blanks and colons stand, and takes dates and words for what they are not. So lines with dates of
 * every form are cut as it does it, and what is left of the expression is a form of its own where no other takes it.
 */
export function strangeHeads(
  { dated, named }: Heads,
  { engine, ignoreCase }: Pick<ExpressionContext, "engine" | "ignoreCase">,
  taken: (line: string) => boolean,
): readonly HeadForm[] {
  const own = dateSampleOf(dated);
  if (own === null) return [];
  const { dialect } = engine;
  const fits = (node: Node, program: LogPattern | null, line: string): boolean => {
    try {
      return takes({ program, regex: writePcre2(node, { ignoreCase, names: true }) }, line, engine);
    } catch (error) {
      if (error instanceof Unwritable) return false;
      throw error;
    }
  };
  const found: HeadForm[] = [];
  const { node } = stripStart(dated);
  for (const date of isEveryDate(dated) ? sampleDates : [own]) {
    const whole = withThisDate(node, date);
    if (whole === null) continue;
    for (const line of samplesOf(whole).slice(0, 4)) {
      // What follows a date is no letter.
      if (/^[\w.]/.test(line.slice(line.indexOf(date) + date.length))) continue;
      const cut = predecode(latin1(line), { dialect, ownHostname: "host" });
      if (cut.ignored === true || cut.log === line || !line.endsWith(cut.log) || taken(line)) continue;
      const { programName: name } = cut;
      // A word of the message in the place of a known name is not meant, and one that is only the sample's says nothing.
      if (named && name !== null && name !== "") continue;
      if (name !== null && name !== "" && !saysWord(whole, name)) continue;
      const program = name === null ? null : name === "" ? pcre2("^$") : osMatch(`^${name}$`);
      const message = consume([itemsOf(whole)], line.slice(0, line.length - cut.log.length))
        .map(cleanMessage)
        .find((rest) => rest.some(hasCapture) && fits(anchoredNode(rest), program, line));
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
    const key = keysOf(message);
    const entry = messages.get(key) ?? { message, programs: [] };
    entry.programs.push(programName(way.program));
    messages.set(key, entry);
  }
  const sorted = [...messages.entries()].sort(
    ([, { message: one }], [, { message: other }]) =>
      JSON.stringify(other).length - JSON.stringify(one).length,
  );
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
  const items = itemsOf(simplify(sequence(message)));
  const [first, ...rest] = isDecided(items[0]) ? items.slice(1) : items;
  if (first === undefined) return [];
  // No other blank is left there.
  return isBlankRun(first) && first.kind === "repeat" && first.min === 0
    ? [{ ...first, body: blank }, ...rest]
    : [first, ...rest];
}

export const blank: Node = { kind: "character", code: 0x20, ignoreCase: false };

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

export function programName(program: readonly Node[]): ProgramName {
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
