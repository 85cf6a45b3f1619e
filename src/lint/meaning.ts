/** What a loaded configuration says, without where and how it is written: two that say the same decide alike. */
import type { DecoderDefinition, LoadedOssec, RuleDefinition, RuleNode } from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import { stops } from "../ossec/load/problems.js";
import { compilePattern, type PatternSource } from "../ossec/patterns/index.js";

/** Not looked at by the engine. */
const unread: ReadonlySet<string> = new Set([
  // Of files: how they are named.
  "place",
  // Their place in the file; the tree is what counts.
  "index",
  "parents",
  // Texts of alerts, on which nothing depends.
  "description",
  "info",
]);

function asRead(key: string, value: unknown): unknown {
  if (unread.has(key)) return undefined;
  if (typeof value !== "object" || value === null || !("language" in value) || !("text" in value))
    return value;
  const { language, text } = value;
  // Braces mean the same with and without a backslash.
  return language === "osregex" && typeof text === "string" ? [text.replace(/\\([{}])/g, "$1")] : value;
}

function groupsOf(regex: PatternSource | null): number {
  const compiled = regex === null ? null : compilePattern(regex);
  return compiled?.ok === true ? compiled.value.groups : Number.POSITIVE_INFINITY;
}

function ruleMeaning(rule: RuleDefinition, dialect: Dialect): object {
  const counts = rule.search !== null || rule.checkDiff;
  const { correlation } = rule;
  const different = correlation.different.filter((field) => dialect.engine.comparesDifferent.has(field));
  return {
    ...rule,
    correlation: { ...correlation, different },
    group: rule.group.replace(/[,\s]+$/, ""),
    timeframe: counts ? rule.timeframe : null,
  };
}

function decoderMeaning(decoder: DecoderDefinition, { engine }: Dialect): object {
  const { parent, programName, order, regex, prematch } = decoder;
  // Events stay its parent's (Wazuh).
  const keepsParent = engine.decodedBy === "prematch" && parent !== null && prematch === null;
  return {
    ...decoder,
    programName: parent === null ? programName : null,
    order: order?.slice(0, groupsOf(regex)),
    ...(keepsParent ? { type: null, fts: null, useOwnName: null, reportedName: null } : {}),
  };
}

function treeMeaning(roots: readonly RuleNode[]): string {
  const stack = roots.map((node) => ({ node, depth: 0 })).reverse();
  const rows: string[] = [];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, depth } = top;
    rows.push(`${depth} ${node.rule.id}`);
    for (const child of [...node.children].reverse()) stack.push({ node: child, depth: depth + 1 });
  }
  return rows.join("\n");
}

function stopsOf(problems: LoadedOssec["problems"]): readonly string[] {
  return problems.filter(({ outcome }) => stops(outcome)).map(({ code }) => code);
}

function byId(rules: readonly RuleDefinition[]): ReadonlyMap<number, readonly RuleDefinition[]> {
  const found = new Map<number, RuleDefinition[]>();
  for (const rule of rules) {
    const known = found.get(rule.id);
    if (known === undefined) found.set(rule.id, [rule]);
    else known.push(rule);
  }
  return found;
}

/**
 * For a configuration that the engine refuses: does another one say the same wherever this one could be
 * read, and give the engine no more to refuse?
 */
export function keepsMeaning(loaded: LoadedOssec, other: LoadedOssec): boolean {
  if (stopsOf(other.problems).length > stopsOf(loaded.problems).length) return false;
  const text = (value: unknown): string => JSON.stringify(value, asRead);
  // Of rules with one id, which the engine refuses, each is compared with its own.
  const theirs = byId(other.rules);
  const seen = new Map<number, number>();
  const sameRules = loaded.rules.every((rule) => {
    const before = seen.get(rule.id) ?? 0;
    seen.set(rule.id, before + 1);
    if (rule.refused) return true;
    const its = theirs.get(rule.id)?.[before];
    // Feeding depends on rules that could not be read.
    const bare = (one: RuleDefinition): string =>
      text({ ...ruleMeaning(one, loaded.dialect), feedsGroupListsOf: null, feedsSidList: null });
    return its !== undefined && bare(rule) === bare(its);
  });
  const decoders = other.decoders.all.map((decoder) => text(decoderMeaning(decoder, loaded.dialect)));
  const known = new Set(decoders);
  return (
    sameRules &&
    loaded.decoders.all.every(
      (decoder) => decoder.refused || known.has(text(decoderMeaning(decoder, loaded.dialect))),
    )
  );
}

/** Equal for two configurations only if the engine does the same with them. */
export function meaningOf({ dialect, decoders, rules, roots, conf, problems }: LoadedOssec): string {
  const { localfiles, repeatedOffenders, ...rest } = conf;
  return JSON.stringify(
    {
      rules: rules.map((rule) => ruleMeaning(rule, dialect)),
      tree: treeMeaning(roots),
      decoders: decoders.all.map((decoder) => decoderMeaning(decoder, dialect)),
      lists: [decoders.withProgramName, decoders.withoutProgramName].map((nodes) =>
        nodes.map(({ decoder, children }) => [decoder.index, children.map(({ index }) => index)]),
      ),
      conf: rest,
      localfiles: localfiles.map(({ location, command, format }) => [location, command, format]),
      repeatedOffenders: repeatedOffenders.slice(0, 5),
      stops: stopsOf(problems),
    },
    asRead,
  );
}
