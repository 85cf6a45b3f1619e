import type { Duration } from "../../dsl/duration.js";
import type {
  BlockPrefix,
  BlockResponse,
  LogResponse,
  NotifyResponse,
  Response,
  SyslogPriority,
  Webhook,
  When,
  Where,
} from "../../dsl/response.js";
import { codes } from "../codes.js";
import {
  type Accepts,
  byType,
  type Decoder,
  exactlyOne,
  list,
  type Output,
  object,
  oneOf,
  optional,
  text,
  variants,
  yes,
} from "./decoder.js";
import { describe, type Field } from "./field.js";
import { lineProblem } from "./line.js";
import { targetNames } from "./names.js";
import { duration, group, integer, isWithin, level, path, wholeSeconds } from "./scalars.js";

/** Ids of the largest list that a person writes. */
const mostRules = 500;
const foreignRule = integer(1, 999_999);

/** That rules of others are meant too; in `when` or beside it. */
const alsoStockRules = optional(yes);

const when = exactlyOne(
  'one of { detection: "Name" }, { level: 6, alsoStockRules: true }, { group: "scan" }, { rule: 5712 }',
  {
    detection: text,
    level,
    group,
    rule: byType("a rule id, or a list of them", {
      number: foreignRule,
      list: list(foreignRule, {
        least: 1,
        most: mostRules,
        expected: `a rule id, or a list of 1 to ${mostRules}`,
      }),
    }),
  },
  { alsoStockRules },
) satisfies Accepts<When<string>>;

/** Ids as manage_agents gives them; 000 is the server itself. */
const agent: Decoder<string> = (field) => {
  const { value } = field;
  const server = typeof value === "string" && /^0+$/.test(value);
  if (typeof value === "string" && /^\d{3,8}$/.test(value) && !server) return value;
  return field.report(
    codes.where(
      field.span(),
      `${field.label} is ${describe(value)}, which is no agent's id`,
      server
        ? 'the server itself is where: "gateway"'
        : 'write it as manage_agents lists it, three digits or more: "003"',
    ),
  );
};

const where = byType('"sensor", "gateway", "agents", "everywhere" or { agent: "003" }', {
  string: oneOf("sensor", "gateway", "agents", "everywhere"),
  object: object({ agent }),
}) satisfies Accepts<Where>;

/** OSSEC counts whole seconds, and 0 would never end (docs/reference/ossec.md#active-response). */
const end = wholeSeconds("OSSEC counts whole seconds, at least 1");

const blockEnd: Decoder<number, Duration> = (field) =>
  field.value === undefined
    ? field.report(
        codes.noEnd(
          field.span(),
          `${field.label} is missing: nothing says how long the source stays blocked`,
          'addresses change hands, and everybody errs: say for: "10 min"',
        ),
      )
    : end(field);

function bits(least: number, most: number, example: string): Decoder<number> {
  return (field) =>
    isWithin(field.value, least, most)
      ? field.value
      : field.report(
          codes.prefix(
            field.span(),
            `${field.label} is ${describe(field.value)}; a prefix that is blocked has ${least} to ${most} bits there`,
            `a shorter one would take in networks of many others; write ${example}`,
          ),
        );
}

const prefix = object({
  v4: optional(bits(24, 32, "v4: 24")),
  v6: optional(bits(48, 128, "v6: 64")),
}) satisfies Accepts<BlockPrefix>;

const facilities = "auth|authpriv|daemon|user|local[0-7]";
const severities = "alert|crit|err|warning|notice|info";
const priority = new RegExp(`^(?:${facilities})\\.(?:${severities})$`);

const syslog: Decoder<string, SyslogPriority> = (field) =>
  typeof field.value === "string" && priority.test(field.value)
    ? field.value
    : field.refuse('a facility and a severity, as logger -p takes them: "auth.notice", "local3.warning"');

/** An address on the web that stands in the script as it is: nothing in it can end a quoted text. */
const url: Decoder<string> = (field) =>
  typeof field.value === "string" && /^https?:\/\/[A-Za-z0-9._~:/?#@!&()*+,;=%-]{1,1000}$/.test(field.value)
    ? field.value
    : field.report(
        codes.notify(
          field.span(),
          `${field.label} is ${describe(field.value)}, which is no address of a web service`,
          'write "https://hooks.example.org/…", with other characters than letters, digits and . _ ~ : / ? # @ ! & ( ) * + , ; = % - as %XX',
        ),
      );

const webhook = object({ url, body: optional(oneOf("json", "slack")) }) satisfies Accepts<Webhook>;

const mostArguments = 32;
const longestArgument = 400;

/** A program by its absolute path, and words that are handed to it as they are. */
const run: Decoder<readonly string[], NonNullable<NotifyResponse<string>["run"]>> = (field) => {
  const { value } = field;
  if (!Array.isArray(value)) return field.refuse("a list");
  if (value.length === 0) return field.refuse("a program's path and its fixed arguments");
  if (value.length > mostArguments + 1)
    return field.report(
      codes.notify(
        field.span(),
        `${field.label} has ${value.length - 1} arguments; ${mostArguments} are the most`,
      ),
    );
  const words = Array.from(value, (_, index) => (index === 0 ? path : argument)(field.child(index)));
  const whole = words.filter((word) => word !== null);
  return whole.length === words.length ? field.declare(whole) : null;
};

const argument: Decoder<string> = (field) => {
  const { value } = field;
  if (typeof value !== "string") return refuseArgument(field, `it is ${describe(value)}, not a string`);
  const problem = value === "" ? null : (lineProblem(value, longestArgument) ?? asciiProblem(value));
  return problem === null ? value : refuseArgument(field, problem);
};

function refuseArgument(field: Field, problem: string): null {
  return field.report(
    codes.notify(
      field.span(),
      `${field.label} cannot be an argument: ${problem}`,
      "arguments are plain words; nothing in them is expanded",
    ),
  );
}

/** execd has the locale C, in which yash reads no other letters. */
function asciiProblem(value: string): string | null {
  return /^[ -~]*$/.test(value) ? null : "it holds letters beyond ASCII, which not every shell reads";
}

const common = { when, where: optional(where), alsoStockRules };

const block = object({
  kind: oneOf("block"),
  ...common,
  for: blockEnd,
  escalate: optional(list(duration)),
  prefix: optional(prefix),
  on: optional(targetNames),
}) satisfies Accepts<BlockResponse<string>>;

const log = object({ kind: oneOf("log"), ...common, for: optional(end) }) satisfies Accepts<
  LogResponse<string>
>;

const notify = object({
  kind: oneOf("notify"),
  ...common,
  syslog: optional(syslog),
  webhook: optional(webhook),
  run: optional(run),
}) satisfies Accepts<NotifyResponse<string>>;

export const response = variants("kind", block, log, notify) satisfies Accepts<Response>;

export type ResponseDeclaration = Output<typeof response>;
export type BlockDeclaration = Output<typeof block>;
