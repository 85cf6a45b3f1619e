/**
 * The part of the proof that is about counts and sequences: what the emitted files raise first in each scenario has to be
 * what the slow reading of Sigma's correlations finds first.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadedOssec } from "../../ossec/definitions.js";
import { createEngine } from "../../ossec/engine/index.js";
import { loadGenerated } from "../../targets/generated.js";
import type { Emitted } from "../proof/surroundings.js";
import { foundBy } from "./correlate.js";
import { type CorrelationPart, eventsOf } from "./correlation-part.js";
import { type CorrelationEvent, CorrelationSamples, type Scenario } from "./correlation-samples.js";
import { accessFormat } from "./line-formats.js";
import type { ZeekLog } from "./log-columns.js";
import { played } from "./played.js";
import { firstTime } from "./sample-times.js";
import type { Verdict } from "./verdict.js";

interface Case {
  readonly part: CorrelationPart;
  readonly scenarios: readonly Scenario[];
}

export async function proveCorrelations(
  parts: readonly CorrelationPart[],
  emitted: Emitted,
  folder: string,
  verdict: Verdict,
  /** What is emitted beside the home that rules about access logs stand below; null: there is none. */
  home: LoadedOssec | null,
): Promise<void> {
  const samples = new CorrelationSamples(firstTime);
  const cases: Case[] = [];
  for (const part of parts) {
    if (!(await verdict.next())) return;
    cases.push({ part, scenarios: samples.of(part) });
  }
  const ofLog = ({ part }: Case): boolean => eventsOf(part)?.log !== null;
  const rows = cases.filter(ofLog);
  const lines = cases.filter((one) => !ofLog(one));
  const raised = new Map<string, Set<CorrelationEvent>>();
  const note = (name: string, event: CorrelationEvent): void => {
    const known = raised.get(name);
    if (known === undefined) raised.set(name, new Set([event]));
    else known.add(event);
  };
  if (rows.length > 0) await playRows(eventsOfAll(rows), emitted, folder, verdict, note);
  if (lines.length > 0) playLines(eventsOfAll(lines), emitted, home, note);
  if (!(await verdict.next())) return;
  for (const { part, scenarios } of cases)
    for (const { what, events } of scenarios) {
      const [wanted = null] = foundBy(part, events);
      const seen = events.findIndex((event) =>
        part.names.some((name) => raised.get(name)?.has(event) === true),
      );
      verdict.addScenario(part, what, events.length, wanted, seen < 0 ? null : seen);
    }
}

function eventsOfAll(cases: readonly Case[]): readonly CorrelationEvent[] {
  return cases.flatMap(({ scenarios }) => scenarios.flatMap(({ events }) => events));
}

type Note = (name: string, event: CorrelationEvent) => void;

async function playRows(
  events: readonly CorrelationEvent[],
  emitted: Emitted,
  folder: string,
  verdict: Verdict,
  note: Note,
): Promise<void> {
  const logs = new Map<ZeekLog, CorrelationEvent[]>();
  for (const event of events) {
    if (event.written.kind !== "row") continue;
    const { log } = event.written;
    const known = logs.get(log);
    if (known === undefined) logs.set(log, [event]);
    else known.push(event);
  }
  // By the file that they are in, line by line: a connection is raised when it has ended, not at its row's time.
  const written = new Map<string, readonly CorrelationEvent[]>();
  for (const [log, some] of logs) {
    const file = join(folder, `${log.name}.log`);
    writeFileSync(
      file,
      some.map((one) => `${one.written.kind === "row" ? JSON.stringify(one.written.row) : ""}\n`).join(""),
    );
    written.set(file, some);
  }
  for (const one of await played(emitted, [...written.keys()], verdict.reading)) {
    if ((one.kind !== "notice" && one.kind !== "alert") || one.detection === null) continue;
    const event = written.get(one.file ?? "")?.[(one.lineNumber ?? 0) - 1];
    if (event !== undefined) note(one.detection, event);
  }
}

function playLines(
  events: readonly CorrelationEvent[],
  { model, files }: Emitted,
  home: LoadedOssec | null,
  note: Note,
): void {
  const names = new Map(model.detections.map((one) => [one.rule.id, one.name]));
  const engineOf = (loaded: LoadedOssec) =>
    createEngine(loaded, { ownHostname: "sensor", timeZone: "UTC", mode: "logtest", transient: true });
  const alone = engineOf(loadGenerated(model, files));
  const within = home === null ? alone : engineOf(home);
  for (const one of events) {
    if (one.written.kind !== "line") continue;
    const line = Buffer.from(one.written.line).toString("latin1");
    const engine = one.about === accessFormat ? within : alone;
    const event = engine.process(line, Math.floor(one.time));
    const name = event.kind === "event" && event.rule !== null ? names.get(event.rule.id) : undefined;
    if (name !== undefined) note(name, one);
  }
}
