import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { CaseResult, Observed } from "../cases/run.js";
import { bundleFiles, isWhole } from "../compiler/build.js";
import { type CompiledBundle, type CompileResult, compileBundles } from "../compiler/compile.js";
import { outputsOf, planOutput } from "../compiler/output/write.js";
import { onlyTarget } from "../compiler/select-target.js";
import type { Diagnostic, Effect } from "../diagnostics/diagnostic.js";
import type { DiffReport } from "../diff/change.js";
import type { StepWatch } from "../files/reading-watch.js";
import type { EngineContext, LaidOut } from "../programs/context.js";
import { type EngineName, findEngine } from "../programs/find.js";
import { type Outcome, type Part, passed, plural, skipped, timed } from "../programs/outcome.js";
import { codes } from "./codes.js";
import { checkHome } from "./home.js";
import { lintGenerated } from "./lint.js";
import { sampleTexts } from "./sample-texts.js";

export interface CheckOptions {
  /** Follows the run; where it stops it, what was found so far comes out, and `check/partial` says so. */
  readonly watch?: StepWatch;
  /** Bundle files; none: every one below the working directory. */
  readonly files: readonly string[];
  readonly out: string;
  /** The OSSEC home that the bundles will live in. */
  readonly with: string | null;
  /** Only this host of bundles that have several. */
  readonly target: string | null;
  readonly requireEngines: readonly EngineName[];
  /** The mildest effect of a lint finding that fails. */
  readonly failOn: Effect;
  /** Programs named by flag; `off` switches an engine off. */
  readonly enginePaths: ReadonlyMap<EngineName, string>;
  /** Only these parts; empty: all. */
  readonly only: readonly string[];
  /** A git revision: what the bundles change on the hosts against it. */
  readonly since: string | null;
  readonly cache: boolean;
  readonly show: (path: string) => string;
}

export interface CheckReport {
  readonly parts: readonly Part[];
  readonly cases: readonly CaseResult[];
  /** What the bundles change on the hosts (`--since`). */
  readonly since: readonly DiffReport[];
  /** Those of the parts, and what kept them from running at all. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything that CI wants, in one run and from one compilation (docs/reference/cli.md#check). */
export async function check(options: CheckOptions): Promise<CheckReport> {
  const found = bundleFiles(options.files, options.out);
  if (found.diagnostics.length > 0)
    return { parts: [], cases: [], since: [], diagnostics: found.diagnostics };
  const wanted = (name: string): boolean => options.only.length === 0 || options.only.includes(name);
  const parts: Part[] = [];
  const take = async (name: string, run: () => Outcome | Promise<Outcome>): Promise<void> => {
    if (wanted(name)) parts.push(await watched(name, options, run));
  };

  // Everything else needs what is compiled, so this runs even when only other parts are wanted.
  let compiled: CompileResult = { bundles: [], sides: [], diagnostics: [], ok: false };
  const types = await watched("types", options, async () => {
    compiled = await compileBundles(found.files, { show: options.show, cache: options.cache });
    return typesOutcome(compiled, found.files.length);
  });
  if (wanted("types") || types.status === "invalid") parts.push(types);
  const { bundles, diagnostics: unknown } = onlyTarget(compiled.bundles, options.target, options.show);
  if (unknown.length > 0)
    parts.push(
      await timed("target", () => ({
        status: "invalid",
        summary: "there is no such host",
        diagnostics: unknown,
      })),
    );
  const nothing =
    bundles.length === 0 ? skipped(unknown.length > 0 ? "no such host" : "no bundle compiled") : null;
  await take("verify", () =>
    nothing !== null && !compiled.diagnostics.some(ofVerify) ? nothing : verifyOutcome(compiled),
  );
  // A bundle's output is one whole, whatever host is asked about.
  await take("build", () => nothing ?? buildOutcome(compiled, found.files, options));
  await take("lint", () => nothing ?? lintGenerated(bundles, options));
  await take("with", () => nothing ?? checkHome(bundles, options));
  const cases: CaseResult[] = [];
  const observed: Observed[] = [];
  await take("test", async () => nothing ?? (await testOutcome(compiled.bundles, options, cases, observed)));
  const since: DiffReport[] = [];
  if (options.since !== null) {
    const reference = options.since;
    await take("since", async () => nothing ?? (await sinceOutcome(bundles, reference, options, since)));
  }
  parts.push(...(await engineParts(bundles, options, observed, wanted)));
  const said = parts.flatMap(({ diagnostics }) => diagnostics);
  const isPartial = options.watch?.stopped() === true;
  return { parts, cases, since, diagnostics: isPartial ? [...said, stoppedEarly()] : said };
}

const stoppedEarly = (): Diagnostic =>
  codes.partial(
    { file: ".", line: 1, column: 1 },
    "stopped before the end: parts that are skipped were not looked at",
  );

/** A part. What runs while the run is stopped is not looked at: Ctrl-C ends the programs that it asks, too. */
async function watched(
  name: string,
  { watch }: CheckOptions,
  run: () => Outcome | Promise<Outcome>,
): Promise<Part> {
  const none = (): Outcome => skipped("stopped by Ctrl-C");
  if (watch === undefined) return timed(name, run);
  await watch.step(name);
  // Lets what is shown out, and signals in, before a part that never waits.
  await new Promise((resolve) => setImmediate(resolve));
  if (watch.stopped()) return timed(name, none);
  const part = await timed(name, run);
  return watch.stopped() ? { ...part, ...none() } : part;
}

const ofVerify = ({ code }: Diagnostic): boolean => code.startsWith("verify/");

function typesOutcome({ bundles, diagnostics }: CompileResult, files: number): Outcome {
  const mine = diagnostics.filter((one) => !ofVerify(one));
  const errors = mine.filter(({ severity }) => severity === "error").length;
  return errors > 0
    ? {
        status: "invalid",
        summary: `${files - new Set(bundles.map(({ file }) => file)).size} of ${plural(files, "bundle")} do not compile`,
        diagnostics: mine,
      }
    : passed(plural(files, "bundle"), mine);
}

function verifyOutcome({ bundles, diagnostics }: CompileResult): Outcome {
  const mine = diagnostics.filter(ofVerify);
  const errors = mine.filter(({ severity }) => severity === "error").length;
  return errors > 0
    ? { status: "failed", summary: plural(errors, "problem"), diagnostics: mine }
    : passed(`${plural(detectionCount(bundles), "detection")} from notice to response`, mine);
}

/** Hosts of one bundle have the same detections. */
function detectionCount(bundles: readonly CompiledBundle[]): number {
  const models = new Map(bundles.map(({ file, model }) => [file, model]));
  return [...models.values()].reduce((sum, { detections }) => sum + detections.length, 0);
}

/** As `build --check`, but a file that was changed by hand is stale output too. */
function buildOutcome(
  { bundles, sides }: CompileResult,
  files: readonly string[],
  { out, show }: CheckOptions,
): Outcome {
  const whole = isWhole(process.cwd(), files, out);
  const plan = planOutput(resolve(out), outputsOf(bundles), sides, { force: true, whole, show });
  if (plan.diagnostics.some(({ severity }) => severity === "error"))
    return { status: "invalid", summary: "the output cannot be compared", diagnostics: plan.diagnostics };
  const stale = [...plan.writes.map(({ path }) => path), ...plan.removes];
  if (stale.length === 0 && plan.stale.length > 0)
    return {
      status: "failed",
      summary: `${plural(plan.stale.length, "folder")} of bundles that are not built any more`,
      diagnostics: plan.diagnostics,
    };
  if (stale.length === 0) return passed(`${show(resolve(out))} is what the bundles build`, plan.diagnostics);
  return {
    status: "failed",
    summary: `${plural(stale.length, "file")} would change`,
    diagnostics: [
      ...plan.diagnostics,
      ...stale.map((path) =>
        codes.stale(
          { file: show(path), line: 1, column: 1 },
          plan.removes.includes(path) ? "is not built any more" : "is not what the bundle builds",
          "run zopf build and commit what it writes",
        ),
      ),
    ],
  };
}

async function testOutcome(
  bundles: readonly CompiledBundle[],
  { cache, show, watch }: CheckOptions,
  cases: CaseResult[],
  observed: Observed[],
): Promise<Outcome> {
  const { runCompiledCases } = await import("../cases/run.js");
  const options = {
    bundles: [...new Set(bundles.map(({ file }) => file))],
    cache,
    show,
    ...(watch === undefined ? {} : { watch }),
  };
  const report = await runCompiledCases(options, bundles, [], (one) => observed.push(one));
  cases.push(...report.cases);
  const diagnostics = [
    ...report.diagnostics.filter(({ code }) => code !== "case/none"),
    ...[...new Map(bundles.map((bundle) => [bundle.file, bundle])).values()]
      .filter(
        ({ file }) =>
          !report.cases.some((one) => one.bundle === show(file) || one.bundle === show(dirname(file))),
      )
      .map(({ file }) =>
        codes.noCases(
          { file: show(file), line: 1, column: 1 },
          "has no test case: nothing shows that it fires, or that it stays quiet",
          "docs/cases.md tells what goes into one",
        ),
      ),
  ];
  const count = (status: CaseResult["status"]) => report.cases.filter((one) => one.status === status).length;
  const invalid = count("invalid") > 0 || diagnostics.some(({ severity }) => severity === "error");
  const failed = count("failed");
  const summary = [
    plural(report.cases.length, "case"),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(count("invalid") > 0 ? [`${count("invalid")} invalid`] : []),
  ].join(", ");
  return { status: invalid ? "invalid" : failed > 0 ? "failed" : "passed", summary, diagnostics };
}

/** Tells what changes; a change is no failure. */
async function sinceOutcome(
  bundles: readonly CompiledBundle[],
  reference: string,
  { show }: CheckOptions,
  since: DiffReport[],
): Promise<Outcome> {
  const { diffSince } = await import("../diff/since.js");
  since.push(...(await diffSince(bundles, reference, show)));
  const changes = since.flatMap((report) => report.changes);
  const weaker = changes.filter(({ weakens }) => weakens).length;
  const diagnostics = since.flatMap((report) => report.diagnostics);
  const summary = `${plural(changes.length, "change")} on the hosts since ${reference}${weaker > 0 ? `, ${weaker} that weaken the defence` : ""}`;
  return diagnostics.some(({ severity }) => severity === "error")
    ? { status: "invalid", summary: `${reference} cannot be compared with`, diagnostics }
    : passed(summary, diagnostics);
}

/** The real engines. Their modules are loaded only where one is installed. */
async function engineParts(
  bundles: readonly CompiledBundle[],
  options: CheckOptions,
  observed: readonly Observed[],
  wanted: (name: string) => boolean,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const { engines } = await import("../programs/index.js");
  const scratch = mkdtempSync(join(tmpdir(), "zopf-check-"));
  try {
    let laid: readonly LaidOut[] | null = null;
    for (const { name, check: ask } of engines) {
      const required = options.requireEngines.includes(name);
      if (!wanted(name) && !required) continue;
      const found = findEngine(name, options.enginePaths);
      const part = await watched(name, options, async () => {
        if (found.kind === "missing") return skipped(found.reason);
        if (bundles.length === 0) return skipped("no bundle compiled");
        laid ??= await layOut(bundles, observed, scratch, options);
        const context: EngineContext = {
          program: found.program,
          bundles: laid,
          scratch,
          home: options.with,
          show: options.show,
        };
        return ask(context);
      });
      const isStopped = options.watch?.stopped() === true;
      const unmet =
        !isStopped && required && part.status === "skipped" && !part.summary.startsWith("no bundle has");
      parts.push(unmet ? missing(part) : part);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return parts;
}

function missing(part: Part): Part {
  return {
    ...part,
    status: "failed",
    summary: `required, but ${part.summary}`,
    diagnostics: [
      codes.required(
        { file: ".", line: 1, column: 1 },
        `${part.name} is required (--require-engines), but ${part.summary}`,
        "install it, or name its program with --engine-path",
      ),
    ],
  };
}

async function layOut(
  bundles: readonly CompiledBundle[],
  observed: readonly Observed[],
  scratch: string,
  { show }: CheckOptions,
): Promise<readonly LaidOut[]> {
  const laid: LaidOut[] = [];
  for (const bundle of bundles) {
    const folder = join(scratch, bundle.model.name, bundle.model.host?.name ?? "");
    for (const file of bundle.files) {
      const path = join(folder, file.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.content, { mode: file.mode });
    }
    laid.push({ bundle, folder, lines: await sampleTexts(bundle, observed, show) });
  }
  return laid;
}
