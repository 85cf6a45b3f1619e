/** Lines through a Wazuh home, beside what the real engine said of them (decoder_probes, rule_probes, sequences, ini_cases). */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LoadedOssec } from "../../src/ossec/definitions.js";
import {
  createClock,
  createEngine,
  type Engine,
  type EngineEvent,
  type EngineOptions,
  patternProblems,
} from "../../src/ossec/engine/index.js";
import { loadWazuh } from "../../src/wazuh/load/index.js";
import { AlertJson } from "../../src/wazuh/output/alert-json.js";
import { isObject, type JsonObject, objects, shared, text, type Verdict } from "./ossec-oracle.js";
import { homeOf, homeSource, type WazuhHome } from "./wazuh-home.js";
import { readWazuhOracle } from "./wazuh-oracle.js";

const clock = 1_700_000_000;

/** The default tree of the oracle's README, with the files of a record (texts as bytes) over it; null takes one away. */
export function wazuhHome(files: unknown): WazuhHome {
  const home = new Map(homeOf({}));
  for (const [path, content] of Object.entries(isObject(files) ? files : {})) {
    if (content === null) home.delete(path);
    else home.set(path, Buffer.from(text(content), "latin1"));
  }
  return home;
}

export const loadWazuhHome = (home: WazuhHome): LoadedOssec => loadWazuh(homeSource(home));

export function wazuhEngine(loaded: LoadedOssec, options: Partial<EngineOptions> = {}): Engine {
  const engine = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "logtest", ...options });
  const [problem] = patternProblems(engine.unrunnable, loaded.written);
  if (problem !== undefined) throw new Error(`${problem.file}:${problem.line}: ${problem.message}`);
  return engine;
}

type Said = Readonly<Record<string, unknown>>;

/** What the engine says, in the words of the records' short form. */
function short(event: EngineEvent): Said {
  if (event.kind !== "event") return { kind: event.kind };
  const { rule } = event;
  const said: Record<string, unknown> = {
    decoder: event.decoder,
    fields: event.fields,
    rule: rule?.id ?? null,
    level: rule?.level ?? null,
    firedtimes: rule === null || rule.options.noCounter ? null : event.firedTimes,
    frequency: rule === null || (rule.search === null && rule.frequency === 0) ? null : rule.frequency + 2,
    description: event.description,
    alert: event.alert,
  };
  if (event.lastEvents.length > 1) said.previous_output = event.lastEvents.join("\n");
  if (event.previousLog !== null) said.previous_log = event.previousLog;
  return said;
}

const json = new AlertJson({ ownHostname: "vm", clock: createClock("UTC"), showsLevelZero: true });

/** The long form: the JSON answer, without what the records leave out. */
function long(event: EngineEvent, record: JsonObject): Said {
  if (event.kind !== "event") return { kind: event.kind };
  const { timestamp: _, id: __, manager: ___, ...out } = JSON.parse(json.write(event, 0));
  // Wazuh's own cases are recorded without what is the same everywhere.
  const recorded = isObject(record.out) ? record.out : {};
  for (const name of ["agent", "location"]) if (!(name in recorded)) delete out[name];
  if (out.full_log === undefined) out.full_log = null;
  else if (out.full_log === record.line) delete out.full_log;
  return {
    out: orderless(out),
    alert: event.alert,
    log: event.log,
    hostname: event.hostname,
    program_name: event.programName,
    fields: event.fields,
  };
}

/** The records have the whole line, or its absence, at the end. */
function orderless(out: JsonObject): JsonObject {
  const { full_log, ...rest } = out;
  return full_log === undefined ? rest : { ...rest, full_log };
}

function differenceOf(found: Said, wanted: Said, names: Iterable<string>): string | null {
  for (const name of names) {
    const one = JSON.stringify(found[name] ?? null);
    const other = JSON.stringify(wanted[name] ?? null);
    if (one !== other) return `${name}: ${one}\n      not ${other}`;
  }
  return null;
}

/** What differs; null: nothing. */
export function eventDifference(event: EngineEvent, record: JsonObject): string | null {
  if ("crash" in record) return event.kind === "crash" ? null : `${event.kind}, not a crash`;
  const { out } = record;
  if (isObject(out)) {
    const wanted = { ...record, out: orderless(out) };
    const names = ["log", "hostname", "program_name", "fields"].filter((name) => name in record);
    return differenceOf(long(event, record), wanted, [...names, "out", "alert"]);
  }
  const names = Object.keys(record).filter((name) => !["t", "line", "location"].includes(name));
  return differenceOf(short(event), record, new Set([...names, "previous_output", "previous_log"]));
}

/** Runs the events of a record in a session on a fresh engine; what differs first, or null. */
export function eventsDifference(engine: Engine, events: unknown): string | null {
  let location = "stdin";
  for (const event of objects(events)) {
    if (typeof event.location === "string") location = event.location;
    const time = typeof event.t === "number" ? event.t : clock;
    const line = text(event.line);
    const difference = eventDifference(engine.process(line, time, location), event);
    if (difference !== null) return `${line.slice(0, 150)}\n      ${difference}`;
  }
  return null;
}

/** Loads the home of a record and runs its events; what differs first, or null. */
export function sessionDifference(record: JsonObject): string | null {
  const loaded = loadWazuhHome(wazuhHome(record.files));
  const refused = loaded.problems.find(({ outcome }) => !["warning", "left-out"].includes(outcome));
  if (record.status !== 0)
    return refused === undefined ? `loads, but: ${JSON.stringify(record.messages)}` : null;
  if (refused !== undefined) return `refused: ${refused.file}:${refused.line}: ${refused.message}`;
  return eventsDifference(wazuhEngine(loaded), record.events);
}

export function wazuhSessions(family: string, records: readonly JsonObject[]): readonly Verdict[] {
  return records.map((record) => ({
    family,
    name: text(record.name),
    difference: sessionDifference(record),
  }));
}

const ruleset = join(shared, "wazuh-ruleset");

/** The stock rule set with what Wazuh's own tests add to it (the oracle's README). */
export function stockWazuhHome(): WazuhHome {
  const home = new Map<string, Uint8Array>();
  const add = (folder: string, to: string): void => {
    for (const name of readdirSync(join(ruleset, folder), { recursive: true, encoding: "utf8" })) {
      const path = join(ruleset, folder, name);
      if (statSync(path).isFile()) home.set(`${to}/${name}`, readFileSync(path));
    }
  };
  add("decoders", "ruleset/decoders");
  add("rules", "ruleset/rules");
  add("lists", "etc/lists");
  add("etc", "etc");
  const added = readWazuhOracle("ini-tree.json");
  for (const [path, content] of Object.entries(isObject(added) ? added : {}))
    home.set(path, Buffer.from(text(content), "utf8"));
  return home;
}

/** Wazuh's own test cases; the engine for each is a fresh one. */
export function wazuhIniCases(records: readonly JsonObject[]): readonly Verdict[] {
  const loaded = loadWazuhHome(stockWazuhHome());
  let { prefilters } = wazuhEngine(loaded);
  return records.map((record) => {
    const engine = wazuhEngine(loaded, { prefilters });
    ({ prefilters } = engine);
    return {
      family: "wazuh ini_cases",
      name: `${text(record.file)} ${text(record.section)} ${text(record.name)}`,
      difference: eventsDifference(engine, record.events),
    };
  });
}
