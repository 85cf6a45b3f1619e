/**
 * Rows and lines for a rule: what fits it, each alternative once, and what lies just beside. Whether one fits is not decided
 * here: {@link evaluate} is asked.
 */
import ipaddr from "ipaddr.js";
import { parsePcre2 } from "../../ossec/patterns/pcre2/parse.js";
import { TextAutomaton } from "../../samples/automaton.js";
import { solve } from "../../samples/solve.js";
import { searchOf } from "../../samples/trees.js";
import type { Column, ZeekLog } from "./log-columns.js";
import type { Piece, Test, ValueTest } from "./rule.js";

/** Tests that hold together: one way to fit a rule. */
type Way = readonly Extract<Test, { kind: "field" | "keyword" }>[];

/** Ways that are tried of one rule, and of one of its parts. */
const mostWays = 80;

function ways(test: Test): readonly Way[] {
  switch (test.kind) {
    case "field":
    case "keyword":
      return [[test]];
    case "any":
      return spread(test.of.flatMap(ways), mostWays);
    case "not":
      // Left out, a part is false more often than not.
      return [[]];
    case "all": {
      let found: readonly Way[] = [[]];
      for (const one of test.of) {
        const next = ways(one);
        // Each alternative once, not with each of the others.
        const longer = Math.max(found.length, next.length);
        found = Array.from({ length: longer }, (_, at) => [
          ...(found[at % found.length] ?? []),
          ...(next[at % next.length] ?? []),
        ]);
      }
      return found.slice(0, mostWays);
    }
  }
}

/** A row by column, as Zeek writes it in JSON. */
export type Row = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export function rowsFor(test: Test, log: Pick<ZeekLog, "columns">): readonly Row[] {
  const found: Row[] = [{}];
  const texts = [...log.columns.values()].filter(({ type }) => type === "text");
  const all = [...ways(test), ...negated(test).flatMap(ways).slice(0, mostWays)];
  for (const way of all) {
    const byColumn = new Map<Column, ValueTest[]>();
    const asked = new Set(
      way.flatMap((one) => (one.kind === "field" ? [columnOf(log, one.field)?.read] : [])),
    );
    const keywordColumn = texts.find(({ read }) => !asked.has(read));
    for (const one of way) {
      const column = one.kind === "field" ? columnOf(log, one.field) : keywordColumn;
      if (column === undefined) continue;
      // What reads the same is one column, under several names.
      const known = [...byColumn.keys()].find(
        ({ read, part }) => read === column.read && part === column.part,
      );
      const tests = byColumn.get(known ?? column) ?? [];
      tests.push(one.test);
      byColumn.set(known ?? column, tests);
      const other = one.test.kind === "fieldref" ? columnOf(log, one.test.field) : undefined;
      if (other !== undefined) byColumn.set(other, [...(byColumn.get(other) ?? []), one.test]);
    }
    const row: Record<string, Row[string]> = {};
    /** Columns of which the start is asked for. */
    const stems = new Set<string>();
    for (const [column, tests] of byColumn) {
      const value = valueFor(column, tests);
      if (value === null) continue;
      const name = column.read.slice(2);
      const before = row[name];
      if (column.part === "stem") stems.add(name);
      if (column.part === "extension") row[name] = `/a.${String(value)}`;
      else if (typeof before !== "string") row[name] = value;
      else if (!stems.has(name)) row[name] = `${before}${String(value)}`;
      else row[name] = column.part === "stem" ? `${String(value)}?${before}` : `${before}?${String(value)}`;
    }
    found.push(row);
    for (const name of Object.keys(row)) {
      const { [name]: value, ...rest } = row;
      found.push(rest);
      if (Array.isArray(value))
        found.push(
          { ...rest, [name]: ["other", ...value] },
          { ...rest, [name]: value.slice(1) },
          { ...rest, [name]: value.map((one) => `x${one}`) },
          { ...rest, [name]: value.map((one) => `${one}x`) },
          { ...rest, [name]: [value.join("")] },
        );
      if (typeof value !== "string" || ipaddr.isValid(value)) continue;
      const others = [`x${value}`, `${value}x`, value.toUpperCase(), value.slice(1), value.slice(0, -1)];
      if (stems.has(name)) others.push(`${value}?x=1`, `/x?y=${value}`);
      for (const other of others) found.push({ ...rest, [name]: other });
    }
  }
  return spread([...new Map(found.map((row) => [JSON.stringify(row), row])).values()], mostSamples);
}

/** Samples of one rule; of more, some from everywhere are taken. */
const mostSamples = 120;

function spread<Sample>(all: readonly Sample[], most: number): readonly Sample[] {
  if (all.length <= most) return all;
  const step = all.length / most;
  return all.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}

function columnOf(log: Pick<ZeekLog, "columns">, field: string): Column | undefined {
  return log.columns.get(field) ?? log.columns.get(field.toLowerCase());
}

/** The parts below a not: a row that fits them shows that they count. */
function negated(test: Test): readonly Test[] {
  if (test.kind === "all") {
    const held = test.of.filter(({ kind }) => kind !== "not");
    return test.of.flatMap((one) =>
      one.kind === "not" ? [{ kind: "all", of: [...held, one.of] } as const] : [],
    );
  }
  if (test.kind === "any") return test.of.flatMap(negated);
  return test.kind === "not" ? [test.of] : [];
}

function valueFor({ type }: Column, tests: readonly ValueTest[]): Row[string] | null {
  const texts = tests.flatMap((test) => (test.kind === "text" ? [test.pieces] : []));
  const [first] = tests;
  if (first === undefined || first.kind === "null") return null;
  const text = textFor(first, texts);
  if (text === null) return null;
  switch (type) {
    case "number":
    case "port":
      return /^\d{1,15}$/.test(text) ? Number(text) : null;
    case "truth":
      return text.toLowerCase().startsWith("t");
    case "texts":
      return tests.map((test) => textFor(test, test.kind === "text" ? [test.pieces] : []) ?? "x");
    case "address":
      return first.kind === "fieldref" ? "192.0.2.7" : ipaddr.isValid(text) ? text : null;
    case "text":
      return text;
  }
}

function textFor(first: ValueTest, texts: readonly (readonly Piece[])[]): string | null {
  switch (first.kind) {
    case "text":
      return together(texts);
    case "number":
      return String(first.value);
    case "compare":
      return String(
        first.by === "gt" ? first.value + 1 : first.by === "lt" ? Math.max(0, first.value - 1) : first.value,
      );
    case "cidr":
      return ipaddr.isValidCIDR(first.network) ? ipaddr.parseCIDR(first.network)[0].toString() : null;
    case "exists":
      return first.value ? "x" : null;
    case "regex":
      return matching(first.source);
    case "null":
      return null;
    case "fieldref":
      return referred;
  }
}

/** Places that are looked at for a text that a regular expression takes. */
const mostPlaces = 20_000;

/** A text that the expression finds itself in; where none is found its letters, which it may not take. */
function matching(source: string): string {
  // What rules may use of regular expressions, PCRE2 says in the same way.
  const tree = parsePcre2(`(?-i)${source}`);
  const automaton = tree.ok ? TextAutomaton.of(searchOf(tree.value.root)) : null;
  const found = automaton === null ? null : solve([{ automaton, negated: false }], mostPlaces);
  return found ?? source.replace(/\\(.)/g, "$1").replace(/[\^$*+?()[\]{}|]/g, "");
}

/** What both columns of a reference hold: a number and an address have it in them. */
const referred = "7";

/** A text for several patterns: those at its start first, those at its end last. */
function together(all: readonly (readonly Piece[])[]): string {
  const written = (pieces: readonly Piece[]): string =>
    pieces.map((piece) => (piece.kind === "text" ? piece.text : piece.kind === "one" ? "x" : "")).join("");
  const rank = (pieces: readonly Piece[]): number =>
    pieces[0]?.kind !== "any" ? 0 : pieces.at(-1)?.kind !== "any" ? 2 : 1;
  return [...new Set([...all].sort((one, other) => rank(one) - rank(other)).map(written))].join("");
}

/** Messages for a rule of keywords. */
export function messagesFor(test: Test): readonly string[] {
  const found: string[] = [];
  for (const way of [...ways(test), ...negated(test).flatMap(ways).slice(0, mostWays)]) {
    const texts = way.flatMap((one) =>
      one.test.kind === "text"
        ? [together([one.test.pieces])]
        : one.test.kind === "regex"
          ? [matching(one.test.source)]
          : [],
    );
    const text = texts.join(" ");
    found.push(`a ${text} b`, text.toUpperCase(), text.slice(1), text.slice(0, -1), ...texts);
  }
  return spread([...new Set(found.map((text) => text.trim()).filter((text) => text !== ""))], mostSamples);
}
