/**
 * The part of the proof that is about counts and sequences: what the emitted files raise first in each scenario has to be
 * what the slow reading of Sigma's correlations finds first.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createEngine } from "../../ossec/engine/index.js";
import { loadGenerated } from "../../targets/generated.js";
import type { Emitted } from "../proof/surroundings.js";
import { foundBy } from "./correlate.js";
import { type CorrelationPart, eventsOf } from "./correlation-part.js";
import { type CorrelationEvent, CorrelationSamples, type Scenario } from "./correlation-samples.js";
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
  const raised = new Map<string, number[]>();
  const note = (name: string, time: number): void => {
    const known = raised.get(name);
    if (known === undefined) raised.set(name, [time]);
    else known.push(time);
  };
  if (rows.length > 0) await playRows(eventsOfAll(rows), emitted, folder, verdict, note);
  if (lines.length > 0) playLines(eventsOfAll(lines), emitted, note);
  if (!(await verdict.next())) return;
  for (const { part, scenarios } of cases)
    for (const { what, events } of scenarios) {
      const [place] = foundBy(part, events);
      const wanted = place === undefined ? null : (events[place]?.time ?? null);
      const from = Math.floor(events[0]?.time ?? 0);
      const to = events.at(-1)?.time ?? 0;
      const times = part.names.flatMap((name) => raised.get(name) ?? []);
      const seen = times.filter((time) => time >= from && time <= to).sort((one, other) => one - other);
      verdict.addScenario(
        part,
        what,
        events.length,
        placeAt(events, wanted),
        placeAt(events, seen[0] ?? null),
      );
    }
}

/** Which event it was; null: none. Within a second all are one: alerts have no fractions. */
function placeAt(events: readonly CorrelationEvent[], time: number | null): number | null {
  if (time === null) return null;
  return events.findIndex((event) => Math.floor(event.time) === Math.floor(time)) + 1;
}

function eventsOfAll(cases: readonly Case[]): readonly CorrelationEvent[] {
  return cases.flatMap(({ scenarios }) => scenarios.flatMap(({ events }) => events));
}

type Note = (name: string, time: number) => void;

async function playRows(
  events: readonly CorrelationEvent[],
  emitted: Emitted,
  folder: string,
  verdict: Verdict,
  note: Note,
): Promise<void> {
  const logs = new Map<ZeekLog, string[]>();
  for (const { written } of events) {
    if (written.kind !== "row") continue;
    const known = logs.get(written.log) ?? [];
    logs.set(written.log, known);
    known.push(`${JSON.stringify(written.row)}\n`);
  }
  const files = [...logs].map(([log, lines]) => {
    const file = join(folder, `${log.name}.log`);
    writeFileSync(file, lines.join(""));
    return file;
  });
  for (const event of await played(emitted, files, verdict.reading))
    if ((event.kind === "notice" || event.kind === "alert") && event.detection !== null)
      note(event.detection, event.time);
}

function playLines(events: readonly CorrelationEvent[], { model, files }: Emitted, note: Note): void {
  const names = new Map(model.detections.map((one) => [one.rule.id, one.name]));
  const engine = createEngine(loadGenerated(model, files), {
    ownHostname: "sensor",
    timeZone: "UTC",
    mode: "logtest",
    transient: true,
  });
  for (const { written, time } of events) {
    if (written.kind !== "line") continue;
    const event = engine.process(Buffer.from(written.line).toString("latin1"), Math.floor(time));
    const name = event.kind === "event" && event.rule !== null ? names.get(event.rule.id) : undefined;
    if (name !== undefined) note(name, Math.floor(time));
  }
}
