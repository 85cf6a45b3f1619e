/**
 * The proof of an import of Sigma rules: rows of Zeek's logs and lines, made for each rule and for what lies beside it, go
 * through what was emitted, and each rule must speak of exactly those that {@link evaluate} says it holds for.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { ReadingWatch, StepWatch } from "../../files/reading-watch.js";
import { createEngine } from "../../ossec/engine/index.js";
import { replay } from "../../replay/replay.js";
import type { TimelineEvent } from "../../replay/timeline.js";
import { loadGenerated } from "../../targets/generated.js";
import { codes } from "../codes.js";
import { type Proof, stoppedProof } from "../proof/prove.js";
import type { Emitted } from "../proof/surroundings.js";
import type { Translated } from "./draft.js";
import { evaluate, type SigmaEvent } from "./evaluate.js";
import { lineEvent } from "./line-events.js";
import type { LineFormat } from "./line-formats.js";
import type { ZeekLog } from "./log-columns.js";
import type { EventRule } from "./rule.js";
import { linesFor } from "./line-samples.js";
import { type Row, rowsFor } from "./samples.js";

/** 2026-01-01; each row so much later that no notice is suppressed by the one before. */
const firstTime = 1_767_225_600;
const apart = 100_000;

export async function proveRules(
  translated: readonly Translated[],
  emitted: Emitted,
  watch?: StepWatch,
): Promise<Proof> {
  const folder = mkdtempSync(join(tmpdir(), "zopf-sigma-"));
  try {
    const verdict = new Verdict(translated, watch);
    const byLog = new Map<ZeekLog | LineFormat | null, Translated[]>();
    for (const one of translated) {
      const about = one.log ?? one.format;
      const known = byLog.get(about);
      if (known === undefined) byLog.set(about, [one]);
      else known.push(one);
    }
    for (const rules of byLog.values()) {
      const log = rules[0]?.log ?? null;
      if (log === null) await proveLines(rules, rules[0]?.format ?? null, emitted, verdict);
      else
        for (let at = 0; at < rules.length && watch?.stopped() !== true; at += together)
          await proveRows(rules.slice(at, at + together), log, emitted, folder, verdict);
    }
    return verdict.proof();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rules that are held against each other's rows and lines: with all of them a folder would take its square in time. */
const together = 60;

class Verdict {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #rules: readonly Translated[];
  readonly #answered = new Set<EventRule>();
  readonly #watch: StepWatch | undefined;
  #lines = 0;
  #same = 0;
  #rulesSeen = 0;

  constructor(rules: readonly Translated[], watch: StepWatch | undefined) {
    this.#rules = rules;
    this.#watch = watch;
  }

  /** False: the proof is stopped. What it returns is waited for. */
  async next(): Promise<boolean> {
    await this.#watch?.step(
      "proof: rule",
      Math.min(++this.#rulesSeen, this.#rules.length),
      this.#rules.length,
    );
    return this.#watch?.stopped() !== true;
  }

  /** Follows a replay: it lets signals in, and ends where the proof is stopped. */
  get reading(): ReadingWatch | undefined {
    const watch = this.#watch;
    if (watch === undefined) return undefined;
    return {
      expect: () => undefined,
      read: () => watch.step("proof: rule", Math.max(1, this.#rulesSeen), this.#rules.length),
      stopped: () => watch.stopped(),
    };
  }

  add(rule: Translated, expected: boolean, seen: boolean, shown: string): void {
    this.#lines += 1;
    if (expected) this.#answered.add(rule.rule);
    if (expected === seen) {
      this.#same += 1;
      return;
    }
    if (this.#diagnostics.length < 100)
      this.#diagnostics.push(
        codes.differs(
          rule.rule.place,
          `"${rule.rule.title}" ${expected ? "holds" : "does not hold"} for ${shown}, and ${rule.name} ${seen ? "speaks of it" : "is silent"}`,
        ),
      );
  }

  proof(): Proof {
    const open = [...new Set(this.#rules.map(({ rule }) => rule))].filter(
      (rule) => !this.#answered.has(rule),
    );
    const unproven = open.map(({ title, place }) =>
      codes.unproven(place, `no sample was made that "${title}" holds for: only that it is silent is proven`),
    );
    return {
      by: "sigma",
      lines: this.#lines,
      same: this.#same,
      differences: [],
      answered: this.#answered.size,
      unproven: [],
      behaviour: { nowBlocked: [], noLongerBlocked: [], alertsBefore: 0, alertsAfter: 0 },
      diagnostics: [...this.#diagnostics, ...(this.#watch?.stopped() === true ? [stoppedProof] : unproven)],
    };
  }
}

async function played(emitted: Emitted, zeek: readonly string[], watch: ReadingWatch | undefined) {
  const events: TimelineEvent[] = [];
  await replay(
    {
      model: emitted.model,
      files: emitted.files,
      zeek,
      syslog: [],
      ossec: null,
      engine: null,
      year: 2026,
      assumeDate: firstTime,
      reorder: null,
      timeZone: "UTC",
      nearMisses: false,
      watch,
      show: (path) => path,
    },
    (event) => {
      events.push(event);
    },
  );
  return events;
}

/** Some rules about a log against all rows that were made for one of them. */
async function proveRows(
  rules: readonly Translated[],
  log: ZeekLog,
  emitted: Emitted,
  folder: string,
  verdict: Verdict,
): Promise<void> {
  const rows = new Map<string, Row>();
  for (const { rule } of rules) for (const row of rowsFor(rule.test, log)) rows.set(JSON.stringify(row), row);
  const complete = [...rows.values()].map(
    (row, at): Row => ({
      ...fixed,
      ts: firstTime + at * apart,
      uid: `C${at}`,
      "id.orig_h": `198.${18 + ((at >> 16) & 1)}.${(at >> 8) & 255}.${at & 255}`,
      ...row,
    }),
  );
  const file = join(folder, `${log.name}.log`);
  writeFileSync(file, complete.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const seen = new Set<string>();
  const names = new Set(rules.map(({ name }) => name));
  const { model, files } = emitted;
  const detections = model.detections.filter(({ name }) => names.has(name));
  const part = { model: { ...model, detections }, files };
  for (const event of await played(part, [file], verdict.reading))
    if (event.kind === "notice") seen.add(`${event.detection} ${event.lineNumber}`);
  const events = complete.map((row) => ({ event: eventOf(row, log), shown: JSON.stringify(row) }));
  for (const rule of rules) {
    // A replay that was stopped has not seen all rows.
    if (!(await verdict.next())) return;
    for (const [at, { event, shown }] of events.entries())
      verdict.add(rule, evaluate(rule.rule.test, event), seen.has(`${rule.name} ${at + 1}`), shown);
  }
}

const fixed: Row = {
  "id.orig_p": 40000,
  "id.resp_h": "198.51.100.7",
  "id.resp_p": 80,
  proto: "tcp",
  trans_depth: 1,
  request_body_len: 0,
  response_body_len: 0,
  tags: [],
  AA: false,
  TC: false,
  RD: false,
  RA: false,
  Z: 0,
  rejected: false,
};

/** A row by the names that rules use. */
function eventOf(row: Row, log: ZeekLog): SigmaEvent {
  const event = new Map<string, string | number | readonly string[]>();
  for (const [field, column] of log.columns) {
    const value = row[column.read.slice(2)];
    if (value === undefined) continue;
    if (typeof value === "boolean") event.set(field, String(value));
    else if (column.extension !== true) event.set(field, value);
    else {
      const [, extension] = /\.([^./?#]*)(?:[?#].*)?$/.exec(String(value)) ?? [];
      if (extension !== undefined) event.set(field, extension);
    }
  }
  return event;
}

/** Of rules about lines one speaks: the first that takes the line. */
async function proveLines(
  rules: readonly Translated[],
  format: LineFormat | null,
  { model, files }: Emitted,
  verdict: Verdict,
): Promise<void> {
  const names = new Map(model.detections.map((one) => [one.rule.id, one.name]));
  const speakers = new Map(rules.map((one) => [one.name, one]));
  const programs = new Map(model.detections.map((one) => [one.name, programOf(one)]));
  // What only takes lines that rules stand below says nothing by itself.
  const grounds = new Set(model.detections.flatMap((one) => (one.kind === "log" ? [one.name] : [])));
  const engine = createEngine(loadGenerated(model, files), {
    ownHostname: "sensor",
    timeZone: "UTC",
    mode: "logtest",
    transient: true,
  });
  let time = firstTime;
  // What became several detections is one rule.
  const once = [...new Map(rules.map((one) => [one.rule, one])).values()];
  for (const [at, { rule, name }] of once.entries()) {
    if (!(await verdict.next())) return;
    const from = at - (at % together);
    const near = once.slice(from, from + together);
    const program = programs.get(name) ?? "app";
    for (const message of linesFor(rule.test, format)) {
      time += apart;
      // Access logs have no date and no program in front.
      const text = format === null ? `Jan  1 00:00:00 host ${program}[1]: ${message}` : message;
      const event = engine.process(Buffer.from(text).toString("latin1"), time);
      const answered = event.kind === "event" && event.rule !== null ? names.get(event.rule.id) : undefined;
      const by = answered !== undefined && grounds.has(answered) ? undefined : answered;
      const fields = lineEvent(message, format);
      const holds = (one: Translated): boolean =>
        (programs.get(one.name) ?? program) === program && fields !== null && evaluate(one.rule.test, fields);
      const fitting = near.filter(holds);
      const speaker = speakers.get(by ?? "") ?? fitting[0] ?? { rule, name, log: null, format };
      const isExpected = by === undefined ? fitting.length > 0 : holds(speaker);
      verdict.add(speaker, isExpected, by !== undefined, JSON.stringify(message));
    }
  }
}

/** A program whose lines the detection looks at; null: any. */
function programOf(detection: Emitted["model"]["detections"][number]): string | null {
  if (detection.kind !== "rule") return null;
  const condition = detection.conditions.find(({ element }) => element === "program_name");
  return /[A-Za-z-]+/.exec(condition?.value ?? "")?.[0] ?? null;
}
