/**
 * The proof of an import: what was there and what was emitted of the bundle run over the same lines, in log time. The lines
 * are made for every rule of what was there, and come from logs.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Behaviour } from "../../diff/change.js";
import type { StepWatch } from "../../files/reading-watch.js";
import type { Ruleset } from "../../ossec/definitions.js";
import { syslogLines } from "../../replay/syslog-source.js";
import { type SampleLine, samplesStart, samplingOptions } from "../../samples/line-maker.js";
import { RuleSampler, type Sample, type Unproven } from "../../samples/rule-sampler.js";
import { codes } from "../codes.js";
import { type Answer, type Compared, TwoEngines } from "./two-engines.js";

export interface ProofInput {
  /** What was there, in its surroundings. */
  readonly before: Ruleset;
  /** What was emitted, in the same surroundings. */
  readonly after: Ruleset;
  /** Rules that lines are made for; null: all. */
  readonly rules: ReadonlySet<number> | null;
  /** Files of lines. */
  readonly logs: readonly string[];
  /** Of dates that have none; null: the latest that does not lie after the file's modification time. */
  readonly year: number | null;
  readonly timeZone: string | undefined;
  readonly show: (path: string) => string;
  /** Follows the proof; where it stops it, the verdict is about the lines so far, and `import/partial` says so. */
  readonly watch?: StepWatch;
}

/** A line that the two answer differently. */
export interface Difference {
  /** Where the line comes from: a log, or the rule that it was made for. */
  readonly from:
    | { readonly kind: "log"; readonly file: string; readonly line: number | null }
    | { readonly kind: "sample"; readonly rule: number; readonly sample: Sample["kind"] };
  /** latin1. */
  readonly text: string;
  /** Epoch seconds. */
  readonly time: number;
  readonly before: Answer;
  readonly after: Answer;
}

export interface Proof {
  /**
   * What was compared. `engines`: the old files and what was emitted, in the engine. `sigma`: what was emitted with a
   * second, slow reading of the rules; a line is then a pair of a rule and a row. `fail2ban`: what was emitted with a
   * reading of the filters and jails as fail2ban runs them.
   */
  readonly by: "engines" | "sigma" | "fail2ban";
  readonly lines: number;
  /** Lines that both answer alike. */
  readonly same: number;
  /** The first ones. */
  readonly differences: readonly Difference[];
  /** Rules for which a line was made that they answer. */
  readonly answered: number;
  readonly unproven: readonly Unproven[];
  /** Whose block comes and goes, and the alerts, over all lines. */
  readonly behaviour: Behaviour;
  readonly diagnostics: readonly Diagnostic[];
}

/** Differences that are shown. */
const mostShown = 100;

/** Sources that are remembered of those that only one of the two blocks. */
const mostSources = 100_000;

/** Counts what both do, and keeps the first differences. */
class Verdict {
  lines = 0;
  same = 0;
  readonly differences: Difference[] = [];
  readonly #before = new Set<string>();
  readonly #after = new Set<string>();
  #alertsBefore = 0;
  #alertsAfter = 0;

  add({ before, after, isSame }: Compared, from: Difference["from"], text: string, time: number): void {
    this.lines += 1;
    if (before.alert) this.#alertsBefore += 1;
    if (after.alert) this.#alertsAfter += 1;
    this.#note(this.#before, before);
    this.#note(this.#after, after);
    if (isSame) this.same += 1;
    else if (this.differences.length < mostShown) this.differences.push({ from, text, time, before, after });
  }

  #note(sources: Set<string>, { asked }: Answer): void {
    for (const { source } of asked) if (source !== "-" && sources.size < mostSources) sources.add(source);
  }

  get behaviour(): Behaviour {
    const only = (some: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
      [...some].filter((source) => !others.has(source)).sort();
    return {
      nowBlocked: only(this.#after, this.#before),
      noLongerBlocked: only(this.#before, this.#after),
      alertsBefore: this.#alertsBefore,
      alertsAfter: this.#alertsAfter,
    };
  }
}

/** Of every proof that was stopped before its end. */
export const stoppedProof: Diagnostic = codes.partial(
  { file: "", line: 1, column: 1 },
  "the proof was stopped before its end: its verdict is about the lines so far",
);

/** Never throws for what is in the files. Same input, same answer. */
export async function prove(input: ProofInput): Promise<Proof> {
  const verdict = new Verdict();
  const diagnostics: Diagnostic[] = [];
  const { answered, unproven } = await runSamples(input, verdict);
  for (const file of input.logs) await runLog(input, file, verdict, diagnostics);
  if (input.watch?.stopped() === true) diagnostics.push(stoppedProof);
  const { lines, same, differences, behaviour } = verdict;
  return {
    by: "engines",
    lines,
    same,
    differences,
    answered,
    unproven,
    behaviour,
    diagnostics,
  };
}

/** All lines that are tried in one session: their times ascend. The verdict is about the samples among them. */
async function runSamples(
  { before, after, rules, watch }: ProofInput,
  verdict: Verdict,
): Promise<Pick<Proof, "answered" | "unproven">> {
  const engines = new TwoEngines(before, after, { ...samplingOptions, transient: false });
  const compared = new WeakMap<SampleLine, Compared>();
  const sampler = new RuleSampler(before, (sample) => {
    const { event, ...both } = engines.compare(sample.line, sample.time, sample.location);
    compared.set(sample, both);
    return event;
  });
  const answered = new Set<number>();
  const seen = new Set<number>();
  const all = rules?.size ?? before.rules.length;
  for (const { rule, kind, lines } of sampler.all(({ id }) => rules === null || rules.has(id))) {
    if (kind === "answer") answered.add(rule);
    seen.add(rule);
    const waited = watch?.step("proof: rule", seen.size, all);
    if (waited !== undefined) await waited;
    if (watch?.stopped() === true) break;
    for (const sample of lines) {
      const both = compared.get(sample);
      if (both === undefined) throw new Error("bug: a sample that was not tried");
      verdict.add(both, { kind: "sample", rule, sample: kind }, sample.line, sample.time);
    }
  }
  return { answered: answered.size, unproven: sampler.unproven };
}

/** A log in a session of its own, as the daemon reads it: bounded memory. */
async function runLog(
  { before, after, year, timeZone, show, watch }: ProofInput,
  file: string,
  verdict: Verdict,
  diagnostics: Diagnostic[],
): Promise<void> {
  const engines = new TwoEngines(before, after, { mode: "daemon", timeZone, ownHostname: "host1" });
  const lines = syslogLines(
    // Both read a line without a date at the same moment, whenever that is.
    { file, year, utc: timeZone === "UTC0" || timeZone === "UTC", assumeDate: samplesStart },
    (diagnostic) => diagnostics.push(diagnostic),
  );
  let count = 0;
  for await (const { text, time, location, lineNumber } of lines) {
    if (++count % 1000 === 0) await watch?.step(`proof: line ${count} of ${show(file)}`);
    if (watch?.stopped() === true) break;
    const from = { kind: "log", file: show(file), line: lineNumber } as const;
    verdict.add(engines.compare(text, Math.floor(time), location), from, text, time);
  }
}
