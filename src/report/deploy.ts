import type { DeployReport } from "../deploy/deploy.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import { type Paint, printable, sortDiagnostics } from "./diagnostics-text.js";

/** One document (schemas/deploy.schema.json). */
export function deployJson({ outcome, changes, reload, diagnostics }: DeployReport): string {
  return jsonOf("deploy", { outcome, changes, reload, diagnostics: sortDiagnostics(diagnostics) });
}

const marks = { create: "+", change: "~", delete: "-" } as const;

/** What became of each file, and what is to be run now. */
export function deployText(
  { outcome, changes, reload }: DeployReport,
  paint: Paint,
  reloaded: boolean,
): string {
  const lines = changes.map(({ kind, target }) => `${paint.bold(marks[kind])} ${printable(target)}\n`);
  const head = {
    installed: `${changes.length} files installed\n`,
    unchanged: "everything is as the bundle builds it\n",
    planned: `${changes.length} files would be installed; nothing was written\n`,
    "rolled-back": "the last state is restored\n",
    refused: "nothing was changed\n",
    failed: "",
  }[outcome];
  const commands = reload.map((words) => `  ${printable(words.map(quotedWord).join(" "))}\n`);
  const next =
    commands.length === 0 || reloaded || outcome === "unchanged"
      ? ""
      : `${outcome === "planned" ? "Then it would be time to run:" : "Now run:"}\n${commands.join("")}`;
  return `${lines.join("")}${head}${next}`;
}

/** A word as a POSIX shell reads it back, with quotes only where it needs them. */
function quotedWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
