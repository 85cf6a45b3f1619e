/** Log lines made of a filter's expressions, and lines that differ a little from them. */

import {
  dateSampleOf,
  isEveryDate,
  readDatePatterns,
  sampleDates,
  withDate,
  withThisDate,
} from "../dates.js";
import type { Filter } from "../filter.js";
import type { FilterForms } from "../forms.js";
import { withoutRareHeads } from "../line-heads.js";
import { itemsOf, type Node, sequence, withChildren } from "../python/ast.js";
import { parsePython } from "../python/parse.js";
import { sampleAddress, samplesOf } from "../python/sample.js";
import type { LineFilter } from "../run/line-filter.js";

/** Of one form of a line. */
const mostOfForm = 3;
/** Lines of one filter that others are made of. */
const mostBases = 150;

/** Lines that the filter may take, each once; without a date where none that it takes has one. */
export function linesOf(filter: Filter, { forms }: FilterForms, reading: LineFilter): readonly string[] {
  const all = [
    ...forms.flatMap(({ samples }) => samples.slice(0, mostOfForm)),
    ...writtenLines(filter, reading),
  ];
  const lines = [...new Set(all)].filter(isLine);
  const isFailure = (line: string): boolean => reading.judge(line).kind === "failure";
  const dated = lines.filter((line) => isDated(line, reading));
  return (dated.some(isFailure) ? dated : lines.filter(isFailure)).slice(0, mostBases);
}

/** A date stands there, and is not a part of what goes on behind it. */
function isDated(line: string, reading: LineFilter): boolean {
  const date = reading.dateOf(line);
  return date !== null && /^(?: [+-]\d{4})?(?:[\s\]"',:)|>;}-]|$)/.test(line.slice(date.to));
}

/** Heads that are not asked for any more (docs/import-fail2ban.md) are none that lines are made with. */
const isLine = (line: string): boolean =>
  line.length < 2_000 && !/[\x00-\x1f\x7f]/.test(line) && !/@vserver_| kernel: ?\[/.test(line);

/** Lines made of the expressions themselves, with the date where it is cut out. */
function* writtenLines(filter: Filter, reading: LineFilter): Generator<string> {
  const dates = readDatePatterns(filter.datepattern?.text ?? "");
  if (!dates.ok) return;
  const prefix = filter.prefregex === null ? null : parsePython(filter.prefregex.text);
  for (const { text } of filter.failregex) {
    const parsed = parsePython(text, 1_000);
    if (!parsed.ok) continue;
    const whole = prefix?.ok === true ? withContent(prefix.root, parsed.root) : parsed.root;
    const dated = withDate(withoutRareHeads(whole), dates.patterns);
    if (dated === null) continue;
    const own = dateSampleOf(dated);
    if (own === null) {
      yield* samplesOf(dated).slice(0, mostOfForm);
      continue;
    }
    const [first = own, ...others] = isEveryDate(dated) ? sampleDates : [own];
    yield* withDateIn(dated, first, reading).slice(0, mostOfForm);
    for (const date of others) yield* withDateIn(dated, date, reading).slice(0, 1);
  }
}

/** Lines in which that is the date which is found. */
function withDateIn(dated: Node, date: string, reading: LineFilter): readonly string[] {
  const whole = withThisDate(dated, date);
  return whole === null
    ? []
    : samplesOf(whole).filter((line) => {
        const found = reading.dateOf(line);
        return found !== null && line.slice(found.from, found.to) === date;
      });
}

/** `prefregex` with the expression in the place of `<F-CONTENT>`. */
function withContent(prefix: Node, expression: Node): Node {
  const items = itemsOf(expression);
  const isEdge = (node: Node | undefined): boolean =>
    node?.kind === "assertion" && (node.assertion === "start" || node.assertion === "end");
  const inner = sequence(
    items.slice(isEdge(items[0]) ? 1 : 0, isEdge(items.at(-1)) ? items.length - 1 : items.length),
  );
  const put = (node: Node): Node =>
    node.kind === "group" && node.tag === "content" ? inner : withChildren(node, put);
  return put(prefix);
}

/** Addresses in the place of the one that lines are made with (RFC 5737, RFC 3849). */
export const otherAddresses = ["203.0.113.9", "2001:db8:7::9"] as const;

/** The line with other addresses, longer, shorter, and with a character that is another one. */
export function variationsOf(line: string, reading: LineFilter): readonly string[] {
  const at = line.indexOf(sampleAddress);
  const behind = Math.max(at, reading.dateOf(line)?.to ?? 0);
  const made = new Set<string>();
  if (at >= 0) {
    for (const address of otherAddresses) made.add(line.replace(sampleAddress, address));
    // Whoever writes another part of the line gives an address of his own.
    made.add(`${line.slice(0, at)}${otherAddresses[0]} ${line.slice(at)}`);
    made.add(`${line.slice(0, at)}x${line.slice(at)}`);
    if (line[at - 1] !== " ") made.add(`${line.slice(0, at - 1)}${line.slice(at)}`);
    made.add(line.slice(0, at + sampleAddress.length));
  }
  made.add(`${line} from ${otherAddresses[0]}`);
  made.add(`${line}x`);
  made.add(line.slice(0, -1));
  made.add(line.slice(0, behind) + line.slice(behind).toUpperCase());
  made.delete(line);
  return [...made].filter(isLine);
}
