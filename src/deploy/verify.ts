import type { CompiledBundle } from "../compiler/compile.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { withFiles } from "../files/ossec-source.js";
import { holdsBlocksAlone } from "../merge/merge.js";
import { sharedFiles } from "../merge/merge-home.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { stopsProgram } from "../ossec/load/index.js";
import { readXml } from "../ossec/xml/read.js";
import { positionAt, sourceText } from "../ossec/xml/source.js";
import { loadHome } from "../targets/home.js";
import { dialectOf } from "../targets/ossec/dialect.js";
import { suiteOf } from "../targets/ossec/suite.js";
import { codes } from "./codes.js";
import { findConflicts } from "./conflicts.js";
import { type ChainProblem, homeChainProblems } from "./home-chain.js";
import { homeNotices } from "./home-notices.js";
import { type HostTree, ossecSource } from "./host-tree.js";
import { parentProblems } from "./parents.js";
import { type Plan, textOf } from "./plan.js";

/** OSSEC's configuration on the host as it is, and as it would be with the bundle in it. */
export interface Around {
  /** null: there is no ossec.conf yet. */
  readonly before: LoadedOssec | null;
  readonly after: LoadedOssec | null;
}

/** The files as the plan makes them, by their path below the home; null: it goes. */
function plannedFiles(plan: Plan, home: string): ReadonlyMap<string, Uint8Array | null> {
  const result = new Map<string, Uint8Array | null>();
  for (const { target, after } of plan.files)
    if (target.startsWith(`${home}/`)) result.set(target.slice(home.length + 1), after?.bytes ?? null);
  return result;
}

export function loadMergedPlan(bundle: CompiledBundle, tree: HostTree, plan: Plan): Around {
  const { model } = bundle;
  const { home } = model.ossec;
  if (tree.read(`${home}/etc/ossec.conf`).kind !== "file") return { before: null, after: null };
  const source = ossecSource(tree, home);
  return {
    before: loadHome(model, source),
    after: loadHome(model, withFiles(source, plannedFiles(plan, home))),
  };
}

/** Shared files of the host that cannot be parsed: nothing can be merged into them. */
export function brokenFiles(bundle: CompiledBundle, tree: HostTree): readonly Diagnostic[] {
  const { model } = bundle;
  const { home } = model.ossec;
  return sharedFiles(model).flatMap(({ path, kind }) => {
    const found = tree.read(`${home}/${path}`);
    if (found.kind !== "file") return [];
    const source = sourceText("", textOf(found));
    const { problem } = readXml(source, {
      dialect: dialectOf(model.ossec),
      variables: kind !== "conf",
    });
    if (problem === null) return [];
    const { line, column } = positionAt(source, problem.start);
    return [
      codes.broken(
        { file: tree.show(`${home}/${path}`), line, column },
        `${suiteOf(model.ossec).suite} cannot read this: ${problem.reason}`,
      ),
    ];
  });
}

/**
 * Whether the merged whole would hold: no entry that zopf does not own in the way, nothing that OSSEC would
 * refuse and did not refuse before, and every sample line of the bundle on its way to its rule and its responses.
 */
export function verifyPlan(
  bundle: CompiledBundle,
  tree: HostTree,
  plan: Plan,
  { before, after }: Around,
): readonly Diagnostic[] {
  const { home } = bundle.model.ossec;
  const conflicts = findConflicts({
    source: ossecSource(tree, home),
    model: bundle.model,
    owns: bundle.manifest.owns,
    deployed: plan.deployed,
  }).map(({ path, line, summary }) =>
    codes.conflict({ file: tree.show(`${home}/${path}`), line, column: 1 }, summary),
  );
  if (conflicts.length > 0 || after === null) return conflicts;
  const key = ({ code, message }: Diagnostic): string => `${code}\n${message}`;
  const known = new Set((before?.problems ?? []).map(key));
  const stops = after.problems.filter((problem) => stopsProgram(problem) && !known.has(key(problem)));
  const parents = isWholeHome(bundle, tree, plan) ? parentProblems(bundle.model, after) : [];
  if (stops.length === 0)
    return [
      ...parents,
      ...chainProblems(bundle, tree, plan, after).map(({ diagnostic }) => diagnostic),
      ...(isWholeHome(bundle, tree, plan) ? homeNotices(bundle.model, after) : []),
    ];
  const refused = stops.map(({ file, line, column, message }) =>
    codes.verification(
      { file, line, column },
      `with the bundle merged in, ${suiteOf(bundle.model.ossec).suite} would refuse this: ${message}`,
      "nothing was changed",
    ),
  );
  return [...parents, ...refused];
}

/** The ossec.conf that the bundle will live in; null: other rules than the bundle's are not there, or not read. */
function wholeConf(
  { model }: CompiledBundle,
  tree: HostTree,
  plan: Plan,
): { readonly text: string; readonly target: string } | null {
  const target = `${model.ossec.home}/etc/ossec.conf`;
  const planned = plan.files.find((file) => file.target === target);
  const found = tree.read(target);
  const conf = planned?.after ?? (found.kind === "file" ? found : null);
  if (conf === null) return null;
  const text = textOf(conf);
  return holdsBlocksAlone(text) ? null : { text, target };
}

/** Whether there are rules of others, and they are read. */
export function isWholeHome(bundle: CompiledBundle, tree: HostTree, plan: Plan): boolean {
  return wholeConf(bundle, tree, plan) !== null;
}

/**
 * What of the bundle's lines does not get through the merged home. Below an empty root there is no home: the ossec.conf
 * that deploy made there holds no rules to send lines through.
 */
export function chainProblems(
  bundle: CompiledBundle,
  tree: HostTree,
  plan: Plan,
  loaded: LoadedOssec,
): readonly ChainProblem[] {
  const conf = wholeConf(bundle, tree, plan);
  if (conf === null) return [];
  return homeChainProblems({
    model: bundle.model,
    loaded,
    conf: conf.text,
    confName: tree.show(conf.target),
  });
}
