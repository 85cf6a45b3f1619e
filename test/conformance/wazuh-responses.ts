/** What the real daemon put into its queues for agents and for execd, line by line. */

import type { AnalysedEvent } from "../../src/ossec/engine/event.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { type Clock, createClock } from "../../src/ossec/engine/local-time.js";
import { loadWazuh } from "../../src/wazuh/load/index.js";
import { AlertJson } from "../../src/wazuh/output/alert-json.js";
import { WazuhAlertText } from "../../src/wazuh/output/alert-text.js";
import { responseMessages } from "../../src/wazuh/response/index.js";
import { compare, isObject, type JsonObject, objects, text, type Verdict } from "./ossec-oracle.js";
import { homeOf, homeSource } from "./wazuh-home.js";
import { bytesOf, readWazuhOracle } from "./wazuh-oracle.js";

const startTime = 1700000000;

/** A JSON text without what the recorder left out, members in their order. */
function comparable(message: unknown): string {
  const copy: unknown = JSON.parse(JSON.stringify(message));
  const parameters = isObject(copy) && isObject(copy.parameters) ? copy.parameters : {};
  const alert = isObject(parameters.alert) ? parameters.alert : {};
  const kept = Object.entries(alert).flatMap(([name, value]): [string, unknown][] => {
    if (name === "timestamp" || name === "id" || name === "manager") return [];
    if (!isObject(value)) return [[name, value]];
    // Counted over all lines of one process, of which only a part is here.
    const { firedtimes: _fired, ...rest } = value;
    if (name === "rule") return [[name, rest]];
    const { name: _name, ...own } = value;
    return [[name, name === "agent" && value.id === "000" ? own : value]];
  });
  return JSON.stringify({
    ...(isObject(copy) ? copy : {}),
    parameters: { ...parameters, alert: Object.fromEntries(kept) },
  });
}

/** An entry of alerts.log as it is recorded. */
function alertEntry(event: AnalysedEvent, clock: Clock): string {
  const pieces: string[] = [];
  new WazuhAlertText(clock).write(event, 0, { add: (piece) => pieces.push(piece) });
  return pieces
    .join("")
    .replace(/^(\*\* Alert )\d+\.0/, "$1EPOCH.N")
    .replace(/\n\d{4} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d /, "\nDATE ")
    .replace(/\n+$/, "");
}

/** Lines that the case's own alert quotes and that came before it. */
function earlierLines(record: JsonObject): readonly string[] {
  for (const { message } of objects(record.responses)) {
    const parameters = isObject(message) ? message.parameters : null;
    const alert = isObject(parameters) ? parameters.alert : null;
    if (isObject(alert) && typeof alert.previous_output === "string")
      return bytesOf(alert.previous_output).split("\n").reverse();
  }
  return [];
}

export function wazuhResponses(): readonly Verdict[] {
  const record = readWazuhOracle("active_response.json");
  if (!isObject(record)) return [];
  const loaded = loadWazuh(homeSource(homeOf(record.files)));
  const engine = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "daemon" });
  const json = new AlertJson({ ownHostname: "vm", clock: createClock("UTC"), showsLevelZero: false });
  const versions = isObject(record.agents) ? Object.entries(record.agents) : [];
  const agents = new Map(versions.map(([id, version]) => [id.padStart(3, "0"), text(version)]));
  const alert: Parameters<typeof responseMessages>[1]["alert"] = (event, number) => json.write(event, number);
  // Texts for old agents were not put down with their cases.
  const unplaced = objects(record.unplaced).map((entry) => text(entry.text));
  let time = startTime;
  const verdicts: Verdict[] = [];
  for (const entry of objects(record.cases)) {
    const location = bytesOf(entry.location);
    const said: string[] = [];
    const alerts: string[] = [];
    const texts: string[] = [];
    for (const line of earlierLines(entry)) engine.process(line, time, location);
    for (let count = 0; count < Number(entry.times); count++) {
      time += 1;
      const event = engine.process(bytesOf(entry.line), time, location);
      if (event.kind !== "event") continue;
      if (event.alert) {
        alerts.push(`${event.rule?.id ?? ""}`);
        texts.push(alertEntry(event, engine.clock));
      }
      for (const message of responseMessages(event, { conf: loaded.conf, agents, alert }, 1)) {
        if (message.kind !== "message") continue;
        const utf8 = Buffer.from(message.prefix + message.text, "latin1").toString("utf8");
        if (message.text.startsWith("{"))
          said.push(
            `${message.queue} ${message.prefix}${comparable(JSON.parse(utf8.slice(message.prefix.length)))}`,
          );
        else if (!unplaced.includes(utf8.replace(`${time}.1 `, "EPOCH.N "))) said.push(utf8);
      }
    }
    const expected = objects(entry.responses).map(
      ({ queue, prefix, message }) => `${text(queue)} ${text(prefix)}${comparable(message)}`,
    );
    const differs = JSON.stringify(said) !== JSON.stringify(expected);
    const wrong = JSON.stringify(alerts) !== JSON.stringify(entry.alerts);
    verdicts.push({
      family: "wazuh responses",
      name: `${location} ${text(entry.line).slice(0, 100)}`,
      difference: differs
        ? `${expected.join("\n      ")}\n   here ${said.join("\n      ")}`
        : wrong
          ? `alerts ${JSON.stringify(entry.alerts)}, here ${alerts.join(", ")}`
          : compare(texts, Array.isArray(entry.alertText) ? entry.alertText.map(bytesOf) : []),
    });
  }
  return verdicts;
}
