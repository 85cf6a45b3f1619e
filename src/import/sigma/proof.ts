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
import type { ZeekLog } from "./log-columns.js";
import { messagesFor, type Row, rowsFor } from "./samples.js";

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
    const byLog = new Map<ZeekLog | null, Translated[]>();
    for (const one of translated) byLog.set(one.log, [...(byLog.get(one.log) ?? []), one]);
    for (const [log, rules] of byLog) {
      if (watch?.stopped() === true) break;
      if (log === null) await proveLines(rules, emitted, verdict);
      else await proveRows(rules, log, emitted, folder, verdict);
    }
    return verdict.proof();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Verdict {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #rules: readonly Translated[];
  readonly #answered = new Set<Translated>();
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
    if (expected) this.#answered.add(rule);
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
    const open = this.#rules.filter((one) => !this.#answered.has(one));
    const unproven = open.map(({ rule: { title, place } }) =>
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

/** Every rule about a log against all rows that were made for one of them. */
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
  for (const event of await played(emitted, [file], verdict.reading))
    if (event.kind === "notice") seen.add(`${event.detection} ${event.lineNumber}`);
  for (const rule of rules) {
    // A replay that was stopped has not seen all rows.
    if (!(await verdict.next())) return;
    for (const [at, row] of complete.entries())
      verdict.add(
        rule,
        evaluate(rule.rule.test, eventOf(row, log)),
        seen.has(`${rule.name} ${at + 1}`),
        JSON.stringify(row),
      );
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
  { model, files }: Emitted,
  verdict: Verdict,
): Promise<void> {
  const programs = new Map(rules.map(({ name }) => [name, programOf(model, name)]));
  const lines = rules.flatMap(({ rule, name }) =>
    messagesFor(rule.test).map((message) => ({ program: programs.get(name) ?? "app", message })),
  );
  const names = new Map(model.detections.map((one) => [one.rule.id, one.name]));
  const engine = createEngine(loadGenerated(model, files), {
    ownHostname: "sensor",
    timeZone: "UTC",
    mode: "logtest",
    transient: true,
  });
  for (const [at, { program, message }] of lines.entries()) {
    if (at % Math.max(1, Math.floor(lines.length / rules.length)) === 0 && !(await verdict.next())) return;
    const text = `Jan  1 00:00:00 host ${program}[1]: ${message}`;
    const event = engine.process(Buffer.from(text).toString("latin1"), firstTime + at * apart);
    const by = event.kind === "event" && event.rule !== null ? names.get(event.rule.id) : undefined;
    const fitting = rules.filter(
      ({ rule, name }) =>
        (programs.get(name) ?? program) === program && evaluate(rule.test, new Map([["message", message]])),
    );
    const speaker = rules.find(({ name }) => name === by) ?? fitting[0] ?? rules[0];
    if (speaker === undefined) continue;
    const isExpected = by === undefined ? fitting.length > 0 : fitting.includes(speaker);
    verdict.add(speaker, isExpected, by !== undefined, JSON.stringify(message));
  }
}

/** A program whose lines the detection looks at; null: any. */
function programOf(model: Emitted["model"], name: string): string | null {
  const found = model.detections.find((one) => one.name === name);
  if (found?.kind !== "rule") return null;
  const condition = found.conditions.find(({ element }) => element === "program_name");
  return /[A-Za-z-]+/.exec(condition?.value ?? "")?.[0] ?? null;
}
