/** What `zopf logtest` is asked for; and reading it from the command line where that is plain. */
import type { EngineVersion } from "../model/model.js";

/** `alerts-json`: objects as in Wazuh's alerts.json. */
export type LogtestFormat = (typeof logtestFormats)[number];

export interface LogtestRequest {
  readonly ossec?: string | undefined;
  /** A Wazuh home. */
  readonly wazuh?: string | undefined;
  readonly decoders?: readonly string[] | undefined;
  readonly rules?: readonly string[] | undefined;
  readonly engine: EngineVersion;
  readonly control: boolean;
  readonly verbose: boolean;
  readonly alerts: boolean;
  readonly hostname?: string | undefined;
  /** Where the lines come from; default `stdin`. */
  readonly location?: string | undefined;
  /** `rule:level:decoder` that the last line should lead to (Wazuh). */
  readonly "unit-test"?: string | undefined;
  readonly format: LogtestFormat;
  readonly output?: string | undefined;
  /** Inputs in their order; `-` is standard input. */
  readonly files: readonly string[];
}

/** The values that the two flags with a choice take; the first is the default. */
export const engineVersions = ["4.3", "3.8", "3.7"] as const;
export const logtestFormats = ["text", "json", "alerts-json"] as const;

const switches = ["control", "verbose", "alerts"] as const;
const settings = [
  "ossec",
  "wazuh",
  "engine",
  "hostname",
  "location",
  "unit-test",
  "format",
  "output",
] as const;

const isOneOf = <T extends string>(names: readonly T[], name: string): name is T =>
  names.some((known) => known === name);

/**
 * Reads a command line of nothing but known flags, each once and with a value of its own, and file names.
 * Null for every other one: whoever knows all the rules of command lines has to look at it.
 */
export function plainRequest(words: readonly string[]): LogtestRequest | null {
  const set = new Set<string>();
  const values = new Map<string, string>();
  const files: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "") return null;
    if (!word.startsWith("-")) {
      files.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    const name = word.slice(2, equals < 0 ? undefined : equals);
    if (!word.startsWith("--") || set.has(name)) return null;
    set.add(name);
    if (isOneOf(switches, name) && equals < 0) continue;
    if (!isOneOf(settings, name)) return null;
    if (equals < 0) at += 1;
    const value = equals < 0 ? words[at] : word.slice(equals + 1);
    if (value === undefined || value === "" || value.startsWith("-")) return null;
    values.set(name, value);
  }
  const engine = values.get("engine") ?? engineVersions[0];
  const format = values.get("format") ?? logtestFormats[0];
  if (!isOneOf(engineVersions, engine) || !isOneOf(logtestFormats, format)) return null;
  return {
    ossec: values.get("ossec"),
    wazuh: values.get("wazuh"),
    engine,
    control: set.has("control"),
    verbose: set.has("verbose"),
    alerts: set.has("alerts"),
    hostname: values.get("hostname"),
    location: values.get("location"),
    "unit-test": values.get("unit-test"),
    format,
    output: values.get("output"),
    files,
  };
}
