import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { CompiledBundle } from "../compiler/compile.js";
import type { HostTree } from "../deploy/host-tree.js";
import { planDeploy, textOf } from "../deploy/plan.js";
import { loadMergedPlan } from "../deploy/verify.js";
import { type Diagnostic, declareDiagnostic } from "../diagnostics/diagnostic.js";
import type { DetectionModel, Model, ZeekDetectionModel } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import type { ReplayInput } from "../replay/replay.js";
import { loadGenerated } from "../targets/generated.js";
import type { Behaviour } from "./change.js";
import { neverBlocked } from "./texts.js";
import { optionNumber, zeekEssence, zeekOptions } from "./zeek.js";

export interface BehaviourOptions {
  /** Zeek logs, folders of them, files of lines that OSSEC reads. */
  readonly logs: readonly string[];
  readonly timeZone: string | undefined;
  readonly show: (path: string) => string;
}

const codes = {
  replayed: declareDiagnostic({
    code: "diff/replay-partly",
    severity: "warning",
    title: "The deployed configuration can be replayed only in part",
  }),
} as const;

/** Runs what is deployed and what is built over the same logs: whose block comes, whose goes. */
export async function compareBehaviour(
  bundle: CompiledBundle,
  tree: HostTree,
  options: BehaviourOptions,
): Promise<{ readonly behaviour: Behaviour | null; readonly diagnostics: readonly Diagnostic[] }> {
  const diagnostics: Diagnostic[] = [];
  const { before, after } = loadMergedPlan(bundle, tree, planDeploy(bundle, tree));
  const deployed = deployedModel(bundle, tree, diagnostics);
  const old = deployed === null || before === null ? null : await seen(deployed, bundle, before, options);
  const now = await seen(bundle.model, bundle, after ?? loadGenerated(bundle.model, bundle.files), options);
  diagnostics.push(...(old?.diagnostics ?? []), ...now.diagnostics);
  if (!now.ok || old?.ok === false) return { behaviour: null, diagnostics };
  const was = old?.blocked ?? new Set<string>();
  const only = (some: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
    [...some].filter((source) => !others.has(source)).sort();
  return {
    behaviour: {
      nowBlocked: only(now.blocked, was),
      noLongerBlocked: only(was, now.blocked),
      alertsBefore: old?.alerts ?? 0,
      alertsAfter: now.alerts,
    },
    diagnostics,
  };
}

interface Seen {
  readonly ok: boolean;
  readonly blocked: ReadonlySet<string>;
  readonly alerts: number;
  readonly diagnostics: readonly Diagnostic[];
}

async function seen(
  model: Model,
  { files }: CompiledBundle,
  loaded: LoadedOssec,
  { logs, timeZone, show }: BehaviourOptions,
): Promise<Seen> {
  const { replay } = await import("../replay/replay.js");
  const blocked = new Set<string>();
  let alerts = 0;
  const input: ReplayInput = {
    model,
    files,
    loaded,
    zeek: logs.filter(isZeek),
    syslog: logs.filter((path) => !isZeek(path)),
    ossec: null,
    engine: null,
    year: null,
    reorder: null,
    timeZone,
    show,
  };
  const outcome = await replay(input, (event) => {
    if (event.kind === "alert") alerts += 1;
    else if (event.kind === "block" && event.source !== null) blocked.add(event.source);
  });
  return {
    ok: outcome.ok,
    blocked,
    alerts,
    diagnostics: outcome.diagnostics.filter(({ severity }) => severity !== "info"),
  };
}

/**
 * The bundle as it is deployed, as far as its files say: options of the Zeek scripts, the script's
 * never-block list. Null: there is no script that could block.
 */
function deployedModel(bundle: CompiledBundle, tree: HostTree, diagnostics: Diagnostic[]): Model | null {
  const { model, files } = bundle;
  const script = files.find(({ reader }) => reader === "execd");
  const deployedScript = script === undefined ? null : tree.read(script.target);
  if (deployedScript !== null && deployedScript.kind !== "file") return null;
  const always = new Set(neverBlocked(script?.content ?? ""));
  for (const { network } of model.neverBlock)
    always.delete(network.includes("/") ? network : `${network}/${network.includes(":") ? 128 : 32}`);
  const networks = deployedScript === null ? null : neverBlocked(textOf(deployedScript));
  return {
    ...model,
    neverBlock:
      networks === null
        ? model.neverBlock
        : networks.filter((network) => !always.has(network)).map((network) => ({ network, name: null })),
    detections: model.detections.flatMap((detection): readonly DetectionModel[] => {
      if (detection.kind !== "zeek") return [detection];
      const file = files.find(({ path }) => path.endsWith(`/${detection.identifier}.zeek`));
      const found = file === undefined ? null : tree.read(file.target);
      if (file === undefined || found === null || found.kind !== "file") return [];
      const text = textOf(found);
      const rest = (one: string): string => zeekEssence(one.replace(/^\s*option .*$/gm, ""));
      if (rest(text) !== rest(Buffer.from(file.content, "utf8").toString("latin1")))
        diagnostics.push(
          codes.replayed(
            { file: tree.show(file.target), line: 1, column: 1 },
            "what this script does differs from the built one in more than its options: the replay uses the built one with the deployed options",
          ),
        );
      return [withOptions(detection, text)];
    }),
  };
}

function withOptions(detection: ZeekDetectionModel, script: string): ZeekDetectionModel {
  const values = new Map(zeekOptions(script).map((option) => [option.name, optionNumber(option)]));
  const value = (name: string, otherwise: number): number =>
    values.get(`${detection.identifier}_${name}`) ?? otherwise;
  return {
    ...detection,
    threshold: value("threshold", detection.threshold),
    window: { ...detection.window, seconds: value("window", detection.window.seconds) },
    suppress: value("suppress", detection.suppress),
    caps: { keys: value("keys", detection.caps.keys), members: value("members", detection.caps.members) },
  };
}

/** A folder, or a file that begins as Zeek's logs do. */
function isZeek(path: string): boolean {
  try {
    if (statSync(path).isDirectory()) return true;
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(64);
      const text = bytes.toString("latin1", 0, readSync(file, bytes, 0, 64, 0));
      const packed = text.startsWith("\x1f\x8b") || text.startsWith("\x28\xb5\x2f\xfd");
      if (packed) return /(?:^|\/)(?:conn|notice|dns|http|ssl|weird|files)\b[^/]*$/.test(path);
      return text.startsWith("#separator") || text.startsWith("#fields") || text.startsWith('{"ts"');
    } finally {
      closeSync(file);
    }
  } catch {
    return true; // told by whoever reads it
  }
}
