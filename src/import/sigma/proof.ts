/**
 * The proof of an import of Sigma rules: rows of Zeek's logs and lines, made for each rule and for what lies beside it, go
 * through what was emitted, and each rule must speak of exactly those that {@link evaluate} says it holds for.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Proof } from "../proof/prove.js";
import type { ProveOptions } from "../proof/prove-import.js";
import type { Emitted } from "../proof/surroundings.js";
import type { SigmaDraft, Translated } from "./draft.js";
import { evaluate } from "./evaluate.js";
import type { LineFormat } from "./line-formats.js";
import type { ZeekLog } from "./log-columns.js";
import { played } from "./played.js";
import { proveCorrelations } from "./prove-correlations.js";
import { LineProof } from "./prove-lines.js";
import { apart, firstTime, together } from "./sample-times.js";
import { type Row, rowsFor } from "./samples.js";
import { Verdict } from "./verdict.js";
import { inHome, type SigmaHome } from "./web-home.js";
import { completeRow, eventOf } from "./zeek-events.js";

export async function proveRules(
  {
    translated,
    correlations,
    home,
  }: Pick<SigmaDraft, "translated" | "correlations"> & { readonly home?: SigmaHome | null },
  emitted: Emitted,
  options: ProveOptions,
): Promise<Proof> {
  const { watch, logs } = options;
  const folder = mkdtempSync(join(tmpdir(), "zopf-sigma-"));
  try {
    const verdict = new Verdict(translated, correlations, watch);
    const byLog = new Map<ZeekLog | LineFormat | null, Translated[]>();
    for (const one of translated) {
      const about = one.log ?? one.format;
      const known = byLog.get(about);
      if (known === undefined) byLog.set(about, [one]);
      else known.push(one);
    }
    // Rules about access logs stand below the home's own, where it has such.
    const within = home?.webGroup == null ? null : inHome(home, emitted);
    for (const rules of byLog.values()) {
      const log = rules[0]?.log ?? null;
      if (log === null) {
        const isWithin = within !== null && rules[0]?.format?.name === "access";
        const lines = new LineProof(rules, emitted, verdict, isWithin ? within : null);
        await lines.samples();
        for (const file of logs) if (watch?.stopped() !== true) await lines.log(file, options);
      } else
        for (let at = 0; at < rules.length && watch?.stopped() !== true; at += together)
          await proveRows(rules.slice(at, at + together), log, emitted, folder, verdict);
    }
    if (correlations.length > 0 && watch?.stopped() !== true)
      await proveCorrelations(correlations, emitted, folder, verdict, within);
    return verdict.proof();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
  const complete = [...rows.values()].map((row, at) => completeRow(row, at, firstTime + at * apart));
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
