import { nearestName } from "../../diagnostics/near-names.js";
import type {
  AddressCondition,
  AllConditions,
  Category,
  ComparedText,
  EventConditions,
  LineCondition,
  Moments,
  NotCondition,
  TextCondition,
  Weekday,
} from "../../dsl/conditions.js";
import type { ConditionPattern } from "../../dsl/pattern.js";
import { codes } from "../codes.js";
import { readMinutes } from "./day-time.js";
import {
  type Accepts,
  type Decoder,
  exactlyOne,
  list,
  type Output,
  object,
  oneOf,
  optional,
  partialRecord,
  refined,
  text,
} from "./decoder.js";
import { isObject } from "./field.js";
import { isLookup, type LookupDeclaration, listCondition } from "./list.js";
import { type ConditionPatternDeclaration, pattern } from "./pattern.js";
import { matching, path } from "./scalars.js";

const mostTexts = 200;
const texts = list(text, { least: 1, most: mostTexts, expected: `a list of 1 to ${mostTexts} strings` });
const anyPattern = pattern("osmatch", "osregex", "pcre2", "wazuhregex");

/** A pattern, or what must be the whole value: one string, or one of several. */
export type ComparedDeclaration = string | readonly string[] | ConditionPatternDeclaration;
/** What the value must not be. */
interface NotDeclaration<Compared> {
  readonly kind: "not";
  readonly value: Compared;
}
export type TextDeclaration = ComparedDeclaration | NotDeclaration<ComparedDeclaration> | LookupDeclaration;
/** What an address is compared with: texts, or a list. */
export type AddressDeclaration = Exclude<
  TextDeclaration,
  ConditionPatternDeclaration | NotDeclaration<unknown>
>;

/** Which strings and patterns an element can hold is for link. */
const comparedText: Decoder<ComparedDeclaration, ComparedText> = (field) => {
  if (typeof field.value === "string") return field.value;
  if (Array.isArray(field.value)) return texts(field);
  return isObject(field.value)
    ? anyPattern(field)
    : field.refuse("a string, a list of strings, or a pattern");
};

const notCompared = exactlyOne("{ not: … }", { not: comparedText }, {}) satisfies Accepts<NotCondition>;

export const textCondition: Decoder<TextDeclaration, TextCondition> = (field) => {
  if (!isLookup(field.value)) return comparedText(field);
  return means(field.value, "not") ? notCompared(field) : listCondition(field);
};

/** Whether it is `{ not: … }` or `{ all: … }`, perhaps misspelt, and no look-up. */
function means(value: unknown, what: "not" | "all"): boolean {
  const [name = ""] = isObject(value) ? Object.keys(value) : [];
  return name === what || (!forms.includes(name) && nearestName(name, forms) === what);
}

const forms: readonly string[] = ["in", "notIn", "having", "not", "all"];

const mostOfAll = 20;
const allConditions = object({
  all: list(textCondition, { least: 2, most: mostOfAll, expected: `a list of 2 to ${mostOfAll} conditions` }),
}) satisfies Accepts<AllConditions>;

/** One condition on a field of the decoder's own, or several. */
export type FieldDeclaration = TextDeclaration | Output<typeof allConditions>;
const fieldCondition: Decoder<FieldDeclaration, TextCondition | AllConditions> = (field) =>
  isLookup(field.value) && means(field.value, "all") ? allConditions(field) : textCondition(field);

const notPattern = exactlyOne("{ not: … }", { not: anyPattern }, {}) satisfies Accepts<
  NotCondition<ConditionPattern>
>;
export type LineConditionDeclaration =
  | ConditionPatternDeclaration
  | NotDeclaration<ConditionPatternDeclaration>;
const lineCondition: Decoder<LineConditionDeclaration, LineCondition> = (field) =>
  isLookup(field.value) ? notPattern(field) : anyPattern(field);
const twoLineConditions = list(lineCondition, {
  least: 1,
  most: 2,
  expected: "a list of one or two patterns",
});

/** What the message as a whole must fit: one pattern, or two. */
export const lineConditions: Decoder<
  readonly LineConditionDeclaration[],
  LineCondition | readonly LineCondition[]
> = (field) => {
  if (Array.isArray(field.value)) return twoLineConditions(field);
  const one = lineCondition(field);
  return one === null ? null : field.declare([one]);
};

const addressCondition: Decoder<AddressDeclaration, AddressCondition> = (field) => {
  if (Array.isArray(field.value)) return texts(field);
  return isLookup(field.value) ? listCondition(field) : text(field);
};

/** Minutes of the day: from the first one on, up to the second, which is not in it. */
const time: Decoder<{ readonly from: number; readonly until: number }, string> = refined(
  text,
  (written, field) => {
    const found = readMinutes(written);
    return typeof found === "string"
      ? field.report(
          codes.time(
            field.span(),
            `${field.label} is ${JSON.stringify(written.slice(0, 60))}: ${found}`,
            'write two times of the day: "08:00-17:30", "22:00-06:00", "10 pm - 6 am"',
          ),
        )
      : found;
  },
);

const day = oneOf(
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
  "weekdays",
  "weekends",
);
const days = list(day, { least: 1, most: 9, expected: "a list of days" });

const weekdays: Decoder<readonly Weekday[], Weekday | readonly Weekday[]> = (field) => {
  if (Array.isArray(field.value)) return days(field);
  const one = day(field);
  return one === null ? null : field.declare([one]);
};

/** Properties of every detection whose rule can look at the clock. */
export const moments = { time: optional(time), weekdays: optional(weekdays) };
object(moments) satisfies Accepts<Moments>;

const agent = matching(/^[A-Za-z0-9_.-]{2,128}$/, "the name of an agent: letters, digits and _ . -");
const decoder = matching(/^[A-Za-z0-9_.-]{1,64}$/, "the name of a decoder, as ossec-logtest prints it");

/** A path, or a pattern for the location as a whole. */
const location: Decoder<string | ConditionPatternDeclaration, string | ConditionPattern> = (field) =>
  typeof field.value === "string" ? path(field) : anyPattern(field);

export const categories = [
  "syslog",
  "firewall",
  "ids",
  "web-log",
  "squid",
  "windows",
  "ossec",
] as const satisfies readonly Category[];

export const eventConditions = object({
  srcip: optional(addressCondition),
  dstip: optional(addressCondition),
  srcport: optional(textCondition),
  dstport: optional(textCondition),
  user: optional(textCondition),
  url: optional(textCondition),
  id: optional(textCondition),
  status: optional(textCondition),
  extra_data: optional(textCondition),
  data: optional(textCondition),
  protocol: optional(textCondition),
  system_name: optional(textCondition),
  action: optional(textCondition),
  program: optional(textCondition),
  hostname: optional(textCondition),
  agent: optional(agent),
  location: optional(location),
  decoder: optional(decoder),
  category: optional(oneOf(...categories)),
  fields: optional(partialRecord(fieldCondition)),
}) satisfies Accepts<EventConditions>;

export type EventConditionsDeclaration = Output<typeof eventConditions>;
export interface MomentsDeclaration {
  readonly time?: Output<typeof time>;
  readonly weekdays?: Output<typeof weekdays>;
}
