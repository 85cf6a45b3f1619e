/**
 * The minimal cases that random input found (../shared/oracle/ossec/found.json): each record through the loader, the
 * engine and logtest's text, beside what the real programs printed.
 */
import { runInNewContext } from "node:vm";
import { LogtestSession } from "../../src/logtest/index.js";
import type { EngineVersion } from "../../src/model/model.js";
import type { LoadedOssec } from "../../src/ossec/definitions.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadOssec, programVerdict } from "../../src/ossec/load/index.js";
import {
  count,
  type Home,
  type JsonObject,
  minimalHome,
  objects,
  readOracle,
  stockHome,
  text,
  type Verdict,
} from "./ossec-oracle.js";

/** No answer may take longer; a run that does is cut off and differs. */
const longestRun = 3000;

const versions: Readonly<Record<string, EngineVersion>> = { "4.3": "4.3", "3.8": "3.8", "3.7": "3.7" };

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The record's OSSEC home. Strings of found.json are bytes, one character each. */
function homeOf(record: JsonObject): Home {
  const files = typeof record.files === "object" && record.files !== null ? record.files : {};
  if ("stock" in files) return stockHome();
  const home = new Map(minimalHome({}));
  for (const [path, value] of Object.entries(files)) {
    if (typeof value === "string") home.set(path, Buffer.from(value, "latin1"));
    else if (value === null) home.delete(path);
    else home.set(path, Buffer.from(text(Object(value).base64), "base64"));
  }
  return home;
}

function load(home: Home, engine: EngineVersion): LoadedOssec {
  const source = {
    read: (path: string) => home.get(path) ?? null,
    list: (path: string) => {
      const below = [...home.keys()].filter((name) => name.startsWith(`${path}/`));
      return below.length === 0 ? null : below.map((name) => name.slice(path.length + 1));
    },
    glob: () => 0,
  };
  return loadOssec(source, { engine });
}

/** `load: error 1450+1220` and `load: crash`, as the recorder wrote them; of the numbers the first one. */
function loadingText({ problems }: LoadedOssec): string {
  const verdict = programVerdict(problems, "logtest");
  const decisive = problems.find(
    ({ outcome, programs }) => outcome !== "warning" && programs.includes("logtest"),
  );
  return `load: ${verdict} ${verdict === "error" ? (decisive?.engineMessage ?? "") : ""}`;
}

/** What logtest prints for the lines, from `full event` on, in the order of the lines; whole alerts with `-a`. */
function printed(loaded: LoadedOssec, record: JsonObject): readonly string[] {
  const engine = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "logtest" });
  const [failure] = engine.unrunnable;
  if (failure !== undefined) return [`not run: ${failure.reason}`];
  const alerts = list(record.args).includes("-a");
  let now = 0;
  const session = new LogtestSession(engine, {
    format: "text",
    alerts,
    verbose: false,
    control: false,
    now: () => now,
  });
  const answers: string[] = [];
  for (const [time, line] of list(record.lines).map(list)) {
    now = count(time);
    const answer = session.line(text(line));
    answers.push(alerts ? answer : answer.slice(Math.max(0, answer.indexOf("       full event"))).trimEnd());
    if (session.crash === null) continue;
    answers.push(`exit ${session.crash.exit}`);
    break;
  }
  return alerts ? [answers.join("")] : answers;
}

function seen(record: JsonObject, recorded: readonly string[]): readonly string[] {
  const engine = versions[text(record.version)];
  if (engine === undefined) return ["no such version"];
  const loaded = load(homeOf(record), engine);
  const [first = ""] = recorded;
  if (first.startsWith("load: ")) return [loadingText(loaded)];
  if (first.startsWith("execd -t"))
    return [`execd -t exit ${programVerdict(loaded.problems, "execd") === "ok" ? 0 : 1}`];
  if (first.startsWith("no word known")) {
    const words = Object.entries(loaded.conf.commands[0]?.expect ?? {}).filter(([, expected]) => expected);
    return [words.length === 0 ? first : words.map(([word]) => word).join(" ")];
  }
  const refused = loadingText(loaded);
  if (refused !== "load: ok ") return [refused];
  const answers = printed(loaded, record);
  if (!first.startsWith("no rule, within")) return answers;
  return answers.some((answer) => answer.includes("Rule id:")) ? answers : [first];
}

/** Of the messages about loading the first number counts: what else is said is lint's own. */
function expected(recorded: readonly string[]): readonly string[] {
  const [first = ""] = recorded;
  if (first.startsWith("load: ")) return [first.replace(/\+.*/, "")];
  return first.startsWith("execd -t") ? [first] : recorded;
}

function difference(record: JsonObject): string | null {
  const recorded = list(record.real).map(text);
  const wanted = JSON.stringify(expected(recorded));
  try {
    const run = (): string => JSON.stringify(seen(record, recorded));
    // A pattern that does not end is cut off.
    const got = String(runInNewContext("run()", { run }, { timeout: longestRun }));
    return got === wanted ? null : `zopf ${got}\n      engine ${wanted}`;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Every record: the kind is the family. */
export function foundRecords(records = readOracle("found.json")): readonly Verdict[] {
  return objects(records).map((record) => ({
    family: `found ${text(record.kind)}`,
    name: `${text(record.name)} ${text(record.version)}`,
    difference: difference(record),
  }));
}
