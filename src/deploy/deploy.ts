import { dirname, join } from "node:path";
import type { CompiledBundle } from "../compiler/compile.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { isSystemError, reasonAndPath } from "../files/system-error.js";
import { belowRoot } from "./below-root.js";
import { codes } from "./codes.js";
import type { FileOps } from "./file-ops.js";
import { folderTree, openRoot } from "./host-tree.js";
import { type Books, booksOf } from "./journal.js";
import { takeLock } from "./lock.js";
import { notesFor } from "./notes.js";
import { manifestTarget, type Plan, type PlannedFile, planDeploy } from "./plan.js";
import { damaged, pendingJournal, type Recovered, recover } from "./recover.js";
import { rollBack } from "./rollback.js";
import { install, makeFolders, removeEmpty, undo } from "./transaction.js";
import { brokenFiles, loadMergedPlan, verifyPlan } from "./verify.js";

export interface DeployOptions {
  readonly bundle: CompiledBundle;
  /** The file system root; `/` is this host. */
  readonly root: string;
  readonly dryRun: boolean;
  readonly rollback: boolean;
  /** Roll back although a file was changed since. */
  readonly force: boolean;
  readonly ops: FileOps;
  readonly show: (path: string) => string;
  /** Asks the engines that are installed about the merged whole; diagnostics that are errors stop the deploy. */
  readonly askEngines: (plan: Plan, home: string | null) => Promise<readonly Diagnostic[]>;
}

/** What became of a file. */
export interface DeployedChange {
  readonly target: string;
  readonly kind: "create" | "change" | "delete";
}

/**
 * - `installed`, `rolled-back`: done. `unchanged`: everything was so already. `planned`: --dry-run.
 * - `refused`: the merged whole would not hold, or entries that zopf does not own are in the way; nothing changed (exit 1).
 * - `failed`: an input or the system was in the way (exit 2).
 */
export type DeployOutcome = "installed" | "unchanged" | "planned" | "rolled-back" | "refused" | "failed";

export interface DeployReport {
  readonly outcome: DeployOutcome;
  readonly changes: readonly DeployedChange[];
  /** What makes the readers take the changed files, in this order. */
  readonly reload: readonly (readonly string[])[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Installs a bundle below a file system root, or restores the state before (issue 6, "deploy"). */
export async function deploy(options: DeployOptions): Promise<DeployReport> {
  const { ops, show } = options;
  const nothing = (outcome: DeployOutcome, diagnostics: readonly Diagnostic[]): DeployReport => ({
    outcome,
    changes: [],
    reload: [],
    diagnostics,
  });
  const opened = openRoot(options.root, show);
  if (!opened.ok) return nothing("failed", [opened.diagnostic]);
  const { root } = opened;
  const target = dirname(manifestTarget(options.bundle));
  const folder = belowRoot(ops, root, target);
  if (!folder.ok)
    return nothing("failed", [
      codes.outside({ file: show(join(root, target)), line: 1, column: 1 }, folder.reason),
    ]);
  const books = booksOf(root, folder.path, options.bundle.model.name);
  const at = { file: show(books.folder), line: 1, column: 1 };
  try {
    if (options.dryRun) return await dryRun(options, root, books);
    if (options.rollback && ops.state(books.folder) === null)
      return nothing("failed", [
        codes.rollback(at, "nothing was deployed here, so there is no state to restore"),
      ]);
    const made = makeFolders(ops, books.folder);
    const lock = takeLock(ops, books.lock);
    if (!lock.ok)
      return nothing("failed", [codes.locked(at, lock.reason, "wait until it has ended, and run again")]);
    // Folders of ours that are wanted only while something lies in them.
    const folders: string[] = [books.folder, ...[...made].reverse()];
    try {
      return await locked(options, root, books, made, folders);
    } finally {
      ops.remove(lock.path);
      for (const one of folders) removeEmpty(ops, one);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return nothing("failed", [
      codes.failed(
        at,
        reasonAndPath(error),
        "a deploy that was cut short is finished or undone by the next run or by --rollback",
      ),
    ]);
  }
}

async function dryRun(options: DeployOptions, root: string, books: Books): Promise<DeployReport> {
  const pending = pendingJournal(options.ops, books);
  const at = { file: options.show(books.journal), line: 1, column: 1 };
  const reported =
    pending === null
      ? []
      : [codes.recovered(at, "a deploy was cut short here: the next run finishes or undoes it first")];
  const { report } = await prepare(options, root);
  return { ...report, diagnostics: [...reported, ...report.diagnostics] };
}

interface Prepared {
  readonly plan: Plan;
  readonly wanted: readonly PlannedFile[];
  readonly report: DeployReport;
}

/** Everything up to the first write. */
async function prepare({ bundle, show, askEngines }: DeployOptions, root: string): Promise<Prepared> {
  const tree = folderTree(root, show);
  const plan = planDeploy(bundle, tree);
  const wanted = plan.files.filter(({ changed }) => changed);
  const diagnostics = [...plan.diagnostics, ...brokenFiles(bundle, tree)];
  const changes = wanted.map(
    ({ target, before, after }): DeployedChange => ({
      target,
      kind: before === null ? "create" : after === null ? "delete" : "change",
    }),
  );
  const give = (outcome: DeployOutcome): Prepared => ({
    plan,
    wanted,
    report: {
      outcome,
      changes: outcome === "planned" ? changes : [],
      reload: outcome === "planned" ? reloads(wanted) : [],
      diagnostics,
    },
  });
  const isError = ({ severity }: Diagnostic): boolean => severity === "error";
  if (diagnostics.some(isError)) return give("failed");
  diagnostics.push(...notesFor(bundle, tree, plan));
  diagnostics.push(...verifyPlan(bundle, tree, plan, loadMergedPlan(bundle, tree, plan)));
  if (diagnostics.some(isError)) return give("refused");
  if (wanted.length === 0) return give("unchanged");
  const home = bundle.model.ossec.home;
  const there = tree.read(`${home}/etc/ossec.conf`).kind === "file";
  diagnostics.push(...(await askEngines(plan, there ? join(root, home) : null)));
  return give(diagnostics.some(isError) ? "refused" : "planned");
}

async function locked(
  options: DeployOptions,
  root: string,
  books: Books,
  made: readonly string[],
  folders: string[],
): Promise<DeployReport> {
  const { ops, show, bundle } = options;
  const recovered: Recovered = recover(ops, books, options.rollback ? bundle.model.name : null, show);
  folders.push(...recovered.folders);
  if (recovered.damaged) return damaged(recovered.diagnostics);
  if (options.rollback) return rollBack(options, books, recovered, folders);
  const { report, wanted } = await prepare(options, root);
  const diagnostics = [...recovered.diagnostics, ...report.diagnostics];
  if (report.outcome !== "planned") return { ...report, diagnostics };
  try {
    install(
      ops,
      books,
      bundle.model.name,
      wanted.map(({ path, after, owner }) => ({ path, content: after, owner })),
      made,
    );
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return {
      outcome: "failed",
      changes: [],
      reload: [],
      diagnostics: [...diagnostics, failure(options, books, error)],
    };
  }
  return { ...report, outcome: "installed", diagnostics };
}

/** Undoes what an error cut short; what cannot be undone now is left to the next run. */
function failure({ ops, show }: DeployOptions, books: Books, error: Error): Diagnostic {
  const at = { file: show(books.journal), line: 1, column: 1 };
  try {
    const journal = pendingJournal(ops, books);
    if (journal !== null && journal !== "damaged") undo(ops, books, journal);
    return codes.failed(
      at,
      `the files could not be installed: ${reasonAndPath(error)}; everything is as it was`,
    );
  } catch (second) {
    if (!isSystemError(second)) throw second;
    return codes.failed(
      at,
      `the files could not be installed (${reasonAndPath(error)}) nor the old ones put back (${reasonAndPath(second)})`,
      "the journal is kept: the next run, or --rollback, finishes or undoes the whole",
    );
  }
}

/** The reload commands of the changed files, each once, in the order of the manifest. */
function reloads(files: readonly PlannedFile[]): readonly (readonly string[])[] {
  const seen = new Map<string, readonly string[]>();
  for (const { emitted } of files)
    for (const command of emitted?.reload ?? []) seen.set(JSON.stringify(command), command);
  return [...seen.values()];
}
