/** The verdict of an import's proof. */
import type { Difference, Proof } from "../import/proof/prove.js";
import type { Answer } from "../import/proof/two-engines.js";
import { type Paint, printable } from "./diagnostics-text.js";
import { behaviourText } from "./diff.js";
import { unprovenReasons } from "./import-summary.js";

const utf8 = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");

const kinds = {
  answer: "a line made for rule",
  beside: "a line just beside rule",
  fewer: "one event fewer than fires rule",
  late: "the last event too late for rule",
} as const;

export function differenceFrom({ from }: Difference): string {
  if (from.kind === "log") return `${from.file}:${from.line ?? "?"}`;
  return `${kinds[from.sample]} ${from.rule}`;
}

function rule({ kind, rule: id, level, alert }: Answer): string {
  if (kind === "crash") return "the engine dies of it";
  if (kind === "ignored") return "skipped";
  return id === null ? "no rule" : `rule ${id}, level ${level}${alert ? ", alert" : ""}`;
}

/** What of the two answers differs. */
export function differenceText({ before, after }: Difference): string {
  const [was, now] = [rule(before), rule(after)];
  if (was !== now) return `${was} → ${now}`;
  const fields = ({ fields: all }: Answer): string =>
    all.map(([name, value]) => `${name}=${utf8(value)}`).join(" ") || "no fields";
  if (fields(before) !== fields(after)) return `${was}; ${fields(before)} → ${fields(after)}`;
  const asked = ({ asked: all }: Answer): string =>
    all
      .map(({ source, timeout, locations }) => `${source} for ${timeout} s (${locations.join(", ")})`)
      .join(" and ") || "nobody";
  return `${was}; blocks ${asked(before)} → ${asked(after)}`;
}

/** The line that the two answer differently. */
export const lineOf = ({ text }: Difference): string => utf8(text);

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Rules without a line that are named. */
const mostNamed = 20;

export function proofText(proof: Proof, paint: Paint): string {
  const { by, lines, same, differences, unproven, behaviour } = proof;
  const out: string[] = [];
  for (const one of differences)
    out.push(
      `${paint.error("different")} ${printable(differenceFrom(one))}: ${printable(differenceText(one))}`,
      `  ${paint.dim(printable(lineOf(one)))}`,
    );
  const more = differences.length === 0 ? 0 : lines - same - differences.length;
  if (more > 0) out.push(`and ${more} more`);
  // Sigma's rules say nothing of blocks, and its proof reads no logs.
  if (lines > same && by !== "sigma") out.push(behaviourText(behaviour).trimEnd());
  const open = unprovenReasons(proof);
  if (open.length > 0) out.push(`no line reached ${counted(unproven.length, "rule")}:`);
  for (const { reason, parts } of open) {
    const ids = parts.slice(0, mostNamed).map(({ what }) => what);
    const more = parts.length > ids.length ? `, and ${parts.length - ids.length} more` : "";
    out.push(paint.dim(`  ${reason}: ${ids.join(", ")}${more}`));
  }
  out.push(lines === same ? verdictText(proof) : paint.error(verdictText(proof)));
  return out.map((line) => `${line}\n`).join("");
}

/** What was compared, and how it ended. */
export function verdictText({ by, lines, same, answered }: Proof): string {
  if (lines === 0 && by === "engines")
    return "Proof: nothing was compared, for no line could be made: nothing is proven";
  switch (by) {
    case "engines": {
      const compared = `Proof: ${counted(lines, "line")}, made for ${counted(answered, "rule")} or read from logs, through the old files and through the bundle`;
      return lines === same
        ? `${compared}: the same decoder's fields, rule, level, alert and blocks on all`
        : `${compared}: the same on ${same}, different on ${lines - same}`;
    }
    case "fail2ban": {
      const compared = `Proof: ${counted(lines, "line")}, made for ${counted(answered, "expression")} or read from logs, as fail2ban reads and counts them and through the bundle`;
      return lines === same
        ? `${compared}: the same addresses and blocks on all`
        : `${compared}: the same on ${same}, different on ${lines - same}`;
    }
    case "sigma": {
      const compared = `Proof: ${counted(answered, "rule")} against rows, lines and series of events that were made for them, ${counted(lines, "pair")} of a rule and one of these: what is emitted speaks of exactly those that a second reading of the rules takes`;
      return lines === same ? compared : `${compared}, but for ${lines - same}`;
    }
  }
}

/** A part of the document of `zopf import --format json`. */
export function proofJson({ by, lines, same, differences, answered, unproven, behaviour }: Proof): object {
  return {
    by,
    lines,
    same,
    rules: answered,
    unproven,
    differences: differences.map((one) => ({
      ...(one.from.kind === "log"
        ? { file: one.from.file, line: one.from.line }
        : { rule: one.from.rule, sample: one.from.sample }),
      text: utf8(one.text),
      time: one.time,
      before: answerJson(one.before),
      after: answerJson(one.after),
    })),
    behaviour,
  };
}

function answerJson({ kind, fields, rule: id, level, alert, asked }: Answer): object {
  return {
    kind,
    fields: fields.map(([name, value]) => [name, utf8(value)]),
    rule: id,
    level,
    alert,
    blocks: asked,
  };
}
