/** The families of recorded cases, each as a list of comparisons. */

import { LogtestSession } from "../../src/logtest/index.js";
import type { EngineVersion } from "../../src/model/model.js";
import type { Engine, EngineEvent } from "../../src/ossec/engine/index.js";
import {
  answerOf,
  compare,
  count,
  dummyDecoders,
  freshEngine,
  type Home,
  isObject,
  type JsonObject,
  latin1,
  minimalHome,
  objects,
  readOracle,
  recordedAnswer,
  stockHome,
  text,
  utf8,
  type Verdict,
} from "./ossec-oracle.js";
import { loadVerdicts, oldPatterns, unitTables } from "./ossec-pattern-families.js";
import { utf8Probes } from "./ossec-utf8-family.js";

const versions: readonly EngineVersion[] = ["4.3", "3.8", "3.7"];
const fixedTime = 1700000000;

/** Runs a comparison; what is thrown is a difference. */
function verdict(family: string, name: string, difference: () => string | null): Verdict {
  try {
    return { family, name, difference: difference() };
  } catch (error) {
    return {
      family,
      name,
      difference: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

function headOf(event: EngineEvent): unknown {
  if (event.kind === "ignored") return { ignored: true };
  const { fullLog, hostname, programName, log } = event;
  return {
    full_log: utf8(fullLog),
    hostname: utf8(hostname),
    program_name: programName === null ? null : utf8(programName),
    log: utf8(log),
  };
}

function recordedHead(record: JsonObject): unknown {
  if (record.ignored === true) return { ignored: true };
  const { full_log, hostname, program_name, log } = record;
  return { full_log, hostname, program_name, log };
}

export function predecode(records = readOracle("predecode.json")): readonly Verdict[] {
  const engine = freshEngine(minimalHome({}));
  return objects(records).map((record) =>
    verdict("predecode", JSON.stringify(record.line), () =>
      compare(headOf(engine.process(latin1(text(record.line)), fixedTime)), recordedHead(record)),
    ),
  );
}

/** Differences of a run of recorded events on one engine. */
function runEvents(engine: Engine, events: readonly JsonObject[], time?: number): string | null {
  for (const [index, record] of events.entries()) {
    if (!("line" in record)) continue;
    const event = engine.process(latin1(text(record.line)), time ?? count(record.t));
    const seen = event.kind === "event" ? answerOf(event) : { kind: event.kind };
    const difference = compare(seen, recordedAnswer(record));
    if (difference !== null) return `event ${index}: ${text(record.line)}\n      ${difference}`;
  }
  return null;
}

/** The record of this probe does not carry the ossec.conf that it was made with: its level was not logged. */
const probeConf: Readonly<Record<string, JsonObject>> = {
  log_alert_level: {
    "etc/ossec.conf":
      "<ossec_config><rules><include>rules_config.xml</include><include>local_rules.xml</include></rules>" +
      "<alerts><log_alert_level>2</log_alert_level></alerts></ossec_config>",
  },
};

export function probes(records = readOracle("probes.json")): readonly Verdict[] {
  return objects(records).map((record) =>
    verdict("probes", text(record.name), () => {
      const rules = typeof record.rules === "string" ? { "rules/local_rules.xml": record.rules } : {};
      const home = minimalHome({
        "etc/decoder.xml": `${text(record.decoder)}\n${dummyDecoders}`,
        ...rules,
        ...probeConf[text(record.name)],
      });
      if (record.error !== null) return null;
      const lines = Array.isArray(record.lines) ? record.lines : [];
      const events = objects(record.events).map((event, index) => ({ ...event, line: lines[index] }));
      return runEvents(freshEngine(home), events, fixedTime);
    }),
  );
}

export function sequences(records = readOracle("sequences.json")): readonly Verdict[] {
  return objects(records).flatMap((record) => {
    const home = minimalHome(isObject(record.files) ? record.files : {});
    return versions.map((version) =>
      verdict(`sequences ${version}`, text(record.name), () =>
        runEvents(freshEngine(home, version), objects(record.events)),
      ),
    );
  });
}

function stockStateless(): readonly Verdict[] {
  return objects(readOracle("stock_stateless.json")).map((record) =>
    verdict("stock_stateless", text(record.line), () => {
      const event = freshEngine(stockHome()).process(latin1(text(record.line)), fixedTime);
      if (event.kind !== "event") return event.kind;
      return (
        compare(headOf(event), recordedHead(record)) ??
        compare(answerOf(event), recordedAnswer(record)) ??
        compare(
          event.rule === null ? null : utf8(event.rule.description ?? "(null)"),
          record.description ?? null,
        )
      );
    }),
  );
}

function stockBursts(): readonly Verdict[] {
  return objects(readOracle("stock_burst15.json")).map((record) =>
    verdict("stock_burst15", text(record.line), () => {
      const engine = freshEngine(stockHome());
      const seen = { rules: [] as unknown[], levels: [] as unknown[], alerts: [] as unknown[] };
      for (let second = 0; second < 15; second += 1) {
        const event = engine.process(latin1(text(record.line)), fixedTime + second);
        if (event.kind !== "event") return event.kind;
        seen.rules.push(event.rule?.id ?? null);
        seen.levels.push(event.rule?.level ?? null);
        seen.alerts.push(event.alert);
      }
      const { rules, levels, alerts } = record;
      return compare(seen, { rules, levels, alerts });
    }),
  );
}

function upstream(): readonly Verdict[] {
  return objects(readOracle("upstream-cases.json")).map((record) =>
    verdict("upstream-cases", `${text(record.file)} ${text(record.section)} ${count(record.index)}`, () => {
      const event = freshEngine(stockHome()).process(latin1(text(record.line)), fixedTime);
      if (event.kind !== "event") return event.kind;
      const { rule, level, decoder } = record;
      const seen = { rule: event.rule?.id ?? null, level: event.rule?.level ?? null, decoder: event.decoder };
      return compare(seen, { rule, level, decoder });
    }),
  );
}

const banner = /^(?:YYYY\/MM\/DD hh:mm:ss ossec-testrule: INFO: [^\n]*\n)*/;

function printed(
  home: Home,
  lines: readonly string[],
  time: number,
  mode: "text" | "verbose" | "alerts",
): string {
  const session = new LogtestSession(freshEngine(home), {
    format: "text",
    alerts: mode === "alerts",
    verbose: mode === "verbose",
    control: false,
    now: () => time,
  });
  let output = session.begin();
  for (const line of lines) output += session.line(latin1(line));
  return utf8(output);
}

function goldenTexts(): readonly Verdict[] {
  const golden = readOracle("golden_text.json");
  if (!isObject(golden)) return [];
  const lines = objects(golden.lines);
  const verdicts = lines.flatMap((record) => {
    const name = text(record.name);
    const seen = (mode: "text" | "alerts") =>
      printed(stockHome(), [text(record.line)], count(record.t), mode);
    return [
      verdict("golden_text", `${name}, text`, () => compare(seen("text"), text(record.text))),
      verdict("golden_text", `${name}, alerts`, () => compare(seen("alerts"), text(record.alertText))),
    ];
  });
  const all = lines.map((record) => text(record.line));
  verdicts.push(
    verdict("golden_text", "stock session, alerts", () =>
      compare(printed(stockHome(), all, fixedTime, "alerts"), text(golden.stockSessionAlerts)),
    ),
  );
  return [...verdicts, ...goldenSession(isObject(golden.session) ? golden.session : {})];
}

/** The texts that are recorded of a session on a tree of its own. */
export function goldenSession(session: JsonObject): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  const home = minimalHome(isObject(session.files) ? session.files : {});
  const own = Array.isArray(session.lines) ? session.lines.map(text) : [];
  for (const [mode, key] of [
    ["text", "text"],
    ["verbose", "verboseText"],
    ["alerts", "alertText"],
  ] as const) {
    if (session[key] === undefined) continue;
    verdicts.push(
      verdict("golden_text", `own session, ${mode}`, () =>
        compare(printed(home, own, fixedTime, mode), text(session[key]).replace(banner, "")),
      ),
    );
  }
  return verdicts;
}

/** What a record says of an older version; null: the same as of 4.3. */
function olderRecord(record: JsonObject, version: EngineVersion): JsonObject | null {
  const older = isObject(record.older) ? record.older[`${version}.0`] : null;
  return isObject(older) ? older : null;
}

function compareOlder(
  home: Home,
  version: EngineVersion,
  record: JsonObject,
  older: JsonObject,
): string | null {
  const events = objects(record.events);
  const recorded = objects(older.events);
  if (recorded.length > 0) {
    const merged = events.map((event, index) => ({ ...event, ...recorded[index] }));
    return runEvents(freshEngine(home, version), merged);
  }
  const seen = new Set<number>();
  let last: number | null = null;
  const engine = freshEngine(home, version);
  for (const event of events) {
    const result = engine.process(latin1(text(event.line)), count(event.t));
    last = result.kind === "event" ? (result.rule?.id ?? null) : null;
    if (last !== null) seen.add(last);
  }
  const rulesSeen = [...seen].sort((one, other) => one - other);
  return compare({ lastRule: last, rulesSeen }, { lastRule: older.lastRule, rulesSeen: older.rulesSeen });
}

export function verdictEvents(records = readOracle("config_verdicts.json")): readonly Verdict[] {
  const run = objects(records).filter((record) => Array.isArray(record.events));
  return run.flatMap((record) => {
    const home = minimalHome(isObject(record.files) ? record.files : {});
    const died = typeof record.runExit === "string";
    return versions.map((version) =>
      verdict(`config_verdicts ${version}`, text(record.name), () => {
        const older = version === "4.3" ? null : olderRecord(record, version);
        if (older !== null) return compareOlder(home, version, record, older);
        const engine = freshEngine(home, version);
        const difference = runEvents(engine, objects(record.events));
        return died && difference?.includes('"kind":"crash"') === true ? null : difference;
      }),
    );
  });
}

/** Every family by its name. */
export const families: Readonly<Record<string, () => readonly Verdict[]>> = {
  predecode,
  probes,
  sequences,
  stockStateless,
  stockBursts,
  upstream,
  goldenTexts,
  verdictEvents,
  loadVerdicts,
  unitTables,
  oldPatterns,
  utf8Probes,
};
