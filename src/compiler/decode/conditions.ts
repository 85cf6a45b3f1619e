import type {
  AddressCondition,
  EventConditions,
  Moments,
  TextCondition,
  Weekday,
} from "../../dsl/conditions.js";
import { codes } from "../codes.js";
import { readMinutes } from "./day-time.js";
import {
  type Accepts,
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
import { isObject } from "./field.js";
import { isLookup, type LookupDeclaration, listCondition } from "./list.js";
import { type PatternDeclaration, pattern } from "./pattern.js";
import { matching, path } from "./scalars.js";

const mostTexts = 200;
const texts = list(text, { least: 1, most: mostTexts, expected: `a list of 1 to ${mostTexts} strings` });
export const anyPattern = pattern("osmatch", "osregex", "pcre2");

/** A pattern, or what must be the whole value: one string, or one of several. */
export type TextDeclaration = string | readonly string[] | PatternDeclaration | LookupDeclaration;
/** What an address is compared with: texts, or a list. */
export type AddressDeclaration = Exclude<TextDeclaration, PatternDeclaration>;

/** Which strings and patterns an element can hold is for link. */
export const textCondition: Decoder<TextDeclaration, TextCondition> = (field) => {
  if (typeof field.value === "string") return field.value;
  if (Array.isArray(field.value)) return texts(field);
  if (!isObject(field.value)) return field.refuse("a string, a list of strings, or a pattern");
  if (isLookup(field.value)) return listCondition(field);
  return anyPattern(field);
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
  action: optional(text),
  program: optional(textCondition),
  hostname: optional(textCondition),
  agent: optional(agent),
  location: optional(path),
  decoder: optional(decoder),
  fields: optional(partialRecord(textCondition)),
}) satisfies Accepts<EventConditions>;

export type EventConditionsDeclaration = Output<typeof eventConditions>;
export interface MomentsDeclaration {
  readonly time?: Output<typeof time>;
  readonly weekdays?: Output<typeof weekdays>;
}
