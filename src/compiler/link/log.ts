import type { Span } from "../../diagnostics/diagnostic.js";
import { engineOf } from "../../model/engine.js";
import type {
  LogDecoderModel,
  LogDetectionModel,
  LogSampleModel,
  OssecModel,
  PatternModel,
  RuleConditionModel,
} from "../../model/model.js";
import { forgeableCapture } from "../../ossec/patterns/index.js";
import { shiftingGroup } from "../../ossec/patterns/optional-groups.js";
import { codes } from "./codes.js";
import {
  child,
  describe,
  type Field,
  isObject,
  type LinkContext,
  readList,
  readObject,
  readOneOf,
  readString,
  wrongShape,
} from "./field.js";
import { wholeLineCondition } from "./line-cut.js";
import { readConditions } from "./log-conditions.js";
import { type OrderEntry, readOrder } from "./log-order.js";
import { identifierOf } from "./names.js";
import { type ReadPattern, readPattern } from "./pattern.js";
import { knownPrograms, stockDecoderOf } from "./stock-decoders.js";
import { readPath } from "./texts.js";

/** A log detection without its rule, and what others ask about it. */
export interface ReadLog {
  readonly detection: Omit<LogDetectionModel, "rule">;
  readonly capture: Capture;
}

/** What the linker knows of the events of a detection. */
export interface Capture {
  /** Fields that are set. */
  readonly fields: ReadonlySet<string>;
  /** How somebody else could choose the source address; null: nobody can. */
  readonly forgeable: Forgeable | null;
  /** The pattern whose address control bytes in a cut line could still choose; null: none. */
  readonly cutLine: Span | null;
}

export interface Forgeable {
  readonly why: string;
  /** False: zopf does not see the decoder, and cannot tell. */
  readonly known: boolean;
  /** The pattern, or what names the rule. */
  readonly span: Span;
}

const mostSamples = 1_000;
/** OSSEC reads no more of a line (spec/ossec.md 1). */
const longestLine = 6_144;

/** Reads a `kind: "log"` detection: its decoder, its conditions, its lines. */
export function readLog(
  context: LinkContext,
  ossec: OssecModel,
  field: Field,
  name: string,
  options: { readonly decodersFirst: boolean },
): ReadLog | null {
  const before = context.diagnostics.length;
  const engine = engineOf(ossec);
  const keepsTabs = engine === "3.7";
  const logField = child(context, field, "log");
  const log = logField.value === undefined ? null : readPath(context, logField);
  const program = readProgram(context, child(context, field, "program"), keepsTabs);
  const optional = (key: string): ReadPattern | null => {
    const asked = child(context, field, key);
    return asked.value === undefined
      ? null
      : readPattern(context, asked, ["osregex", "pcre2"], { keepsTabs });
  };
  const prematch = optional("prematch");
  const regex = optional("regex");
  const order = readOrder(context, child(context, field, "order"), engine);
  const conditions = readConditions(context, field, order, keepsTabs);
  const samples = readSamples(context, child(context, field, "samples"), order);
  const notField = child(context, field, "notSamples");
  const notSamples = notField.value === undefined ? [] : readSamples(context, notField, []);
  if (context.diagnostics.length > before && context.diagnostics.slice(before).some(isError)) return null;
  if (samples.length === 0) {
    context.diagnostics.push(
      codes.sample(
        child(context, field, "samples").span(),
        `"${name}" has no sample line: nothing would show that its patterns fit what is really logged`,
        'copy at least one line from the log, as it stands there: samples: ["Nov 14 18:09:08 host sshd[123]: …"]',
      ),
    );
    return null;
  }
  if (program === null && prematch === null && regex === null) {
    context.diagnostics.push(
      codes.missing(
        field.span(),
        `"${name}" says neither program nor prematch nor regex: it would take every line`,
      ),
    );
    return null;
  }
  const shape = decoderShape(context, field, { program, prematch, regex, order });
  if (shape === null) return null;
  if (!options.decodersFirst)
    warnOfStockDecoder(context, child(context, field, "program"), name, program, ossec.dialect);
  const source = order.findIndex(({ slot }) => slot === "srcip") + 1;
  const regexField = child(context, field, "regex");
  const forgeable = forgeableBy(shape.decoder, source, regexField);
  const whole =
    source === 0 || forgeable !== null ? null : wholeLineCondition(shape.decoder, source, conditions);
  const uncut = whole === null ? [] : [whole];
  // What comes through syslog with a program's name has no control bytes; Wazuh and 3.7 delete none.
  const cleaned = program !== null || keepsTabs || ossec.dialect === "wazuh";
  return {
    detection: {
      kind: "log",
      name,
      log,
      decoder: { name: `${ossec.decoder}_log_${identifierOf(name)}`, ...shape.decoder },
      // A condition on any field asks for it already.
      conditions: conditions.some(({ element }) => !/^(?:match|regex|pcre2)$/.test(element))
        ? [...conditions, ...uncut]
        : [...shape.guard, ...conditions, ...uncut],
      samples,
      notSamples,
      span: field.span(),
    },
    capture: {
      fields: new Set(order.map(({ slot }) => slot)),
      forgeable,
      cutLine: whole === null || cleaned ? null : regexField.span(),
    },
  };
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === "error";
}

/** `"sshd"` is that program exactly; a pattern is what it is. */
function readProgram(context: LinkContext, field: Field, keepsTabs: boolean): ReadPattern | null {
  const { value } = field;
  if (value === undefined) return null;
  if (typeof value !== "string") return readPattern(context, field, ["osmatch", "pcre2"], { keepsTabs });
  if (/^[A-Za-z0-9()@/_.-]{1,100}$/.test(value)) {
    const text = { language: "osmatch", text: `^${value}$` } as const;
    return readPattern(context, { ...field, value: text }, ["osmatch"], { keepsTabs });
  }
  context.diagnostics.push(
    codes.pattern(
      field.span(),
      `${field.label} is ${describe(value)}, which pre-decoding never takes for a program's name`,
      "write the word that stands before `[123]:` or `:`, of letters, digits and ( ) @ / _ . -",
    ),
  );
  return null;
}

interface Parts {
  readonly program: ReadPattern | null;
  readonly prematch: ReadPattern | null;
  readonly regex: ReadPattern | null;
  readonly order: readonly OrderEntry[];
}

/** The decoder, and the condition by which the rule asks that the regex did match. */
function decoderShape(
  context: LinkContext,
  field: Field,
  { program, prematch, regex, order }: Parts,
): { readonly decoder: Omit<LogDecoderModel, "name">; readonly guard: readonly RuleConditionModel[] } | null {
  const regexField = child(context, field, "regex");
  const offsetField = child(context, field, "offset");
  const offset = readOneOf(
    context,
    offsetField,
    ["after_prematch", "none"],
    prematch === null ? "none" : "after_prematch",
  );
  if (offset === null) return null;
  if (offset === "after_prematch" && prematch === null) {
    context.diagnostics.push(
      codes.missing(offsetField.span(), "there is no prematch that the regex could follow"),
    );
    return null;
  }
  if (regex === null) {
    if (order.length > 0) {
      context.diagnostics.push(
        codes.order(child(context, field, "order").span(), "an order names captures, and there is no regex"),
      );
      return null;
    }
    const decoder = {
      program: model(program),
      prematch: model(prematch),
      regex: null,
      afterPrematch: false,
      order: [],
    };
    return { decoder, guard: [] };
  }
  const { groups } = regex.matcher;
  if (groups !== order.length || groups === 0) {
    const names = order.map(({ name }) => name).join(", ");
    context.diagnostics.push(
      codes.order(
        (groups === 0 ? regexField : child(context, field, "order")).span(),
        groups === 0
          ? "the regex captures nothing: OSSEC refuses a decoder whose regex has no group"
          : `the regex has ${groups} ${groups === 1 ? "group" : "groups"}, the order ${order.length} ${order.length === 1 ? "name" : "names"}${names === "" ? "" : ` (${names})`}`,
        groups === 0
          ? "put ( ) around what the order names, or make it the prematch"
          : "give every group a name; in pcre2, (?: ) groups without capturing",
      ),
    );
    return null;
  }
  const optional = shiftingGroup(regex.matcher, order.length);
  if (optional !== null) {
    context.diagnostics.push(
      codes.order(
        regexField.span(),
        `group ${optional} of the regex may take no part in a match, and OSSEC then gives every later capture the name of the one before it`,
        "capture around what may be missing: ((?:…)?), or write two detections",
      ),
    );
    return null;
  }
  const afterPrematch = offset === "after_prematch";
  const decoder = {
    program: model(program),
    // The whole regex decides whether the line is taken, so that other lines are left to other decoders.
    prematch: model(prematch ?? regex),
    regex: model(regex),
    afterPrematch,
    order: order.map(({ name }) => name),
  };
  if (prematch === null) return { decoder, guard: [] };
  const guard = guardOf(order);
  if (guard !== null) return { decoder, guard: [guard] };
  context.diagnostics.push(
    codes.order(
      child(context, field, "order").span(),
      "a line that fits the prematch but not the regex would alert too, and OSSEC has no condition that tells by these fields",
      "put the prematch into the regex",
    ),
  );
  return null;
}

function model(pattern: ReadPattern | null): PatternModel | null {
  return pattern === null ? null : pattern.model;
}

/** A condition that is true where the field is set at all (spec/ossec.md 7: on an absent field it is false). */
function guardOf(order: readonly OrderEntry[]): RuleConditionModel | null {
  const has = (slot: string): boolean => order.some((entry) => entry.slot === slot);
  for (const element of ["srcip", "dstip"]) if (has(element)) return { element, field: null, value: "any" };
  for (const [slot, element] of [
    ["id", "id_pcre2"],
    ["url", "url_pcre2"],
    ["dstuser", "user_pcre2"],
    ["srcuser", "user_pcre2"],
    ["status", "status_pcre2"],
    ["extra_data", "extra_data_pcre2"],
    ["srcport", "srcport_pcre2"],
    ["dstport", "dstport_pcre2"],
  ] as const)
    if (has(slot)) return { element, field: null, value: "^" };
  const dynamic = order.find(({ dynamic }) => dynamic);
  return dynamic === undefined ? null : { element: "field", field: dynamic.name, value: "\\.*" };
}

function readSamples(
  context: LinkContext,
  field: Field,
  order: readonly OrderEntry[],
): readonly LogSampleModel[] {
  if (field.value === undefined) return [];
  const entries = readList(context, field) ?? [];
  if (entries.length > mostSamples) {
    wrongShape(context, field, `a list of at most ${mostSamples} lines`);
    return [];
  }
  return entries.flatMap((entry) => readSample(context, entry, order) ?? []);
}

function readSample(context: LinkContext, entry: Field, order: readonly OrderEntry[]): LogSampleModel | null {
  const lineField = typeof entry.value === "string" ? entry : child(context, entry, "line");
  if (typeof entry.value !== "string" && readObject(context, entry) === null) return null;
  const line = readString(context, lineField);
  if (line === null) return null;
  const problem =
    line.length < 2
      ? "OSSEC skips lines of less than two characters"
      : /[\n\r\0]/.test(line)
        ? "it holds a line end: each line is a sample of its own"
        : Buffer.byteLength(line) > longestLine
          ? `it is longer than the ${longestLine} bytes that OSSEC reads`
          : null;
  if (problem !== null) {
    context.diagnostics.push(codes.sample(lineField.span(), `${lineField.label} is no line: ${problem}`));
    return null;
  }
  const fieldsField = child(context, entry, "fields");
  if (typeof entry.value === "string" || fieldsField.value === undefined)
    return { line, fields: [], span: lineField.span() };
  if (readObject(context, fieldsField) === null || !isObject(fieldsField.value)) return null;
  const fields: (readonly [string, string])[] = [];
  for (const name of Object.keys(fieldsField.value)) {
    const valueField = child(context, fieldsField, name);
    const known = order.find((one) => one.name === name);
    if (known === undefined) {
      context.diagnostics.push(
        codes.order(
          valueField.span(),
          `${fieldsField.label}: the order has no field ${JSON.stringify(name.slice(0, 60))}`,
        ),
      );
      continue;
    }
    if (valueField.value === undefined) continue;
    const value = readString(context, valueField);
    if (value !== null) fields.push([known.printed, value]);
  }
  return { line, fields, span: lineField.span() };
}

/** How the decoder's srcip can be chosen by somebody else, or null; also null where it has none. */
function forgeableBy(
  decoder: Omit<LogDecoderModel, "name">,
  source: number,
  regexField: Field,
): Forgeable | null {
  if (source === 0 || decoder.regex === null) return null;
  const prematch = decoder.afterPrematch ? decoder.prematch : null;
  const why = forgeableCapture({ prematch, regex: decoder.regex }, source);
  return why === null ? null : { why, known: true, span: regexField.span() };
}

/** OSSEC's own decoder.xml is loaded first, and its decoder for the program takes the line. */
function warnOfStockDecoder(
  context: LinkContext,
  field: Field,
  name: string,
  program: ReadPattern | null,
  dialect: OssecModel["dialect"],
): void {
  if (program === null) return;
  const { model: pattern, matcher } = program;
  const programs =
    pattern.language === "osmatch"
      ? pattern.text.split("|").map((word) => word.replace(/^\^|\$$/g, ""))
      : knownPrograms.filter((known) => matcher.test(known));
  const found = programs.map(stockDecoderOf).find((decoder) => decoder !== null);
  if (found === undefined || found === null) return;
  context.diagnostics.push(
    codes.stockDecoder(
      field.span(),
      dialect === "wazuh"
        ? `where Wazuh's own decoders are loaded first, one like OSSEC's "${found}" takes these lines and "${name}" never sees one`
        : `where OSSEC's own decoder.xml is loaded first, its decoder "${found}" takes these lines and "${name}" never sees one`,
      dialect === "wazuh"
        ? "in ossec.conf's <ruleset>, name <decoder_dir>etc/decoders</decoder_dir> before <decoder_dir>ruleset/decoders</decoder_dir>; and say so here with ossec: { decodersFirst: true }"
        : "in ossec.conf's <rules>, name the decoder files yourself: <decoder>etc/local_decoder.xml</decoder>, then <decoder>etc/decoder.xml</decoder>; and say so here with ossec: { decodersFirst: true }",
    ),
  );
}

/** Detections that read the same lines in the same way have one decoder: the first would take all lines. */
export function withSharedDecoder<T extends Pick<LogDetectionModel, "decoder">>(
  detection: T,
  decoders: Map<string, LogDecoderModel>,
): T {
  const { name: _, ...decoder } = detection.decoder;
  const shape = JSON.stringify(decoder);
  const shared = decoders.get(shape) ?? detection.decoder;
  decoders.set(shape, shared);
  return { ...detection, decoder: shared };
}
