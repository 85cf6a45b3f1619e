import type { LogLineDetection, LogSample } from "../../dsl/log.js";
import type { LogPattern } from "../../dsl/pattern.js";
import { codes } from "../codes.js";
import {
  type Accepts,
  byType,
  type Decoder,
  list,
  type Output,
  object,
  oneOf,
  optional,
  partialRecord,
  refined,
  text,
} from "./decoder.js";
import { describe } from "./field.js";
import { orderEntry } from "./log-order.js";
import { detectionName } from "./names.js";
import { checkPattern, type PatternDeclaration, pattern, usable } from "./pattern.js";
import { rule } from "./rule.js";
import { path } from "./scalars.js";

/** `"sshd"` is that program exactly. */
const programName: Decoder<PatternDeclaration, string> = refined(text, (name, field) =>
  /^[A-Za-z0-9()@/_.-]{1,100}$/.test(name)
    ? usable(field, checkPattern({ language: "osmatch", text: `^${name}$` }))
    : field.report(
        codes.pattern(
          field.span(),
          `${field.label} is ${describe(name)}, which pre-decoding never takes for a program's name`,
          "write the word that stands before `[123]:` or `:`, of letters, digits and ( ) @ / _ . -",
        ),
      ),
);

const programPattern = pattern("osmatch", "pcre2");
const program: Decoder<PatternDeclaration, string | LogPattern> = (field) =>
  typeof field.value === "string" ? programName(field) : programPattern(field);

const captured = pattern("osregex", "pcre2");
const anyPattern = pattern("osmatch", "osregex", "pcre2");

/** A pattern, or a string that must be the whole value. */
const condition: Decoder<PatternDeclaration | string, string | LogPattern> = (field) =>
  typeof field.value === "string" ? field.value : anyPattern(field);

/** OSSEC reads no more of a line (docs/reference/ossec.md#life-of-an-event). */
const longestLine = 6_144;
const mostSamples = 1_000;

const logLine = refined(text, (line, field) => {
  const problem =
    line.length < 2
      ? "OSSEC skips lines of less than two characters"
      : /[\n\r\0]/.test(line)
        ? "it holds a line end: each line is a sample of its own"
        : Buffer.byteLength(line) > longestLine
          ? `it is longer than the ${longestLine} bytes that OSSEC reads`
          : null;
  return problem === null
    ? line
    : field.report(codes.sample(field.span(), `${field.label} is no line: ${problem}`));
});

const sampleObject = object({
  line: logLine,
  fields: optional(partialRecord(text)),
}) satisfies Accepts<LogSample>;

const most = { most: mostSamples, expected: `a list of at most ${mostSamples} lines` };

export const logDetection = object({
  kind: oneOf("log"),
  name: detectionName,
  log: optional(path),
  program: optional(program),
  prematch: optional(captured),
  regex: optional(captured),
  offset: optional(oneOf("after_prematch", "none")),
  order: optional(list(orderEntry)),
  where: optional(partialRecord(condition)),
  match: optional(anyPattern),
  // Required by the DSL; that there is one is for policy, which says why.
  samples: optional(list(byType("a line, or an object", { string: logLine, object: sampleObject }), most)),
  notSamples: optional(list(logLine, most)),
  rule,
}) satisfies Accepts<LogLineDetection>;

export type LogDeclaration = Output<typeof logDetection>;
export type SampleDeclaration = NonNullable<LogDeclaration["samples"]>[number];
