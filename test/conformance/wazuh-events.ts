/** Lines through a Wazuh home, beside what the real engine said of them (decoder_probes, rule_probes, sequences, ini_cases). */
import type { LoadedOssec } from "../../src/ossec/definitions.js";
import {
  createEngine,
  type Engine,
  type EngineEvent,
  patternProblems,
} from "../../src/ossec/engine/index.js";
import { loadWazuh } from "../../src/wazuh/load/index.js";
import { type Home, isObject, type JsonObject, objects, text, type Verdict } from "./ossec-oracle.js";
import { readWazuhOracle } from "./wazuh-oracle.js";

const clock = 1_700_000_000;

function treeOf(name: string): ReadonlyMap<string, Uint8Array> {
  const tree = readWazuhOracle(name);
  return new Map(
    Object.entries(isObject(tree) ? tree : {}).map(([path, content]) => [
      path,
      Buffer.from(text(content), "utf8"),
    ]),
  );
}

let minimal: ReadonlyMap<string, Uint8Array> | undefined;

/** The default tree of the oracle's README, with the files of a record (texts as bytes) over it; null takes one away. */
export function wazuhHome(files: unknown): Home {
  minimal ??= treeOf("default-tree.json");
  const home = new Map(minimal);
  for (const [path, content] of Object.entries(isObject(files) ? files : {})) {
    if (content === null) home.delete(path);
    else home.set(path, Buffer.from(text(content), "latin1"));
  }
  return home;
}

export function loadWazuhHome(home: Home): LoadedOssec {
  const names = [...home.keys()];
  return loadWazuh({
    read: (path) => home.get(path) ?? null,
    list: (folder) => {
      const below = names.filter((path) => path.startsWith(`${folder}/`));
      const found = new Set(below.map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""));
      return found.size === 0 ? null : [...found];
    },
  });
}

export function wazuhEngine(loaded: LoadedOssec, plain = false): Engine {
  const engine = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "logtest", plain });
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
  if (event.lastEvents.length > 0) said.previous_output = event.lastEvents.join("\n");
  if (event.previousLog !== null) said.previous_log = event.previousLog;
  return said;
}

/** The long form of a record in the same words. */
function shortOf(event: JsonObject): Said {
  if (!("out" in event)) return event;
  const out = isObject(event.out) ? event.out : {};
  const rule = isObject(out.rule) ? out.rule : null;
  const decoder = isObject(out.decoder) ? out.decoder : {};
  return {
    ...(event.log === undefined
      ? {}
      : { log: event.log, hostname: event.hostname, program_name: event.program_name }),
    ...(event.fields === undefined ? {} : { fields: event.fields }),
    decoder: decoder.name ?? null,
    parent: decoder.parent ?? null,
    ftscomment: decoder.ftscomment ?? null,
    rule: rule === null ? null : Number(rule.id),
    level: rule?.level ?? null,
    firedtimes: rule?.firedtimes ?? null,
    frequency: rule?.frequency ?? null,
    description: rule?.description ?? null,
    alert: event.alert,
    ...(out.previous_output === undefined ? {} : { previous_output: out.previous_output }),
    ...(out.previous_log === undefined ? {} : { previous_log: out.previous_log }),
  };
}

function long(event: EngineEvent): Said {
  if (event.kind !== "event") return { kind: event.kind };
  return {
    ...short(event),
    log: event.log,
    hostname: event.hostname,
    program_name: event.programName,
    parent: event.decoderParent,
    ftscomment: event.ftsComment,
  };
}

/** What differs; null: nothing. */
export function eventDifference(event: EngineEvent, record: JsonObject): string | null {
  if ("crash" in record) return event.kind === "crash" ? null : `${event.kind}, not a crash`;
  const found = "out" in record ? long(event) : short(event);
  const wanted = shortOf(record);
  const names = new Set([...Object.keys(wanted), "previous_output", "previous_log"]);
  for (const name of names) {
    if (["t", "line", "location"].includes(name)) continue;
    const one = JSON.stringify(found[name] ?? null);
    const other = JSON.stringify(wanted[name] ?? null);
    if (one !== other) return `${name}: ${one}, not ${other}`;
  }
  return null;
}

/** Runs the events of a record in a session; what differs first, or null. */
export function sessionDifference(record: JsonObject): string | null {
  const loaded = loadWazuhHome(wazuhHome(record.files));
  const refused = loaded.problems.find(({ outcome }) => !["warning", "left-out"].includes(outcome));
  if (record.status !== 0)
    return refused === undefined ? `loads, but: ${JSON.stringify(record.messages)}` : null;
  if (refused !== undefined) return `refused: ${refused.file}:${refused.line}: ${refused.message}`;
  const engine = wazuhEngine(loaded);
  let location = "stdin";
  for (const event of objects(record.events)) {
    if (typeof event.location === "string") location = event.location;
    const time = typeof event.t === "number" ? event.t : clock;
    const line = text(event.line);
    const difference = eventDifference(engine.process(line, time, location), event);
    if (difference !== null) return `${line.slice(0, 150)}\n      ${difference}`;
  }
  return null;
}

export function wazuhSessions(family: string, records: readonly JsonObject[]): readonly Verdict[] {
  return records.map((record) => ({
    family,
    name: text(record.name),
    difference: sessionDifference(record),
  }));
}
