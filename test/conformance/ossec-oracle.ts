/**
 * What the real OSSEC said, beside what zopf says. Shared by the conformance tests and by
 * `bench/conformance.ts`; the records are in ../shared/oracle/ossec (README there).
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EngineVersion } from "../../src/model/model.js";
import type { LoadedOssec } from "../../src/ossec/definitions.js";
import {
  createEngine,
  type Engine,
  type EngineEvent,
  type EngineOptions,
  patternProblems,
} from "../../src/ossec/engine/index.js";
import { loadOssec } from "../../src/ossec/load/index.js";
import { rulesConfig } from "../ossec/load/minimal-tree.js";

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const shared = join(repository, "..", "shared");
const oracle = join(shared, "oracle", "ossec");
const ruleset = join(shared, "ossec-ruleset");

/** The oracle is not part of a clone. */
export const oracleIsHere = existsSync(join(oracle, "probes.json"));

export function readOracle(name: string): unknown {
  return JSON.parse(readFileSync(join(oracle, name), "utf8"));
}

/** One comparison. */
export interface Verdict {
  readonly family: string;
  readonly name: string;
  /** null: agreed. */
  readonly difference: string | null;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const count = (value: unknown): number => (typeof value === "number" ? value : 0);
export const latin1 = (utf8: string): string => Buffer.from(utf8, "utf8").toString("latin1");
export const utf8 = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");

const noRule =
  '<group name="none,"><rule id="199999" level="0"><match>zz_never_zz</match><description>x</description></rule></group>';

/** Decoders that the recorder added so that both lists exist. */
export const dummyDecoders =
  '<decoder name="zz_dummy"><prematch>zz_never_zz</prematch></decoder>\n<decoder name="zz_dummy_p"><program_name>^zz_never_zz</program_name></decoder>\n';

/** The stock file where it is there: a clone has the same roots under other descriptions. */
function categoryRoots(): Uint8Array {
  const stock = join(ruleset, "rules", "rules_config.xml");
  return existsSync(stock) ? readFileSync(stock) : Buffer.from(rulesConfig);
}

const minimalConf =
  "<ossec_config><rules><include>rules_config.xml</include><include>local_rules.xml</include></rules>" +
  "<alerts><log_alert_level>1</log_alert_level><email_alert_level>7</email_alert_level></alerts></ossec_config>\n";

/** An OSSEC home in memory. */
export type Home = ReadonlyMap<string, Uint8Array>;

function contentOf(value: unknown): Uint8Array | null {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (isObject(value)) return Buffer.from(text(value.base64), "base64");
  return null;
}

/** The minimal tree of the oracle's README with the files of a record over it. */
export function minimalHome(files: JsonObject): Home {
  const tree = new Map<string, Uint8Array>([
    ["rules/rules_config.xml", categoryRoots()],
    ["rules/local_rules.xml", Buffer.from(noRule)],
    ["etc/decoder.xml", Buffer.from(dummyDecoders)],
    ["etc/ossec.conf", Buffer.from(minimalConf)],
  ]);
  for (const [path, value] of Object.entries(files)) {
    const content = contentOf(value);
    if (content === null) tree.delete(path);
    else tree.set(path, content);
  }
  return tree;
}

let stock: Home | undefined;

/** The stock rule set as an OSSEC home. */
export function stockHome(): Home {
  if (stock !== undefined) return stock;
  const names = readFileSync(join(ruleset, "rules.txt"), "utf8")
    .split("\n")
    .filter((name) => name !== "");
  const includes = names.map((name) => `<include>${name}</include>`).join("");
  const conf =
    `<ossec_config><rules>${includes}</rules>` +
    "<alerts><log_alert_level>1</log_alert_level><email_alert_level>7</email_alert_level></alerts></ossec_config>\n";
  const files = new Map<string, Uint8Array>([
    ["etc/decoder.xml", readFileSync(join(ruleset, "decoder.xml"))],
    ["etc/ossec.conf", Buffer.from(conf)],
  ]);
  for (const name of names) files.set(`rules/${name}`, readFileSync(join(ruleset, "rules", name)));
  stock = files;
  return stock;
}

const loadedHomes: Readonly<Record<EngineVersion, WeakMap<Home, LoadedOssec>>> = {
  "4.3": new WeakMap(),
  "3.8": new WeakMap(),
  "3.7": new WeakMap(),
};

/** Loads a home once per version. */
export function loadedHome(home: Home, version: EngineVersion): LoadedOssec {
  const known = loadedHomes[version].get(home);
  if (known !== undefined) return known;
  const loaded = loadOssec({ read: (path) => home.get(path) ?? null }, { engine: version });
  loadedHomes[version].set(home, loaded);
  return loaded;
}

/** A fresh engine on a home. */
export function freshEngine(
  home: Home,
  version: EngineVersion = "4.3",
  options: Partial<EngineOptions> = {},
): Engine {
  const loaded = loadedHome(home, version);
  const engine = createEngine(loaded, {
    ownHostname: "vm",
    timeZone: "UTC",
    mode: "logtest",
    ...options,
  });
  const [problem] = patternProblems(engine.unrunnable, loaded.written);
  if (problem !== undefined) throw new Error(`${problem.file}:${problem.line}: ${problem.message}`);
  return engine;
}

/** What a recorded event and one of ours are compared by. */
export interface Answer {
  readonly decoder: string | null;
  readonly fields: readonly (readonly [string, string])[];
  readonly rule: number | null;
  readonly level: number | null;
  readonly alert: boolean;
}

export function answerOf(event: EngineEvent): Answer | null {
  if (event.kind !== "event") return null;
  return {
    decoder: event.decoder === null ? null : utf8(event.decoder),
    fields: event.fields
      // The recorder read a line of text per field: names with a newline are not in its lists.
      .filter(([name]) => !name.includes("\n"))
      .map(([name, value]) => [utf8(name), utf8(value)]),
    rule: event.rule?.id ?? null,
    level: event.rule?.level ?? null,
    alert: event.alert,
  };
}

export function recordedAnswer(record: JsonObject): Answer {
  const pairs = Array.isArray(record.fields) ? record.fields : [];
  const name = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
  return {
    decoder: name(record.decoder),
    fields: pairs.map((pair): readonly [string, string] => [text(pair?.[0]), text(pair?.[1])]),
    rule: number(record.rule),
    level: number(record.level),
    alert: record.alert === true,
  };
}

/** null when equal, else both sides. */
export function compare(seen: unknown, recorded: unknown): string | null {
  const one = JSON.stringify(seen);
  const other = JSON.stringify(recorded);
  return one === other ? null : `zopf ${one}\n      engine ${other}`;
}
