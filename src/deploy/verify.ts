import type { CompiledBundle } from "../compiler/compile.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { findBlocks, holdsBlocksAlone, xmlMarkers } from "../merge/merge.js";
import { sharedFiles } from "../merge/merge-home.js";
import { engineOf } from "../model/engine.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { ossecDialects } from "../ossec/dialects.js";
import { loadOssec, stopsProgram } from "../ossec/load/index.js";
import { readXml } from "../ossec/xml/read.js";
import { positionAt, sourceText } from "../ossec/xml/source.js";
import { loadGenerated, loadTexts, type SuiteTexts } from "../targets/generated.js";
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

/** The shared files as the plan makes them, by their path below the home. */
function plannedFiles(plan: Plan, home: string): ReadonlyMap<string, Uint8Array> {
  const result = new Map<string, Uint8Array>();
  for (const { target, after } of plan.files)
    if (after !== null && target.startsWith(`${home}/`))
      result.set(target.slice(home.length + 1), after.bytes);
  return result;
}

export function loadMergedPlan(bundle: CompiledBundle, tree: HostTree, plan: Plan): Around {
  const { model } = bundle;
  const { home } = model.ossec;
  if (tree.read(`${home}/etc/ossec.conf`).kind !== "file") return { before: null, after: null };
  if (model.ossec.dialect === "wazuh") return wazuhAround(bundle, plan);
  const options = { engine: engineOf(model.ossec), home };
  return {
    before: loadOssec(ossecSource(tree, home), options),
    after: loadOssec(ossecSource(tree, home, plannedFiles(plan, home)), options),
  };
}

/** Wazuh's own rules are not read here: the bundle's part alone, as it is there and as it would be. */
function wazuhAround({ model, files }: CompiledBundle, { files: planned }: Plan): Around {
  const deployed: SuiteTexts = ({ place, merge }) => {
    const file = planned.find(({ target }) => target === `${model.ossec.home}/${place}`);
    if (file === undefined || file.before === null) return null;
    const text = textOf(file.before);
    if (merge === "file") return text;
    const [block] = findBlocks(text, xmlMarkers(model.name));
    return block === undefined ? null : text.slice(block.start, block.end);
  };
  const there = planned.some(({ before, emitted }) => before !== null && emitted?.reader === "ossec");
  return { before: there ? loadTexts(model, deployed) : null, after: loadGenerated(model, files) };
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
      dialect: ossecDialects[engineOf(model.ossec)],
      variables: kind !== "conf",
    });
    if (problem === null) return [];
    const { line, column } = positionAt(source, problem.start);
    return [
      codes.broken(
        { file: tree.show(`${home}/${path}`), line, column },
        `OSSEC cannot read this: ${problem.reason}`,
      ),
    ];
  });
}

/**
 * Whether the merged whole would hold: no entry of somebody else's in the way, nothing that OSSEC would
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
      `with the bundle merged in, OSSEC would refuse this: ${message}`,
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
  if (model.ossec.dialect === "wazuh" || conf === null) return null;
  const text = textOf(conf);
  return holdsBlocksAlone(text) ? null : { text, target };
}

/** Whether there are rules of others, and they are read. */
export function isWholeHome(bundle: CompiledBundle, tree: HostTree, plan: Plan): boolean {
  return wholeConf(bundle, tree, plan) !== null;
}

/**
 * What of the bundle's lines does not get through the merged home. A Wazuh home's own rules are not read, and below
 * an empty root there is no home: the ossec.conf that deploy made there holds no rules to send lines through.
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
