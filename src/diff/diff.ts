import { dirname } from "node:path";
import type { CompiledBundle } from "../compiler/compile.js";
import { codes } from "../deploy/codes.js";
import { folderTree, type HostTree, openRoot } from "../deploy/host-tree.js";
import { notesFor } from "../deploy/notes.js";
import { parentProblems } from "../deploy/parents.js";
import { type Plan, planDeploy, textOf } from "../deploy/plan.js";
import { type Around, brokenFiles, chainProblems, isWholeHome, loadMergedPlan } from "../deploy/verify.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { homeFiles } from "../merge/merge-home.js";
import { pathBelowHome, stopsProgram } from "../ossec/load/index.js";
import { dialectOf } from "../targets/ossec/dialect.js";
import { suiteFiles } from "../targets/ossec/suite.js";
import type { BehaviourOptions } from "./behaviour.js";
import type { Change, DiffReport } from "./change.js";
import { change } from "./change.js";
import { compareFiles } from "./files.js";
import { compareOssec } from "./ossec.js";
import { patchOf } from "./patch.js";

/** Compares what a bundle builds with what lies below a file system root (docs/reference/cli.md#diff). */
export function diffDeployed(
  bundle: CompiledBundle,
  root: string,
  show: (path: string) => string,
): DiffReport {
  const opened = openRoot(root, show);
  if (!opened.ok)
    return {
      bundle: bundle.model.name,
      host: bundle.model.host?.name ?? null,
      changes: [],
      unmanaged: [],
      behaviour: null,
      diagnostics: [opened.diagnostic],
    };
  return diffTree(
    bundle,
    folderTree(opened.root, (path) => show(shownBelow(path, opened.root, root))),
  );
}

/** The report with what both configurations do on logs. */
export async function withBehaviour(
  report: DiffReport,
  bundle: CompiledBundle,
  root: string,
  options: BehaviourOptions,
): Promise<DiffReport> {
  const opened = openRoot(root, options.show);
  if (!opened.ok) return report;
  const { compareBehaviour } = await import("./behaviour.js");
  const { behaviour, diagnostics } = await compareBehaviour(
    bundle,
    folderTree(opened.root, options.show),
    options,
  );
  return { ...report, behaviour, diagnostics: unique([...report.diagnostics, ...diagnostics]) };
}

/** Paths as the user named the root, not as links resolve it. */
function shownBelow(path: string, real: string, given: string): string {
  return real !== "/" && path.startsWith(`${real}/`)
    ? `${given.replace(/\/+$/, "")}${path.slice(real.length)}`
    : path;
}

/** The same for any tree. Trouble with one file leaves the rest to be compared. */
export function diffTree(bundle: CompiledBundle, tree: HostTree): DiffReport {
  const plan = planDeploy(bundle, tree);
  const around = loadMergedPlan(bundle, tree, plan);
  const ossec = compareOssec(bundle, tree, plan, around);
  const changes = [
    ...withPatches(ossec.changes, bundle, plan, tree),
    ...compareFiles(bundle.model, plan, tree),
    ...(ossec.changes.some(({ kind }) => kind === "conflict") ? [] : refused(bundle, tree, plan, around)),
  ];
  const diagnostics = [
    ...plan.diagnostics.filter(({ code }) => code !== codes.edited.code),
    ...brokenFiles(bundle, tree),
    ...missingFiles(bundle, tree),
    ...(tree.real
      ? notesFor(bundle, tree, plan).filter(({ message }) => !message.startsWith("did not exist"))
      : []),
  ];
  return {
    bundle: bundle.model.name,
    host: bundle.model.host?.name ?? null,
    // Drift that left a host weaker has to be looked at; of a revision, what gets stronger need not.
    changes: tree.real ? changes.map((one) => (one.strengthens ? { ...one, security: true } : one)) : changes,
    unmanaged: ossec.unmanaged,
    behaviour: null,
    diagnostics: unique(diagnostics),
  };
}

/** Each shared file's unified diff goes with its first change. */
function withPatches(
  changes: readonly Change[],
  { model }: CompiledBundle,
  plan: Plan,
  tree: HostTree,
): readonly Change[] {
  const files = homeFiles(model);
  const reported = new Set<string>();
  return changes.map((one) => {
    if (reported.has(one.file) || one.kind === "conflict") return one;
    reported.add(one.file);
    const planned = plan.files.find(
      ({ target, emitted }) =>
        tree.show(target) === one.file && files.some((file) => file.emitted === emitted?.path),
    );
    if (planned === undefined || planned.after === null || planned.before === null) return one;
    const patch = patchOf(one.file, textOf(planned.before), textOf(planned.after));
    return patch === "" ? one : { ...one, patch };
  });
}

/** For what else a deploy would refuse: OSSEC would not load it, or the bundle's lines would not get through. */
function refused(bundle: CompiledBundle, tree: HostTree, plan: Plan, around: Around): readonly Change[] {
  const { home } = bundle.model.ossec;
  const file = tree.show(`${home}/etc/ossec.conf`);
  const parents =
    around.after === null || !isWholeHome(bundle, tree, plan)
      ? []
      : parentProblems(bundle.model, around.after).map(({ message, help }) =>
          change({
            kind: "conflict",
            what: "rule",
            id: bundle.model.name,
            file,
            summary: `${message}${help === undefined ? "" : `; ${help}`}`,
            security: true,
          }),
        );
  const found = [...parents, ...refusals(around)];
  // Without a host it is not known what stands beside the bundle.
  if (found.length > 0 || around.after === null || !tree.real) return found;
  return chainProblems(bundle, tree, plan, around.after).map(({ what, id, diagnostic }) =>
    change({
      kind: "conflict",
      what,
      id,
      file,
      summary: `${diagnostic.message}${diagnostic.help === undefined ? "" : `; ${diagnostic.help}`}`,
      weakens: true,
    }),
  );
}

/** What the engine would refuse once the bundle is in its configuration, and does not refuse now. */
function refusals({ before, after }: Around): readonly Change[] {
  if (before === null || after === null) return [];
  const key = ({ code, message }: Diagnostic): string => `${code}\n${message}`;
  const known = new Set(before.problems.map(key));
  return after.problems
    .filter((one) => stopsProgram(one) && !known.has(key(one)))
    .map(({ file, line, message }) =>
      change({
        kind: "conflict",
        what: "load",
        id: String(line),
        file,
        summary: `the merged file would be refused: ${message}`,
        security: true,
      }),
    );
}

/** A home without its ossec.conf, or without a file of ours that its ossec.conf names. */
function missingFiles({ model }: CompiledBundle, tree: HostTree): readonly Diagnostic[] {
  const { home } = model.ossec;
  const { product } = dialectOf(model.ossec);
  const { place } = suiteFiles(model).rules;
  const missing = (path: string, message: string): readonly Diagnostic[] => [
    codes.unreadable({ file: tree.show(`${home}/${path}`), line: 1, column: 1 }, message),
  ];
  const conf = tree.read(`${home}/etc/ossec.conf`);
  if (conf.kind === "missing")
    return tree.list(`${home}/${dirname(place)}`) === null
      ? []
      : missing("etc/ossec.conf", `is missing from a home of ${product}`);
  if (conf.kind !== "file") return [];
  const named = [...textOf(conf).matchAll(/<(?:include|rule|rule_include)>([^<]*)<\//g)].map(
    ([, name = ""]) => pathBelowHome(name, home),
  );
  return named.includes(place) && tree.read(`${home}/${place}`).kind === "missing"
    ? missing(
        place,
        `is missing, and ossec.conf names it${product === "OSSEC" ? ": OSSEC does not start" : ""}`,
      )
    : [];
}

function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()];
}
