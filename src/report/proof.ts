/** The verdict of an import's proof. */
import type { Difference, Proof } from "../import/proof/prove.js";
import type { Answer } from "../import/proof/two-engines.js";
import { type Paint, printable } from "./diagnostics-text.js";
import { behaviourText } from "./diff.js";

const utf8 = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");

const kinds = {
  answer: "a line made for rule",
  beside: "a line just beside rule",
  fewer: "one event fewer than fires rule",
  late: "the last event too late for rule",
} as const;

function place({ from }: Difference): string {
  if (from.kind === "log") return `${from.file}:${from.line ?? "?"}`;
  return `${kinds[from.sample]} ${from.rule}`;
}

function rule({ kind, rule: id, level, alert }: Answer): string {
  if (kind === "crash") return "the engine dies of it";
  if (kind === "ignored") return "skipped";
  return id === null ? "no rule" : `rule ${id}, level ${level}${alert ? ", alert" : ""}`;
}

/** What of the two answers differs. */
function sentence({ before, after }: Difference): string {
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

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Rules without a line that are named. */
const mostNamed = 20;

export function proofText(proof: Proof, paint: Paint): string {
  const { lines, same, differences, answered, unproven, behaviour } = proof;
  const out: string[] = [];
  for (const one of differences)
    out.push(
      `${paint.error("different")} ${printable(place(one))}: ${printable(sentence(one))}`,
      `  ${paint.dim(printable(utf8(one.text)))}`,
    );
  const more = lines - same - differences.length;
  if (more > 0) out.push(`and ${more} more`);
  if (lines > same) out.push(behaviourText(behaviour).trimEnd());
  if (unproven.length > 0) {
    out.push(`no line reached ${counted(unproven.length, "rule")}:`);
    for (const { rule: id, reason } of unproven.slice(0, mostNamed))
      out.push(paint.dim(`  ${id}: ${reason}`));
    if (unproven.length > mostNamed) out.push(paint.dim(`  and ${unproven.length - mostNamed} more`));
  }
  out.push(
    lines === same
      ? `${counted(lines, "line")}, made for ${counted(answered, "rule")} or read from logs: the same decoder's fields, rule, level, alert and blocks on all`
      : `${counted(lines, "line")}: the same on ${same}, ${paint.error(`different on ${lines - same}`)}`,
  );
  return out.map((line) => `${line}\n`).join("");
}

/** A part of the document of `zopf import --format json`. */
export function proofJson({ lines, same, differences, answered, unproven, behaviour }: Proof): object {
  return {
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
