import { existsSync, readFileSync } from "node:fs";
import type { CompiledBundle } from "../compiler/compile.js";
import type { Effect } from "../diagnostics/diagnostic.js";
import { folderSource } from "../files/folder-source.js";
import type { Finding } from "../lint/finding.js";
import type { InputFile } from "../lint/input.js";
import type { LintResult } from "../lint/lint.js";
import type { SettingsResult } from "../lint/settings.js";
import { homeFiles, mergedFiles } from "../merge/merge-home.js";
import { analyses } from "../model/hosts.js";
import type { Model } from "../model/model.js";
import { type Outcome, plural } from "../programs/outcome.js";
import { dialectOf } from "../targets/ossec/dialect.js";
import { listFile } from "../targets/ossec/lists.js";
import { suiteOf } from "../targets/ossec/suite.js";

export interface LintedOptions {
  readonly out: string;
  /** The OSSEC home that the bundles will live in. */
  readonly with: string | null;
  /** The mildest effect that fails. */
  readonly failOn: Effect;
  readonly show: (path: string) => string;
}

const settingsFile = "zopf.config.json";

/**
 * Lint of what is generated, and of the OSSEC home it will live in with the bundles merged in. Here
 * everything is a finding that is one for `zopf lint`; infos are left to it.
 */
export async function lintGenerated(
  all: readonly CompiledBundle[],
  options: LintedOptions,
): Promise<Outcome> {
  const bundles = differing(options.with === null ? all : all.filter(({ model }) => analyses(model)));
  const { fails, lintFiles } = await import("../lint/lint.js");
  const results: LintResult[] = [];
  const read = await settingsHere();
  if (!read.ok)
    return { status: "invalid", summary: `${settingsFile} cannot be used`, diagnostics: read.diagnostics };
  for (const bundle of bundles) {
    const dialect = dialectOf(bundle.model.ossec);
    const base = {
      dialect: bundle.model.ossec.dialect,
      engine: dialect.name === "wazuh4" ? "4.3" : dialect.name,
      order: null,
      glob: null,
      settings: read.settings,
    } as const;
    if (options.with === null)
      results.push(asServer(bundle, lintFiles(generatedFiles(bundle, options), { ...base, closed: false })));
    else {
      const { findInputs } = await import("../lint/host/find-inputs.js");
      const inputs = findInputs([options.with]);
      const merged = mergedFiles(
        folderSource(options.with, options.show),
        bundle.model,
        bundle.files,
        dialect,
      );
      const files = withMerged(inputs.files, options.with, merged, bundle.model);
      results.push(lintFiles(files, { ...base, closed: false, homes: inputs.homes }));
    }
  }
  const own = bundles.flatMap(({ manifest }) => manifest.owns.decoders);
  const takers = bundles.flatMap(({ model }) =>
    model.detections.flatMap(({ kind, rule }) => (kind === "rule" ? [rule.id] : [])),
  );
  const findings = results
    .flatMap((result) => result.findings)
    .filter((one) => !isTriedAlready(one, own) && !(options.with !== null && isShownByLines(one, takers)));
  const unusable = results.flatMap((result) => result.diagnostics);
  const diagnostics = unique([...unusable, ...findings.filter(({ severity }) => severity !== "info")]);
  const looked = plural(
    results.reduce((sum, { summary }) => sum + summary.files, 0),
    "file",
  );
  // A finding fails by its effect alone; its severity only says how it is shown.
  const failed = fails(findings, options.failOn) || unusable.some(({ severity }) => severity === "error");
  const count = diagnostics.length === 0 ? "no finding" : plural(diagnostics.length, "finding");
  return { status: failed ? "failed" : "passed", summary: `${looked}, ${count}`, diagnostics };
}

/** Hosts of one bundle mostly have the same files: each set is looked at once. */
function differing(bundles: readonly CompiledBundle[]): readonly CompiledBundle[] {
  const seen = new Map<string, CompiledBundle>();
  for (const bundle of bundles) {
    const shared = bundle.manifest.files.filter(({ path }) =>
      path.startsWith(suiteOf(bundle.model.ossec).folder),
    );
    const key = JSON.stringify([bundle.file, shared.map(({ path, sha256 }) => [path, sha256])]);
    if (!seen.has(key)) seen.set(key, bundle);
  }
  return [...seen.values()];
}

/** The settings of `zopf lint` in the working directory. */
async function settingsHere(): Promise<SettingsResult> {
  const { noSettings, readSettings } = await import("../lint/settings.js");
  if (!existsSync(settingsFile)) return { ok: true, settings: noSettings };
  const { ruleByCode } = await import("../lint/rules/index.js");
  return readSettings(
    settingsFile,
    readFileSync(settingsFile, "utf8"),
    (code) => ruleByCode(code) !== undefined,
  );
}

/**
 * Whether a bundle's own decoder can be forged is not judged by its shape here: `verify` runs lines with
 * forged messages through it, and the build warns where a log has no safe form (`bundle/forgeable`).
 */
function isTriedAlready({ code, message }: Finding, decoders: readonly string[]): boolean {
  return (
    (code === "OSSEC-SPOOFABLE-SRCIP" || code === "OSSEC-AR-ON-FORGEABLE-RULE") &&
    decoders.some((name) => message.includes(`"${name}"`))
  );
}

/** Which composites a rule about rules starves is said by the part `with`, at the bundle's line and with sample lines. */
function isShownByLines({ code, message }: Finding, takers: readonly number[]): boolean {
  return (
    code === "OSSEC-CHILD-STARVES-COMPOSITE" && takers.some((id) => message.startsWith(`rule ${id} takes `))
  );
}

/** That the host is a server with agents stands in the rest of its ossec.conf, and in the bundle. */
function asServer({ model }: CompiledBundle, result: LintResult): LintResult {
  if (model.host?.ossec !== "server" && model.ossec.installation !== "server") return result;
  const findings = result.findings.filter(({ code }) => code !== "OSSEC-AR-LOCATION-ALL-ON-LOCAL");
  return { ...result, findings };
}

function generatedFiles(
  { model, files }: CompiledBundle,
  { out, show }: LintedOptions,
): readonly InputFile[] {
  const lists = model.lists.map((list) => ({
    emitted: listFile(model, list).path,
    kind: "list" as const,
  }));
  return [...homeFiles(model), ...lists].flatMap(({ emitted, kind }) =>
    files
      .filter(({ path }) => path === emitted)
      .map(({ path, content }) => ({
        path: show(`${out}/${model.name}/${model.host === null ? "" : `${model.host.name}/`}${path}`),
        kind,
        bytes: Buffer.from(content),
      })),
  );
}

/** A home's files, those with the bundle's entries as they would be. */
function withMerged(
  files: readonly InputFile[],
  home: string,
  merged: ReadonlyMap<string, Uint8Array | null>,
  model: Model,
): readonly InputFile[] {
  const folder = home.replace(/\/+$/, "");
  const result = new Map(files.map((file) => [file.path, file]));
  const kinds = new Map(homeFiles(model).map(({ path, kind }) => [path, kind]));
  for (const [path, bytes] of merged) {
    const full = `${folder}/${path}`;
    const kind = kinds.get(path);
    if (bytes === null) result.delete(full);
    else if (kind !== undefined) result.set(full, { path: full, kind, bytes });
  }
  for (const { path } of model.lists) {
    const bytes = merged.get(path);
    const full = `${folder}/${path}`;
    if (bytes !== undefined && bytes !== null) result.set(full, { path: full, kind: "list", bytes });
  }
  return [...result.values()];
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((one) => [JSON.stringify(one), one])).values()];
}
