import { dirname, join } from "node:path";
import type { CompiledBundle } from "../compiler/compile.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { analyses } from "../model/hosts.js";
import type { Model } from "../model/model.js";
import { codes } from "./codes.js";
import type { HostTree } from "./host-tree.js";
import { type Plan, textOf } from "./plan.js";
import { hashMarkers, isPfFilterRule, pfStatements } from "./text-block.js";

/** What the bundle needs and no deploy can decide: lines in files that belong to the administrator alone. */
export function notesFor({ model }: CompiledBundle, tree: HostTree, plan: Plan): readonly Diagnostic[] {
  return [
    ...zeekNotes(model, tree),
    ...ossecNotes(model, tree),
    ...programNotes(model, tree),
    ...mailNotes(model, tree),
    ...nftNotes(model, tree, plan),
    ...pfNotes(model, tree, plan),
  ];
}

function zeekNotes({ zeek, name }: Model, tree: HostTree): readonly Diagnostic[] {
  if (zeek === null) return [];
  const target = `${zeek.site}/local.zeek`;
  const text = readText(tree, target);
  const loads = new RegExp(`^\\s*@load\\s+(?:\\./|site/)?${name}\\s*(?:#.*)?$`, "m");
  if (text === null || loads.test(text)) return [];
  return [
    codes.place(
      { file: tree.show(target), line: 1, column: 1 },
      "does not load the bundle's scripts: Zeek does not see them",
      `add the line: @load ${name}`,
    ),
  ];
}

function ossecNotes({ ossec }: Model, tree: HostTree): readonly Diagnostic[] {
  const conf = `${ossec.home}/etc/ossec.conf`;
  if (tree.read(conf).kind !== "missing") return [];
  return [
    codes.place(
      { file: tree.show(conf), line: 1, column: 1 },
      "did not exist: it will hold the bundle's part alone",
      "do not copy it over a host's own ossec.conf: append it there",
    ),
  ];
}

/** Folders where a host keeps its programs. */
const programFolders = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin"] as const;

/** Programs that the script of notifications calls, where the host has them not. */
function programNotes(model: Model, tree: HostTree): readonly Diagnostic[] {
  if (!analyses(model)) return [];
  // Below an empty root there are no programs at all.
  if (programFolders.every((folder) => tree.list(folder) === null)) return [];
  return model.responses.flatMap((response) => {
    if (response.kind !== "notify") return [];
    const missing = (path: string, says: string): Diagnostic =>
      codes.place(
        { file: tree.show(path), line: 1, column: 1 },
        `${says}, and a notification of "${model.name}" calls it: nobody is told of anything`,
        "install it; the script says with test whether it can work",
      );
    const named = (program: string): readonly Diagnostic[] =>
      programFolders.some((folder) => tree.read(`${folder}/${program}`).kind === "file")
        ? []
        : [missing(`${programFolders[0]}/${program}`, "is not there")];
    const [program] = response.run ?? [];
    const found = program === undefined ? null : tree.read(program);
    return [
      ...(response.webhook === undefined ? [] : named("curl")),
      ...(response.syslog === null ? [] : named("logger")),
      ...(program === undefined || found === null || found.kind === "trouble"
        ? []
        : found.kind === "missing"
          ? [missing(program, "is not there")]
          : (found.mode & 0o111) === 0
            ? [missing(program, "cannot be executed")]
            : []),
    ];
  });
}

/** Rules that mail, on a host that mails nothing. */
function mailNotes(model: Model, tree: HostTree): readonly Diagnostic[] {
  const mails = model.detections.filter(({ rule }) => rule.options?.includes("alert_by_email"));
  const [first] = mails;
  const conf = `${model.ossec.home}/etc/ossec.conf`;
  const text = readText(tree, conf);
  if (first === undefined || !analyses(model) || text === null) return [];
  if (/<email_notification>\s*yes\s*<\/email_notification>/.test(text)) return [];
  return [
    codes.place(
      { file: tree.show(conf), line: 1, column: 1 },
      `mails nothing, and "${first.name}"${mails.length > 1 ? ` and ${mails.length - 1} more` : ""} of "${model.name}" should be mailed`,
      "write <email_notification>yes</email_notification> with email_to, smtp_server and email_from into its <global>",
    ),
  ];
}

/** Where distributions keep what nftables.service loads at boot. */
const nftConfs = ["/etc/nftables.conf", "/etc/sysconfig/nftables.conf", "/etc/nftables.nft"] as const;

/** nft loads at boot only what its own file includes; a unit of the bundle's loads the table by itself. */
function nftNotes({ firewalls }: Model, tree: HostTree, { files }: Plan): readonly Diagnostic[] {
  if (firewalls.some((firewall) => firewall.kind === "nftables" && firewall.systemd === true)) return [];
  const ours = files.filter(({ emitted }) => emitted?.reader === "nftables").map(({ target }) => target);
  return ours.flatMap((target) => {
    const conf = nftConfs.find((path) => readText(tree, path) !== null) ?? nftConfs[0];
    const text = readText(tree, conf);
    const at = { file: tree.show(conf), line: 1, column: 1 };
    const line = `include "${dirname(target)}/*.nft"`;
    if (text === null)
      return [
        codes.place(
          at,
          `is not there, so nothing loads ${target} at boot`,
          `write it with the line: ${line}; or say systemd: true in the bundle`,
        ),
      ];
    const found = nftIncludes(tree, conf, target, new Set());
    if (found === null)
      return [
        codes.place(
          at,
          `does not include ${target}: after a reboot its table is not there`,
          `add the line, behind any flush ruleset: ${line}`,
        ),
      ];
    const flush = lineOf(text, /^\s*flush\s+ruleset\b/, found);
    return flush === null
      ? []
      : [
          codes.place(
            { ...at, line: flush },
            `empties what it included before, the table of ${target} with it`,
            "move flush ruleset to the top of the file",
          ),
        ];
  });
}

/** The line of the file on which a file is included, by whatever others; null: it is not. */
function nftIncludes(tree: HostTree, conf: string, wanted: string, seen: Set<string>): number | null {
  const text = readText(tree, conf);
  if (text === null || seen.has(conf)) return null;
  seen.add(conf);
  for (const [index, line] of text.split("\n").entries()) {
    const given = /^\s*include\s+"([^"]+)"/.exec(line)?.[1];
    if (given === undefined) continue;
    // nft looks for a path without / in front below /etc, its include folder.
    const path = given.startsWith("/") ? given : join("/etc", given);
    if (globExpression(path).test(wanted)) return index + 1;
    const folder = dirname(path);
    const names = /[*?[]/.test(path)
      ? (tree.list(folder) ?? [])
          .map((name) => `${folder}/${name}`)
          .filter((one) => globExpression(path).test(one))
      : [path];
    if (names.some((one) => nftIncludes(tree, one, wanted, seen) !== null)) return index + 1;
  }
  return null;
}

/** A shell's pattern for file names (`*`, `?`, `[…]`). */
function globExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.|+(){}]/g, "\\$&")
    .replace(/\*/g, "[^/]*")
    .replace(/\?/g, "[^/]");
  try {
    return new RegExp(`^${source.replace(/\[!/g, "[^")}$`);
  } catch {
    return /^(?!)/;
  }
}

/** The first line behind `after` that fits; null: none. */
function lineOf(text: string, wanted: RegExp, after: number): number | null {
  const index = text.split("\n").findIndex((line, at) => at >= after && wanted.test(line));
  return index === -1 ? null : index + 1;
}

/** A file that pf.conf includes before the bundle's block: a quick rule in it decides before ours. */
function pfNotes({ name }: Model, tree: HostTree, { files }: Plan): readonly Diagnostic[] {
  return files.flatMap(({ target, after, emitted }) => {
    if (emitted?.reader !== "pf" || emitted.merge !== "include" || after === null) return [];
    const text = textOf(after);
    const block = text.indexOf(hashMarkers(name).begin);
    return pfStatements(text.slice(0, Math.max(block, 0))).flatMap((statement) => {
      const given = /^include "([^"]+)"$/.exec(statement.text)?.[1];
      if (given === undefined) return [];
      const path = given.startsWith("/") ? given : join(dirname(target), given);
      const rule = firstFilterRule(tree, path, new Set([target]));
      if (rule === null) return [];
      const code = text.slice(statement.start, statement.end);
      const before = statement.start + Math.max(code.search(/^[ \t]*include\b/m), 0);
      return [
        codes.place(
          { file: tree.show(target), line: text.slice(0, before).split("\n").length, column: 1 },
          rule === "unknown"
            ? `includes ${path} before the bundle's block, and it cannot be read here: a quick rule in it would decide before ours`
            : `includes ${path} before the bundle's block, and the rules there are tried first: ${rule}`,
          `move the lines from # zopf:begin ${name} to # zopf:end ${name} before the include; they stay there`,
        ),
      ];
    });
  });
}

/** The first filter rule of a pf file and of what it includes; null: it has none. */
function firstFilterRule(tree: HostTree, path: string, seen: Set<string>): string | "unknown" | null {
  if (seen.has(path)) return null;
  seen.add(path);
  const text = readText(tree, path);
  if (text === null) return "unknown";
  for (const { text: statement } of pfStatements(text)) {
    if (isPfFilterRule(statement)) return statement;
    const given = /^include "([^"]+)"$/.exec(statement)?.[1];
    if (given === undefined) continue;
    const inner = firstFilterRule(tree, given.startsWith("/") ? given : join(dirname(path), given), seen);
    if (inner !== null) return inner;
  }
  return null;
}

/** Latin1; null where there is no such file, or it cannot be read. */
function readText(tree: HostTree, target: string): string | null {
  const found = tree.read(target);
  return found.kind === "file" ? textOf(found) : null;
}
