/** Jails: which lines are counted, how many of them within which time, and how long their source is blocked. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Span } from "../../diagnostics/diagnostic.js";
import { Config, type IniFiles } from "./config.js";
import { secondsOf } from "./durations.js";
import { type NameAndOptions, nameAndOptions } from "./tags.js";

export interface Jail {
  readonly name: string;
  readonly place: Span;
  readonly filter: NameAndOptions;
  /** Files that are read, as they are written; none: the journal. */
  readonly logs: readonly string[];
  readonly fromJournal: boolean;
  readonly maxRetry: number;
  /** Seconds. */
  readonly findTime: number;
  /** Seconds; negative: for ever. */
  readonly banTime: number;
  readonly ignored: readonly string[];
  readonly ignoredPlace: Span;
  readonly banAction: string;
  readonly banActionPlace: Span;
  readonly port: string;
  /** null: each ban lasts as long as the first, or how long it lasts cannot be said. */
  readonly growth: Growth | null;
  /** What else happens, or decides. */
  readonly others: readonly { readonly what: string; readonly reason: string }[];
  readonly problems: readonly string[];
}

/** How a client's bans get longer. */
export interface Growth {
  readonly place: Span;
  /** Of the first ban, the second …: multiples of `bantime`. */
  readonly factors: readonly number[];
  /** Seconds; null: without a limit. */
  readonly longest: number | null;
}

export interface Jails {
  readonly enabled: readonly Jail[];
  /** Names of those that are not. */
  readonly disabled: readonly string[];
  /** Jails that cannot be read, and why. */
  readonly broken: readonly { readonly what: string; readonly place: Span; readonly reason: string }[];
}

function filesIn(folder: string, ending: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    // No such folder: none of its files.
    return [];
  }
}

/** The jails of a folder such as /etc/fail2ban. */
export function readJails(folder: string, files: IniFiles): Jails {
  const config = new Config(files);
  config.addAlone(join(folder, "jail.conf"));
  for (const path of filesIn(join(folder, "jail.d"), ".conf")) config.addAlone(path);
  config.addAlone(join(folder, "jail.local"));
  for (const path of filesIn(join(folder, "jail.d"), ".local")) config.addAlone(path);
  const enabled: Jail[] = [];
  const disabled: string[] = [];
  const broken: { what: string; place: Span; reason: string }[] = [];
  for (const name of config.sections) {
    if (!isOn(config.get(name, "enabled")?.text.trim() ?? "false")) {
      disabled.push(name);
      continue;
    }
    const jail = readJail(config, name);
    if ("reason" in jail) broken.push({ what: `jail ${name}`, ...jail });
    else enabled.push(jail);
  }
  return { enabled, disabled, broken };
}

function readJail(config: Config, name: string): Jail | { readonly place: Span; readonly reason: string } {
  const problems: string[] = [];
  const first = config.raw(name, config.optionsOf(name)[0] ?? "enabled")?.place;
  const place: Span = first ?? { file: "jail.conf", line: 1, column: 1 };
  const get = (option: string, otherwise: string): { readonly text: string; readonly place: Span } => {
    const value = config.get(name, option);
    if (value === null) return { text: otherwise, place };
    problems.push(...value.problems.map((problem) => `${option}: ${problem}`));
    return { text: value.text.trim(), place: value.place };
  };
  const filterText = get("filter", name);
  const filter = nameAndOptions(filterText.text);
  if (filter === null)
    return { place: filterText.place, reason: `"${filterText.text.slice(0, 80)}" names no filter` };
  const duration = (
    option: string,
    otherwise: string,
  ): number | { readonly place: Span; readonly reason: string } => {
    const value = get(option, otherwise);
    const seconds = secondsOf(value.text);
    return (
      seconds ?? { place: value.place, reason: `${option} = ${value.text.slice(0, 60)} is no length of time` }
    );
  };
  const findTime = duration("findtime", "10m");
  if (typeof findTime !== "number") return findTime;
  const banTime = duration("bantime", "10m");
  if (typeof banTime !== "number") return banTime;
  const retry = get("maxretry", "5");
  const maxRetry = Number(retry.text);
  if (!Number.isInteger(maxRetry) || maxRetry < 1)
    return { place: retry.place, reason: `maxretry = ${retry.text.slice(0, 60)} is no number from 1 up` };
  const backend = get("backend", "auto").text;
  const growth = growthOf(get);
  const ignored = get("ignoreip", "");
  const action = get("banaction", "");
  return {
    name,
    place,
    filter,
    logs: get("logpath", "")
      .text.split("\n")
      .map((line) => line.trim().replace(/\s+(?:head|tail)$/, ""))
      .filter((line) => line !== ""),
    fromJournal: /^systemd/.test(backend),
    maxRetry,
    findTime,
    banTime,
    ignored: ignored.text.split(/[\s,]+/).filter((one) => one !== ""),
    ignoredPlace: ignored.place,
    banAction: action.text,
    banActionPlace: action.place,
    port: get("port", "").text,
    growth: growth.growth,
    others: [...othersOf(get), ...growth.others],
    problems: [...new Set(problems)],
  };
}

type Get = (option: string, otherwise: string) => { readonly text: string; readonly place: Span };

const isOn = (text: string): boolean => /^(?:1|true|yes|on)$/i.test(text);

/** Factors of the bans after the first, where nothing else is said. */
const doubling = Array.from({ length: 8 }, (_, count) => 2 ** count);

function growthOf(get: Get): Pick<Jail, "growth" | "others"> {
  const increment = get("bantime.increment", "false");
  if (!isOn(increment.text)) return { growth: null, others: [] };
  const others: { what: string; reason: string }[] = [];
  const longest = secondsOf(get("bantime.maxtime", "").text);
  const written = get("bantime.multipliers", "").text;
  const multipliers = written.split(/\s+/).map(Number);
  const factor = get("bantime.factor", "1").text;
  if (get("bantime.rndtime", "").text !== "")
    others.push({ what: "bantime.rndtime", reason: "no chance decides how long a block lasts" });
  // With multipliers the formula is not looked at.
  const formula = written === "" ? get("bantime.formula", "").text : "";
  const unreadable =
    formula !== ""
      ? "bantime.formula"
      : written !== "" && !multipliers.every((one) => Number.isFinite(one) && one > 0)
        ? "bantime.multipliers"
        : !/^\d+(?:\.\d+)?$/.test(factor) || Number(factor) === 0
          ? "bantime.factor"
          : null;
  if (unreadable !== null) {
    others.push({
      what: unreadable,
      reason: "no program computes how long a block lasts: write the lengths in escalate",
    });
    return { growth: null, others };
  }
  const factors = (written === "" ? doubling : multipliers).map((one) => one * Number(factor));
  return { growth: { place: increment.place, factors, longest }, others };
}

/** What a block does not do. */
function othersOf(get: Get): Jail["others"] {
  const others: { what: string; reason: string }[] = [];
  const command = get("ignorecommand", "").text;
  if (command !== "")
    others.push({
      what: `ignorecommand ${command}`,
      reason: "no command decides who is let off: name them in neverBlock",
    });
  // Every action but the one that bans.
  const actions = get("action", "").text.split("\n").slice(1);
  for (const line of actions) {
    const action = /^[\w.-]+/.exec(line.trim())?.[0];
    if (action !== undefined)
      others.push({ what: `action ${action}`, reason: "only bans come over: say it with a notify response" });
  }
  return others;
}
