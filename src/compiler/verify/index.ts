import { XMLValidator } from "fast-xml-parser";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import { analyses } from "../../model/hosts.js";
import type { DetectionModel, Model } from "../../model/model.js";
import type { LoadedOssec } from "../../ossec/definitions.js";
import { createEngine, type Engine } from "../../ossec/engine/index.js";
import { stopsProgram } from "../../ossec/load/index.js";
import type { EmittedFile } from "../../targets/file.js";
import { loadGenerated } from "../../targets/generated.js";
import type { HostOutput } from "../../targets/index.js";
import type { Owns } from "../../targets/manifest.js";
import { forgeable } from "../../targets/ossec/notice-lines.js";
import { engineName } from "../../targets/ossec/suite.js";
import { ownsOf } from "../../targets/owns.js";
import { packetFilter } from "../../targets/packet-filters.js";
import { blockScript } from "../../targets/script/places.js";
import { codes as linkCodes } from "../codes.js";
import { codes } from "./codes.js";
import { apart, checkBurst, checkLogSamples } from "./log-samples.js";
import { rawProblem, rawSampleProblems, withoutRaw } from "./raw.js";
import { forgeableBlocks, missingResponses, unboundProblem } from "./responses.js";
import { locationOf, sampleLines, standsAlone } from "./samples.js";
import { checkSequence } from "./sequence.js";

export interface Verified {
  readonly diagnostics: readonly Diagnostic[];
  readonly owns: Owns;
}

/** Any moment will do; it must not be the present one, for the same input gives the same result. */
const someTime = 1_781_175_852;

/**
 * Checks the emitted set as a whole: what is emitted loads in the engine of the bundle's version, and the
 * very line that each detection leads to reaches its own rule and starts its own response.
 */
export function verifyOutput(model: Model, files: readonly EmittedFile[]): Verified {
  return {
    diagnostics: [...verifyFiles(model, files, new Set()), ...warnings(model)],
    owns: ownsOf(model),
  };
}

/**
 * The same for every host of a bundle. Hosts that have the same decoders and rules decode alike: one of them
 * is tried with every line, of the others only the configuration is looked at, and one that is the same, once.
 */
export function verifyHosts(
  model: Model,
  outputs: readonly HostOutput[],
): { readonly diagnostics: readonly Diagnostic[]; readonly owns: readonly Owns[] } {
  const known = new Set<string>();
  return {
    diagnostics: [
      ...outputs.flatMap((output) => verifyFiles(output.model, output.files, known)),
      ...warnings(model),
    ],
    owns: outputs.map((output) => ownsOf(output.model)),
  };
}

/** `known`: what was verified before, by its text. */
function verifyFiles(model: Model, files: readonly EmittedFile[], known: Set<string>): readonly Diagnostic[] {
  const bundle: Span = { file: model.detections[0]?.span.file ?? model.name, line: 1, column: 1 };
  return [...ossecProblems(model, files, known, bundle), ...tables(model, files, bundle)];
}

function ossecProblems(
  model: Model,
  files: readonly EmittedFile[],
  known: Set<string>,
  bundle: Span,
): readonly Diagnostic[] {
  const xml = files.filter(({ path }) => isXml(path));
  const whole = JSON.stringify(xml.map(({ content }) => content));
  if (known.has(whole)) return [];
  known.add(whole);
  const diagnostics: Diagnostic[] = [];
  for (const file of xml) diagnostics.push(...wellFormed(withoutRaw(model, file), bundle));
  const loaded = loadGenerated(model, files);
  for (const problem of loaded.problems)
    if (stopsProgram(problem) || problem.outcome === "left-out")
      diagnostics.push(
        rawProblem(model, files, problem) ??
          codes.refused(
            bundle,
            `${engineName(model.ossec)} would ${problem.outcome === "left-out" ? "leave out" : "refuse"} ${problem.file}:${problem.line}:${problem.column}: ${problem.message}`,
            "this is a bug in zopf: please report it with the bundle",
          ),
      );
  if (diagnostics.length > 0 || !analyses(model)) return diagnostics;
  diagnostics.push(...missingResponses(model, loaded));
  const chain = JSON.stringify(xml.filter(({ path }) => path.endsWith(".xml")).map(({ content }) => content));
  if (known.has(chain))
    return [
      ...diagnostics,
      ...model.detections.flatMap((detection) => unboundRule(model, detection, loaded) ?? []),
    ];
  known.add(chain);
  const engine = createEngine(loaded, { ownHostname: "sensor", timeZone: "UTC", mode: "logtest" });
  const decoders = new Map<DetectionModel, ReadonlySet<string>>();
  const clock = { time: someTime };
  for (const detection of model.detections) {
    if (detection.kind === "log" || (detection.kind === "rule" && standsAlone(model, detection)))
      diagnostics.push(...checkLogSamples(model, detection, engine, clock));
    if (detection.kind === "sequence" && standsAlone(model, detection))
      diagnostics.push(...checkSequence(model, detection, engine, clock));
    if (detection.kind !== "zeek" && detection.kind !== "iplog") {
      const problem = unboundRule(model, detection, loaded);
      if (problem !== null) diagnostics.push(problem);
      continue;
    }
    const { problem, taken } = chainProblem(model, detection, engine, clock);
    if (problem !== null) diagnostics.push(problem);
    decoders.set(detection, taken);
  }
  diagnostics.push(...rawSampleProblems(model, engine, clock));
  // When all that they count is right.
  if (diagnostics.length === 0)
    for (const detection of model.detections) {
      const problem = detection.kind === "burst" ? checkBurst(model, detection, engine, clock) : null;
      if (problem !== null) diagnostics.push(problem);
    }
  // Log detections and bursts are judged where their patterns stand, when they are linked.
  diagnostics.push(...forgeableBlocks(model, loaded, (detection) => decoders.get(detection) ?? new Set()));
  return diagnostics;
}

/** The same as loaded, without a line. */
function unboundRule(model: Model, detection: DetectionModel, loaded: LoadedOssec): Diagnostic | null {
  const bound = loaded.ruleById.get(detection.rule.id)?.activeResponses ?? [];
  const started = bound.flatMap((index) => loaded.conf.activeResponses[index] ?? []);
  return unboundProblem(model, detection, started);
}

function isXml(path: string): boolean {
  return path.endsWith(".xml") || path.endsWith("ossec.conf");
}

/**
 * OSSEC reads more than XML does; ordinary XML tools must be able to read what we emit too. All but `&`: the
 * dialect has no entities, so a description's `&` can only stand there as it is (docs/reference/ossec.md#xml).
 */
function wellFormed(file: EmittedFile, bundle: Span): readonly Diagnostic[] {
  const result = XMLValidator.validate(`<all>${file.content.replaceAll("&", "+")}</all>`, {
    allowBooleanAttributes: false,
  });
  if (result === true) return [];
  return [
    codes.wellFormed(
      bundle,
      `${file.path}:${result.err.line}: ${result.err.msg}`,
      "this is a bug in zopf: please report it with the bundle",
    ),
  ];
}

/** What is wrong with the way of a detection's lines, and the names of the decoders that take them. */
function chainProblem(
  model: Model,
  detection: DetectionModel,
  engine: Engine,
  clock: { time: number },
): { readonly problem: Diagnostic | null; readonly taken: ReadonlySet<string> } {
  const taken = new Set<string>();
  for (const { line, source } of sampleLines(model, detection)) {
    clock.time += apart;
    const event = engine.process(line, clock.time, locationOf(model, detection));
    const seen =
      event.kind !== "event" || event.rule === null
        ? "no rule fires"
        : event.rule.id !== detection.rule.id
          ? `rule ${event.rule.id} fires`
          : event.srcip !== source
            ? `srcip is ${event.srcip ?? "not set"}`
            : null;
    if (seen !== null)
      return {
        taken,
        problem: codes.chain(
          detection.span,
          `"${detection.name}" would write ${JSON.stringify(line.slice(0, 200))}, and ${engineName(model.ossec)} does not take ${source} to rule ${detection.rule.id}: ${seen}`,
          "this is a bug in zopf: please report it with the bundle",
        ),
      };
    if (event.kind !== "event") continue;
    if (event.decoder !== null) taken.add(event.decoder);
    const problem = unboundProblem(model, detection, event.responses);
    if (problem !== null) return { taken, problem };
  }
  return { taken, problem: null };
}

/** pfctl accepts a rule for a table that nobody defines (docs/reference/firewall.md#pf), so that is checked here. */
function tables(model: Model, files: readonly EmittedFile[], bundle: Span): readonly Diagnostic[] {
  if (!model.responses.some(({ kind }) => kind === "block")) return [];
  return model.firewalls.flatMap((firewall) => {
    const { kind, table } = firewall;
    const paths = packetFilter(model, firewall)
      .files()
      .map(({ path }) => path);
    if (paths.length === 0) return [];
    const missing = [...paths, blockScript].filter(
      (name) => !(files.find((file) => file.path === name)?.content ?? "").includes(table),
    );
    return missing.map((name) => codes.table(bundle, `${name} does not name the ${kind} table ${table}`));
  });
}

function warnings(model: Model): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const detection of model.detections) {
    if (detection.kind !== "zeek") continue;
    const why = forgeable(model, detection);
    if (why !== null)
      found.push(
        linkCodes.forgeable(detection.span, why, 'use noticeLog: "dedicated", which cannot be forged'),
      );
  }
  return found;
}
