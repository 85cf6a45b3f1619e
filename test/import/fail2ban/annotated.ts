/** The lines that fail2ban's users annotated (../shared/oracle/service-logs), and what an imported filter makes of them. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { compileDraft } from "../../../src/import/compile-draft.js";
import type { Draft } from "../../../src/import/draft.js";
import { IniFiles } from "../../../src/import/fail2ban/config.js";
import { detectionsOf } from "../../../src/import/fail2ban/detections.js";
import { readFilter } from "../../../src/import/fail2ban/filter.js";
import { type FilterForms, formsOf } from "../../../src/import/fail2ban/forms.js";
import { lineEngines } from "../../../src/import/fail2ban/line-engine.js";
import { createEngine, type Engine } from "../../../src/ossec/engine/index.js";
import { loadGenerated } from "../../../src/targets/generated.js";
import { emitAll } from "../../../src/targets/index.js";
import { repository } from "../../zeek/helpers.js";

const shared = join(repository, "..", "shared");
const linesFolder = join(shared, "oracle", "service-logs", "lines");
export const filterFolder = join(shared, "foreign", "fail2ban", "filter.d");

/** Whether lines and filters are here. */
export const haveLines = existsSync(linesFolder) && existsSync(filterFolder);

/** Files of lines whose filter is here. */
export function lineFiles(): readonly string[] {
  return readdirSync(linesFolder).filter(
    (name) =>
      statSync(join(linesFolder, name)).isFile() && existsSync(join(filterFolder, `${filterOf(name)}.conf`)),
  );
}

export const filterOf = (file: string): string => (file === "sshd-journal" ? "sshd" : file);

interface Annotated {
  readonly line: string;
  readonly match: boolean;
  readonly host: string | null;
}

type Options = ReadonlyMap<string, string>;

export interface Group {
  readonly options: Options;
  readonly lines: readonly Annotated[];
}

function optionsOf(text: string): readonly Options[] {
  const value: unknown = JSON.parse(text);
  return (Array.isArray(value) ? value : [value]).map(
    (one: unknown) =>
      new Map(
        Object.entries(typeof one === "object" && one !== null ? one : {}).map(([key, own]) => [
          key,
          String(own),
        ]),
      ),
  );
}

/** The lines below each set of options. */
export function groupsOf(file: string): readonly Group[] {
  const groups = new Map<string, { options: Options; lines: Annotated[] }>();
  let always: Options = new Map();
  let current: readonly Options[] = [new Map()];
  let mark: ReadonlyMap<string, unknown> | null = null;
  for (const line of readFileSync(join(linesFolder, file), "utf8").split("\n")) {
    const found = /^#\s*(?:.*\s)?(fileOptions|filterOptions):\s*(.*)$/.exec(line);
    const judged = /^#\s*failJSON:\s*(.*)$/.exec(line);
    if (found !== null) {
      const options = optionsOf(found[2] ?? "{}");
      if (found[1] === "fileOptions") always = options[0] ?? always;
      else current = options;
    } else if (judged !== null) mark = new Map(Object.entries(JSON.parse(judged[1] ?? "{}")));
    else if (line.trim() !== "" && !line.startsWith("#")) {
      if (mark === null) continue;
      for (const own of current) {
        const options = new Map([...always, ...own]);
        if (!holds(mark.get("constraint"), file, options)) continue;
        const key = JSON.stringify([...options]);
        const group = groups.get(key) ?? { options, lines: [] };
        groups.set(key, group);
        const host = mark.get("host");
        const prefix = options.get("test.prefix-line") ?? "";
        group.lines.push({
          line: prefix + line,
          match: mark.get("match") === true,
          host: typeof host === "string" ? host : null,
        });
      }
      mark = null;
    }
  }
  return [...groups.values()];
}

function holds(constraint: unknown, file: string, options: Options): boolean {
  if (typeof constraint !== "string") return true;
  if (constraint.startsWith("name ==")) return constraint.includes(`'${filterOf(file)}'`);
  const aggressive = options.get("mode") === "aggressive";
  return constraint.includes("!=") ? !aggressive : aggressive;
}

/** What became of a line. */
export type Verdict =
  | "same"
  /** It matched, and its client is known by a name alone. */
  | "name"
  /** It matched by something in another line, or in several lines together. */
  | "session"
  /** It is not taken, and an expression that was refused takes it. */
  | "refused"
  /** Wrong: taken or not, or another address. */
  | "wrong";

export interface Outcome {
  readonly file: string;
  readonly options: string;
  readonly line: string;
  readonly verdict: Verdict;
  readonly expected: string | null;
  readonly found: string | null;
}

export const isAddress = (text: string): boolean => /^[0-9a-f.]*[:.][0-9a-f.:]*$/i.test(text);
export const canonical = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, "")
    .replace(/\b0+(?=\d)/g, "");

export type EngineOf = (draft: Draft) => Engine;

/** The emitted files of a draft in the engine. */
export function engineOf(draft: Draft): Engine {
  const compiled = compileDraft(draft);
  if (!compiled.ok)
    throw new Error(compiled.diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  const { model } = compiled.entry;
  return createEngine(loadGenerated(model, emitAll(model)), {
    ownHostname: "own",
    timeZone: "UTC",
    mode: "logtest",
  });
}

export function draftOf(forms: FilterForms, dialect: "ossec" | "wazuh"): Draft | null {
  const { detections } = detectionsOf(forms, {
    base: "Filter",
    jail: "filter",
    log: null,
    groups: ["fail2ban"],
  });
  if (detections.length === 0) return null;
  return {
    settings: {
      name: "filter",
      ossec:
        dialect === "ossec" ? { home: "/var/ossec", decodersFirst: true } : { home: "/var/ossec", dialect },
      neverBlock: [],
      ownAddresses: [],
    },
    comments: [],
    modules: [
      {
        name: "filter",
        comments: [],
        constants: [],
        detections: detections.map(({ drafted }) => drafted),
        raw: [],
      },
    ],
    lists: [],
    responses: [],
    refused: [],
  };
}

const time = Date.UTC(2026, 10, 14, 18, 10) / 1000;

/** Runs the lines of a file through its filter as it is imported. */
export function judge(file: string, dialect: "ossec" | "wazuh"): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (const { options, lines } of groupsOf(file)) {
    const given = new Map([...options].filter(([name]) => !name.startsWith("test.")));
    const files = new IniFiles((path) => path);
    const filter = readFilter(filterFolder, { name: filterOf(file), options: given }, files);
    if (filter === null) throw new Error(`no filter ${file}`);
    const forms = formsOf(filter, lineEngines[dialect]);
    const draft = draftOf(forms, dialect);
    const engine = draft === null ? null : engineOf(draft);
    for (const { line, match, host } of lines) {
      const event = engine?.process(Buffer.from(line, "utf8").toString("latin1"), time);
      const fired =
        event?.kind === "event" && event.rule !== null && event.rule !== undefined && event.rule.level === 5;
      const address = fired && event?.kind === "event" ? (new Map(event.fields).get("srcip") ?? "") : null;
      const expected = match ? (host ?? "(none)") : null;
      const outcome = (verdict: Verdict): void => {
        outcomes.push({
          file,
          options: JSON.stringify(Object.fromEntries(given)),
          line,
          verdict,
          expected,
          found: address,
        });
      };
      if (expected === null) outcome(address === null ? "same" : "wrong");
      else if (address !== null && canonical(address) === canonical(expected)) outcome("same");
      else if (!isAddress(expected) && host !== null)
        outcome(address === null || address === "" ? "name" : "wrong");
      else if (address === null && (host === null || !line.includes(host))) outcome("session");
      else if (address === null && forms.refused.some(({ session }) => !session)) outcome("refused");
      else if (address === null && forms.refused.some(({ session }) => session)) outcome("session");
      else outcome("wrong");
    }
  }
  return outcomes;
}
