import type { LineForm, LogLineDetection, LogSample } from "../../dsl/log.js";
import type { LogPattern } from "../../dsl/pattern.js";
import { codes } from "../codes.js";
import { lineConditions, moments, textCondition } from "./conditions.js";
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
import { mostLines, sampleLine } from "./line-samples.js";
import { orderEntry } from "./log-order.js";
import { detectionName, targetNames } from "./names.js";
import { checkPattern, type PatternDeclaration, pattern, usable } from "./pattern.js";
import { rule } from "./rule.js";
import { line, path } from "./scalars.js";

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

const sampleObject = object({
  line: sampleLine,
  fields: optional(partialRecord(text)),
}) satisfies Accepts<LogSample>;

const mostForms = 200;
const lineForm = object({ program: optional(program), regex: captured }) satisfies Accepts<LineForm>;

export const logDetection = object({
  kind: oneOf("log"),
  name: detectionName,
  log: optional(path),
  on: optional(targetNames),
  program: optional(program),
  prematch: optional(captured),
  regex: optional(captured),
  offset: optional(oneOf("after_prematch", "none")),
  order: optional(list(orderEntry)),
  captures: optional(oneOf("optional")),
  also: optional(list(lineForm, { most: mostForms, expected: `a list of at most ${mostForms} forms` })),
  forgeable: optional(line(400)),
  where: optional(partialRecord(textCondition)),
  firstTime: optional(list(text, { least: 1, most: 8, expected: "a list of 1 to 8 names of the order" })),
  match: optional(lineConditions),
  ...moments,
  // Required by the DSL; that there is one is for policy, which says why.
  samples: optional(
    list(byType("a line, or an object", { string: sampleLine, object: sampleObject }), mostLines),
  ),
  notSamples: optional(list(sampleLine, mostLines)),
  rule,
}) satisfies Accepts<LogLineDetection>;

export type LogDeclaration = Output<typeof logDetection>;
export type LineFormDeclaration = Output<typeof lineForm>;
export type SampleDeclaration = NonNullable<LogDeclaration["samples"]>[number];
