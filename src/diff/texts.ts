import { pfStatements } from "../deploy/text-block.js";
import { compareNeverBlock } from "./address-sets.js";
import { type Change, change } from "./change.js";
import { letsMoreThrough } from "./verdicts.js";
import { changedLines } from "./zeek.js";

/** A text of lines without comments, blank lines and spare blanks. */
function linesEssence(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^\s*(?:#.*)?\r?$/.test(line))
    .map((line) => line.trim().replace(/[ \t]+/g, " "))
    .join("\n");
}

const never = /^\s*never (\S+)/gm;

/** The networks that a firewall-drop script refuses to block. */
export function neverBlocked(script: string): readonly string[] {
  return [...script.matchAll(never)].map(([, network = ""]) => network);
}

/**
 * A shell script: the never-block list by entry, the rest as a whole.
 *
 * @param filter - its lines are a packet filter's rules
 */
export function compareScript(
  before: string,
  after: string,
  file: string,
  id: string,
  filter: boolean,
): readonly Change[] {
  const rest = (text: string): string =>
    linesEssence(text.replace(/^\s*(?:never|check ".* is protected" guarded) .*$/gm, ""));
  const [old, now] = [neverBlocked(before), neverBlocked(after)];
  const changes: Change[] = [
    ...compareNeverBlock(old, now, file, `the never-block list of ${id}`, old.length > 0),
  ];
  if (rest(before) !== rest(after)) {
    const lines = changedLines(rest(before), rest(after)).length;
    changes.push(
      change({
        kind: "change",
        what: "script",
        id,
        file,
        summary: `${id}: what the script does changes (${lines === 1 ? "1 line" : `${lines} lines`})`,
        weakens: filter && letsMoreThrough(rest(before), rest(after)),
        security: true,
      }),
    );
  }
  return changes;
}

/** pf.conf by statement; those of others are the same on both sides. */
export function comparePf(before: string, after: string, file: string): readonly Change[] {
  const old = pfStatements(before).map(({ text }) => text);
  const now = pfStatements(after).map(({ text }) => text);
  const gone = old.filter((text) => !now.includes(text));
  const come = now.filter((text) => !old.includes(text));
  const changes: Change[] = [];
  for (const text of gone) {
    const key = pfKey(text);
    const at = come.findIndex((other) => pfKey(other) === key);
    const other = at === -1 ? undefined : come.splice(at, 1)[0];
    const blocked = text.startsWith("block");
    const table = text.startsWith("table");
    const base = { what: table ? "table" : "pf-rule", id: pfName(text), file, security: true } as const;
    changes.push(
      other === undefined
        ? change({
            ...base,
            kind: "delete",
            summary: `pf: "${text}" goes${blocked ? ": what it blocked is let through" : table ? ": its rules have no table" : ""}`,
            weakens: blocked || table,
          })
        : change({
            ...base,
            kind: "change",
            summary: `pf: "${text}" → "${other}"`,
            weakens:
              blocked &&
              (!other.startsWith("block") || (text.includes(" quick ") && !other.includes(" quick "))),
          }),
    );
  }
  for (const text of come)
    changes.push(
      change({
        kind: "create",
        what: text.startsWith("table") ? "table" : "pf-rule",
        id: pfName(text),
        file,
        summary: `pf: "${text}" is new`,
        security: true,
      }),
    );
  return changes;
}

/** Statements of one key are versions of each other: the action apart, the same direction and table. */
function pfKey(text: string): string {
  const table = /<([^>]+)>/.exec(text)?.[1] ?? "";
  if (text.startsWith("table")) return `table ${table}`;
  const direction = / (in|out) /.exec(text)?.[1] ?? "";
  const side = text.includes(`from <${table}>`) ? "from" : "to";
  return table === "" ? text : `${direction} ${side} ${table}`;
}

function pfName(text: string): string {
  const table = /<([^>]+)>/.exec(text)?.[1];
  if (text.startsWith("table") || table === undefined) return table ?? text.split(" ").slice(0, 3).join(" ");
  const direction = / (in|out) /.exec(text)?.[1] ?? "any";
  // Not the action: it is what may change.
  return `${direction} ${text.includes(`from <${table}>`) ? "from" : "to"} ${table}`;
}

/** iplog.conf by setting: what is no longer reported, and what is no longer looked at. */
export function compareIplog(before: string, after: string, file: string): readonly Change[] {
  const lines = (text: string): readonly string[] =>
    linesEssence(text)
      .split("\n")
      .filter((line) => line !== "");
  const old = lines(before);
  const now = lines(after);
  const key = (line: string): string =>
    line.startsWith("set ") ? line.split(" ").slice(0, 2).join(" ") : line;
  const changes: Change[] = [];
  const base = (line: string) => ({ what: "iplog", id: key(line), file, security: true }) as const;
  for (const line of now) {
    if (old.includes(line)) continue;
    const was = old.find((other) => line.startsWith("set ") && key(other) === key(line));
    changes.push(
      was === undefined
        ? change({
            ...base(line),
            kind: "create",
            summary: `iplog: "${line}" is new`,
            weakens: line.startsWith("ignore") && old.length > 0,
          })
        : change({
            ...base(line),
            kind: "change",
            summary: `iplog: "${was}" → "${line}"`,
            weakens: line.endsWith(" false") && !/resolve|log_dest|ignore_dns|fool_nmap/.test(line),
          }),
    );
  }
  for (const line of old)
    if (!now.includes(line) && !now.some((other) => line.startsWith("set ") && key(other) === key(line)))
      changes.push(change({ ...base(line), kind: "delete", summary: `iplog: "${line}" goes` }));
  return changes;
}

/**
 * Any other text of lines, as a whole.
 *
 * @param filter - its lines are a packet filter's rules
 */
export function compareLines(
  before: string,
  after: string,
  file: string,
  id: string,
  filter = false,
): readonly Change[] {
  const [old, now] = [linesEssence(before), linesEssence(after)];
  if (old === now) return [];
  const lines = changedLines(old, now).length;
  return [
    change({
      kind: "change",
      what: "file",
      id,
      file,
      summary: `${id} changes (${lines === 1 ? "1 line" : `${lines} lines`})`,
      weakens: filter && letsMoreThrough(old, now),
      security: true,
    }),
  ];
}
