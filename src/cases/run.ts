import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { CompiledBundle } from "../compiler/compile.js";
import { compileBundles } from "../compiler/compile.js";
import { selectAnalysis } from "../compiler/select-target.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { StepWatch } from "../files/reading-watch.js";
import type { Model } from "../model/model.js";
import { codes as replayCodes } from "../replay/codes.js";
import { type ReplayInput, replay, silences } from "../replay/replay.js";
import type { TimelineEvent } from "../replay/timeline.js";
import type { Why } from "../replay/why.js";
import { type CaseFile, checkReferences, type Expectation, momentOf, readCase } from "./case-file.js";
import { codes } from "./codes.js";
import { type Failure, judge } from "./judge.js";

export interface CaseResult {
  /** The bundle's file, as shown. */
  readonly bundle: string;
  /** Name of the case's folder. */
  readonly case: string;
  readonly status: "passed" | "failed" | "invalid";
  readonly failures: readonly Failure[];
  /** Why detections did what they did: all of them with `why`, else those that the case misses; absent: none. */
  readonly why?: readonly Why[];
}

export interface TestReport {
  readonly cases: readonly CaseResult[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface TestOptions {
  /** Bundle files. */
  readonly bundles: readonly string[];
  readonly cache: boolean;
  /** Whether rows and lines are followed through all conditions in every case (default false). */
  readonly why?: boolean;
  /** Where it stops the run, the cases that were played so far come out. */
  readonly watch?: Pick<StepWatch, "stopped">;
  readonly show: (path: string) => string;
}

/** Of dates without a year in a case that names none; it has a 29 February. */
const yearOfCases = 2024;

/** What one case saw: for `--update`. */
export interface Observed {
  readonly path: string;
  /** As in the result. */
  readonly bundle: string;
  readonly case: string;
  readonly file: CaseFile;
  readonly seen: readonly TimelineEvent[];
  /** It is not what the case expects. */
  readonly failed: boolean;
}

/** Runs every case beside the bundles (docs/reference/cli.md#test). */
export async function runCases(
  options: TestOptions,
  observe: (observed: Observed) => void = () => undefined,
): Promise<TestReport> {
  const compiled = await compileBundles(options.bundles, { show: options.show, cache: options.cache });
  return runCompiledCases(options, compiled.bundles, compiled.diagnostics, observe);
}

/** The same for bundles that are compiled already. */
export async function runCompiledCases(
  options: TestOptions,
  bundles: readonly CompiledBundle[],
  compileDiagnostics: readonly Diagnostic[] = [],
  observe: (observed: Observed) => void = () => undefined,
): Promise<TestReport> {
  // What `build` warns of is reported there.
  const diagnostics: Diagnostic[] = compileDiagnostics.filter(({ severity }) => severity === "error");
  const cases: CaseResult[] = [];
  const folders = new Set(options.bundles.map((file) => dirname(resolve(file))));
  let found = 0;
  for (const folder of folders) {
    // Those of the folder that were not asked for count too: a case must say which one it is for.
    const here = bundles.filter(({ file }) => dirname(file) === folder);
    const others = bundleNames(folder);
    for (const name of caseNames(folder)) {
      if (options.watch !== undefined) await new Promise((resolve) => setImmediate(resolve));
      if (options.watch?.stopped() === true) break;
      const path = join(folder, "cases", name, "case.json");
      found += 1;
      const shown = options.show(path);
      const read = await readCase(path, shown);
      if (!read.ok) {
        diagnostics.push(...read.diagnostics);
        cases.push({ bundle: options.show(folder), case: name, status: "invalid", failures: [] });
        continue;
      }
      const chosen = chooseBundle(read.value, here, others);
      if (chosen === "other") {
        found -= 1;
        continue;
      }
      if (chosen === "unclear" || chosen === "unknown") {
        diagnostics.push(
          codes.bundle(
            { file: shown, line: 1, column: 1 },
            chosen === "unclear"
              ? `the folder has several bundles (${others.join(", ")}) and the case does not say which it is for`
              : `the case is for "${read.value.bundle}", but no bundle of that name is in its folder`,
            'name one: "bundle": "perimeter.zopf.ts"',
          ),
        );
        cases.push({ bundle: options.show(folder), case: name, status: "invalid", failures: [] });
        continue;
      }
      if (chosen === "failed") {
        cases.push({ bundle: options.show(folder), case: name, status: "invalid", failures: [] });
        continue;
      }
      const hosts = here.filter(({ file }) => file === chosen.file);
      const selected = selectAnalysis(hosts, read.value.target ?? null, options.show);
      if (!selected.ok) {
        diagnostics.push(...selected.diagnostics);
        cases.push({ bundle: options.show(chosen.file), case: name, status: "invalid", failures: [] });
        continue;
      }
      cases.push(await runCase(selected.bundle, name, path, read.value, options, diagnostics, observe));
    }
  }
  if (found === 0)
    diagnostics.push(
      codes.none(
        { file: options.show([...folders][0] ?? "."), line: 1, column: 1 },
        "no case was found: cases/<name>/case.json beside the bundle",
        "docs/cases.md tells what goes into one",
      ),
    );
  return { cases, diagnostics };
}

async function runCase(
  bundle: CompiledBundle,
  name: string,
  path: string,
  file: CaseFile,
  options: TestOptions,
  diagnostics: Diagnostic[],
  observe: (observed: Observed) => void,
): Promise<CaseResult> {
  const shownBundle = options.show(bundle.file);
  const references = checkReferences(file, bundle.model, options.show(path));
  if (references.length > 0) {
    diagnostics.push(...references);
    return { bundle: shownBundle, case: name, status: "invalid", failures: [] };
  }
  const here = (paths: readonly string[] | undefined): readonly string[] =>
    (paths ?? []).map((one) => options.show(resolve(dirname(path), one)));
  const seen: TimelineEvent[] = [];
  const input: ReplayInput = {
    model: bundle.model,
    files: bundle.files,
    zeek: here(file.zeek),
    syslog: here(file.syslog),
    ossec: file.ossec === undefined ? null : resolve(dirname(path), file.ossec),
    engine: file.engine ?? null,
    year: file.year ?? yearOfCases,
    assumeDate: file.assumeDate === undefined ? null : momentOf(file.assumeDate),
    reorder: null,
    // A case gives the same in every clone: nothing is taken from the host's zone, nor from a file's time.
    timeZone: "UTC",
    why: options.why ?? false,
    show: options.show,
  };
  const outcome = await replay(input, (event) => {
    seen.push(event);
  });
  diagnostics.push(...outcome.diagnostics.filter(({ severity }) => severity !== "info"));
  if (!outcome.ok) return { bundle: shownBundle, case: name, status: "invalid", failures: [] };
  if (outcome.diagnostics.some(({ code }) => code === replayCodes.noInput.code))
    return { bundle: shownBundle, case: name, status: "invalid", failures: [] };
  const { failures, wanting, warnings } = judge(file, seen);
  const missed = missedDetections(bundle.model, wanting);
  const why =
    options.why === true
      ? outcome.why
      : missed.size === 0
        ? []
        : (await silences(input, outcome)).filter(({ detection }) => missed.has(detection));
  observe({ path, bundle: shownBundle, case: name, file, seen, failed: failures.length > 0 });
  for (const warning of warnings)
    diagnostics.push(
      codes.unexpected({ file: options.show(path), line: 1, column: 1 }, `unexpected: ${warning.seen}`),
    );
  const status = failures.length === 0 ? "passed" : "failed";
  return { bundle: shownBundle, case: name, status, failures, ...(why.length === 0 ? {} : { why }) };
}

/** The detections that expectations speak of; all of them where one says only who, or when. */
function missedDetections({ detections }: Model, wanting: readonly Expectation[]): ReadonlySet<string> {
  const names = detections.map(({ name }) => name);
  return new Set(
    wanting.flatMap(({ detection, rule, note }) => {
      if (detection !== undefined) return [detection];
      const found = detections.filter(
        (one) => one.rule.id === rule || (one.kind === "zeek" && one.note === note),
      );
      if (found.length > 0) return found.map(({ name }) => name);
      return rule === undefined && note === undefined ? names : [];
    }),
  );
}

/** Which bundle a case is for. "other": one of the folder that was not asked for. */
function chooseBundle(
  file: CaseFile,
  here: readonly CompiledBundle[],
  names: readonly string[],
): CompiledBundle | "other" | "unclear" | "unknown" | "failed" {
  if (file.bundle === undefined) {
    if (names.length > 1) return "unclear";
    return here[0] ?? "failed";
  }
  const wanted = basename(file.bundle);
  if (!names.includes(wanted)) return "unknown";
  return here.find((bundle) => basename(bundle.file) === wanted) ?? "other";
}

function bundleNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".zopf.ts"))
      .sort();
  } catch {
    return [];
  }
}

function caseNames(folder: string): readonly string[] {
  try {
    return readdirSync(join(folder, "cases"))
      .filter((name) => hasEntry(join(folder, "cases", name), "case.json"))
      .sort();
  } catch {
    return [];
  }
}

/** Whether a folder holds a name, be it a link that leads nowhere. */
function hasEntry(folder: string, name: string): boolean {
  try {
    return readdirSync(folder).includes(name);
  } catch {
    return false;
  }
}
