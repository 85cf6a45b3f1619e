/** `zopf logtest` from its request to its exit status. */
import { fstatSync } from "node:fs";
import { hostname } from "node:os";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { type LoadedOssec, type RuleDefinition, type Ruleset, rulesetOf } from "../ossec/definitions.js";
import type { KnownGates } from "../ossec/engine/gates.js";
import { createEngine, patternProblems } from "../ossec/engine/index.js";
import type { Place } from "../ossec/xml/source.js";
import type { LogtestRequest } from "./arguments.js";
import { folderSource, loadConfiguration } from "./configuration.js";
import { descriptorSink } from "./descriptor-sink.js";
import { keepHome, NotedSource, readKept } from "./kept-home.js";
import { logtestProblems } from "./problems.js";
import { type Input, readInput } from "./reading.js";
import { runStream } from "./run.js";
import { LogtestSession } from "./session.js";
import type { Bundle } from "./start/start-bundle.js";

/** Writes diagnostics to standard error. */
export type Tell = (diagnostics: readonly Diagnostic[]) => Promise<void>;

/** The bundle that logtest runs from. */
export type RunningBundle = Pick<Bundle, "identity" | "keepCode">;

/** Is standard input a terminal? Making a stream of it only to ask would be dear. */
function isTerminal(): boolean {
  try {
    return fstatSync(0).isCharacterDevice() && process.stdin.isTTY;
  } catch {
    return false;
  }
}

interface Start {
  /** null: it does not load; `problems` say why. */
  readonly ruleset: Ruleset | null;
  readonly problems: readonly Diagnostic[];
  /** With the places; loaded now where the ruleset comes from an earlier run. */
  loaded(): LoadedOssec | null;
  readonly cached: boolean;
  /** What an earlier run knew of its engine's gates. */
  readonly gates?: KnownGates;
  /** To be called when its patterns are compiled: keeps it for later runs. */
  keep(gates: KnownGates): void;
}

/** Where a rule's id is written; null: its file has changed since. */
function placeOf({ id }: RuleDefinition, loaded: LoadedOssec | null): Place | null {
  const rule = loaded?.ruleById.get(id);
  return loaded === null || rule === undefined ? null : loaded.written.rule(rule).idPlace;
}

/** Loads the configuration, or takes it from an earlier run. */
function start(request: LogtestRequest, identity: string | null): Start {
  const { ossec, decoders = [], rules = [], engine } = request;
  const uncached = ossec === undefined || identity === null || decoders.length + rules.length > 0;
  const entry = uncached ? null : readKept(ossec, engine, folderSource(ossec), identity);
  if (entry !== null) {
    const loaded = () => loadConfiguration(request).loaded;
    return { ...entry, problems: [], loaded, cached: true, keep: () => undefined };
  }
  const source = uncached ? null : new NotedSource(folderSource(ossec));
  const { loaded, problems } = loadConfiguration(request, source === null ? undefined : () => source);
  const keep = (gates: KnownGates): void => {
    if (loaded === null || source === null || ossec === undefined || identity === null || problems.length > 0)
      return;
    keepHome(ossec, { ruleset: rulesetOf(loaded), gates }, source, identity);
  };
  return { ruleset: loaded, problems, loaded: () => loaded, cached: false, keep };
}

/**
 * Runs logtest. 0: every line was analysed; 2: the configuration, an input or a control line is invalid.
 *
 * @param bundle - what runs; null: nothing is kept between runs
 */
export async function runLogtest(
  request: LogtestRequest,
  tell: Tell,
  bundle: RunningBundle | null = null,
): Promise<0 | 2> {
  const { ruleset, problems, loaded, cached, gates, keep } = start(request, bundle?.identity ?? null);
  if (ruleset === null) {
    await tell(problems);
    return 2;
  }
  const engine = createEngine(ruleset, {
    engine: request.engine,
    ownHostname: request.hostname ?? (hostname().split(".")[0] || "localhost"),
    timeZone: process.env.TZ,
    mode: "logtest",
    transient: true,
    gates,
  });
  if (engine.unrunnable.length > 0) {
    const written = loaded()?.written;
    await tell(written === undefined ? [] : patternProblems(engine.unrunnable, written));
    return 2;
  }
  if (problems.length > 0) await tell(problems);

  const session = new LogtestSession(engine, { ...request, now: () => Math.floor(Date.now() / 1000) });
  const output = descriptorSink(request.output);
  const inputs: Input[] = [];
  for (const file of request.files.length === 0 ? ["-"] : request.files) {
    if (file === "-" && isTerminal()) {
      const { runPrompt } = await import("./prompt.js");
      await runPrompt(session, { input: process.stdin, output: process.stderr }, output.sink);
      continue;
    }
    const input = readInput(file);
    inputs.push(input);
    await runStream(session, input.chunks, output.sink);
    if (session.crash !== null) break;
  }
  output.close();
  keep(engine.gates);
  const told = logtestProblems(session, inputs, request.output, output.failure(), (rule) =>
    placeOf(rule, loaded()),
  );
  if (told.length > 0) await tell(told);
  if (told.some(({ severity }) => severity === "error")) return 2;
  // The first run has loaded the rules, which later ones do not.
  bundle?.keepCode(cached);
  return 0;
}
