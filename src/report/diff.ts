import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import type { Behaviour, Change, DiffReport, Unmanaged } from "../diff/change.js";
import { type Paint, printable, sortDiagnostics } from "./diagnostics-text.js";
import { githubAnnotation } from "./github.js";
import { githubData, githubProperty } from "./markup.js";

/** What a diff found, for one bundle or several. */
export interface DiffResult {
  readonly reports: readonly DiffReport[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A change with the host that it is about, where the bundle has several. */
export interface HostChange extends Change {
  readonly host?: string;
}

/** Every change, with its host. */
export function changesOf({ reports }: DiffResult): readonly HostChange[] {
  return reports.flatMap(({ changes, host }) =>
    host === null ? changes : changes.map((one) => ({ ...one, host })),
  );
}

/** The sentence of a change, with its host. */
export function named({ host, summary }: HostChange): string {
  return host === undefined ? summary : `${host}: ${summary}`;
}

export function unmanagedOf({ reports }: DiffResult): readonly Unmanaged[] {
  return reports.flatMap(({ unmanaged }) => unmanaged);
}

export function allDiagnostics({ reports, diagnostics }: DiffResult): readonly Diagnostic[] {
  return sortDiagnostics([...diagnostics, ...reports.flatMap((report) => report.diagnostics)]);
}

/** One document (schemas/diff.schema.json). */
export function diffJson(result: DiffResult, listUnmanaged: boolean): string {
  const unmanaged = unmanagedOf(result);
  const behaviours = result.reports.flatMap(({ bundle, behaviour }) =>
    behaviour === null ? [] : [{ bundle, ...behaviour }],
  );
  return jsonOf("diff", {
    changes: changesOf(result),
    unmanaged: unmanaged.length,
    ...(listUnmanaged ? { unmanagedEntries: unmanaged } : {}),
    ...(behaviours.length === 0 ? {} : { behaviour: behaviours }),
    diagnostics: allDiagnostics(result),
  });
}

const kinds = ["conflict", "create", "change", "delete"] as const;
const titles = { conflict: "Conflicts", create: "Create", change: "Change", delete: "Delete" } as const;
const marks = { conflict: "!", create: "+", change: "~", delete: "-" } as const;

/** Grouped by what a deploy does; the unified diffs below. */
export function diffText(
  result: DiffResult,
  paint: Paint,
  options: { readonly unmanaged: boolean; readonly patches: boolean },
): string {
  const changes = changesOf(result);
  const lines: string[] = [];
  const colours = { conflict: paint.error, create: paint.info, change: paint.warning, delete: paint.error };
  for (const kind of kinds) {
    const some = changes.filter((one) => one.kind === kind);
    if (some.length === 0) continue;
    lines.push(`${paint.bold(titles[kind])}\n`);
    for (const one of some) {
      const direction = one.weakens ? "[weakens]" : one.strengthens ? "[weaker there now]" : null;
      lines.push(
        `  ${colours[kind](marks[kind])} ${printable(named(one))}${direction === null ? "" : ` ${paint.error(direction)}`} ${paint.dim(printable(one.file))}\n`,
      );
    }
  }
  for (const { behaviour } of result.reports) if (behaviour !== null) lines.push(behaviourText(behaviour));
  if (options.patches)
    for (const { patch } of changes) if (patch !== undefined) lines.push(`\n${coloured(patch, paint)}`);
  const unmanaged = unmanagedOf(result);
  if (options.unmanaged)
    for (const { what, id, file } of unmanaged)
      lines.push(`  ${paint.dim(`unmanaged ${what} ${printable(id)} ${printable(file)}`)}\n`);
  const weaker = changes.filter(({ weakens }) => weakens).length;
  const drifted = changes.filter(({ strengthens }) => strengthens).length;
  const trouble = allDiagnostics(result).some(({ severity }) => severity === "error");
  lines.push(
    changes.length === 0
      ? trouble
        ? "not compared whole: the errors say why"
        : "no differences"
      : `${changes.length} ${changes.length === 1 ? "difference" : "differences"}${weaker > 0 ? `, ${weaker} that ${weaker === 1 ? "weakens" : "weaken"} the defence` : ""}${drifted > 0 ? `, ${drifted} where what lies there is weaker` : ""}`,
    unmanaged.length > 0 ? `; ${unmanaged.length} entries of others\n` : "\n",
  );
  return lines.join("");
}

/** Whose blocks come and go on logs. */
export function behaviourText({ nowBlocked, noLongerBlocked, alertsBefore, alertsAfter }: Behaviour): string {
  const list = (sources: readonly string[]): string => (sources.length === 0 ? "nobody" : sources.join(", "));
  return `On the logs:\n  blocked now and not before: ${list(nowBlocked)}\n  blocked before and not now: ${list(noLongerBlocked)}\n  alerts: ${alertsBefore} → ${alertsAfter}\n`;
}

function coloured(patch: string, paint: Paint): string {
  return printable(patch)
    .split("\n")
    .map((line) =>
      line.startsWith("+") ? paint.info(line) : line.startsWith("-") ? paint.error(line) : line,
    )
    .join("\n");
}

/** Annotations: what weakens as an error, the rest as warnings. */
export function diffGithub(result: DiffResult): string {
  const lines = changesOf(result).map((one) => {
    const { kind, what, id, file, weakens, strengthens } = one;
    const direction = weakens ? " (weakens the defence)" : strengthens ? " (weaker there now)" : "";
    return `::${weakens || strengthens || kind === "conflict" ? "error" : "warning"} file=${githubProperty(file)},title=${githubProperty(`zopf diff: ${kind} ${what} ${id}`)}::${githubData(`${named(one)}${direction}`)}\n`;
  });
  return [...lines, ...allDiagnostics(result).map(githubAnnotation)].join("");
}
