import type { Duration } from "../../dsl/duration.js";
import type { Level } from "../../dsl/rule.js";
import { parseDuration, showDuration } from "../../model/duration.js";
import { codes } from "../codes.js";
import { type Decoder, number, refined, text } from "./decoder.js";
import { describe, type Field } from "./field.js";
import { lineProblem } from "./line.js";

/** Seconds of a length of time, none included. */
export const durationOrNone: Decoder<number, Duration> = (field) => {
  const written = text(field);
  if (written === null) return null;
  return (
    parseDuration(written) ??
    field.report(
      codes.duration(
        field.span(),
        `${field.label} is ${JSON.stringify(written.slice(0, 60))}, which is not a length of time`,
        'write a number and one of usec, msec, sec, min, hr, day: "90 sec", "5 min", "1.5 hr" (no weeks; 10 years at most)',
      ),
    )
  );
};

/** Seconds, more than none. */
export const duration: Decoder<number, Duration> = refined(durationOrNone, (seconds, field) =>
  seconds > 0
    ? seconds
    : field.report(codes.duration(field.span(), `${field.label} must be longer than nothing`)),
);

/** Whole seconds, at least one; `counts` says who counts them so: `pf counts whole seconds, here 1 to 60`. */
export function wholeSeconds(counts: string, most = Number.POSITIVE_INFINITY): Decoder<number, Duration> {
  return refined(duration, (seconds, field) =>
    Number.isInteger(seconds) && seconds <= most
      ? seconds
      : field.report(codes.duration(field.span(), `${field.label} is ${showDuration(seconds)}; ${counts}`)),
  );
}

/** A whole number within a range. */
export function integer(least: number, most: number): Decoder<number> {
  return refined(number, (value, field) =>
    Number.isInteger(value) && value >= least && value <= most
      ? value
      : field.report(
          codes.number(
            field.span(),
            `${field.label} is ${value}; it must be a whole number from ${least} to ${most}`,
          ),
        ),
  );
}

/** A rule's level. */
export const level: Decoder<number, Level> = (field) => {
  const { value } = field;
  if (isWithin(value, 0, 16)) return value;
  return field.report(
    codes.level(
      field.span(),
      `${field.label} is ${value === undefined ? "missing" : describe(value)}; rule levels are 0 to 16`,
      value === 99 ? "OSSEC uses 99 inside for 0: such a rule never alerts" : undefined,
    ),
  );
};

/** The range for new rules, from which zopf chooses: the stock rules lie below. */
export const localIds = { least: 100_000, most: 119_999 } as const;

/** Ids are cut to six digits (docs/reference/ossec.md#rule-attributes). */
export const mostId = 999_999;

function idWithin(least: number, most: number, what: string): Decoder<number> {
  return (field) => {
    const { value } = field;
    if (isWithin(value, least, most)) return value;
    return field.report(
      codes.ruleId(
        field.span(),
        `${field.label} is ${describe(value)}, which is not ${what}`,
        `use a whole number from ${localIds.least} to ${localIds.most}: below lie the stock rules, and OSSEC keeps six digits`,
      ),
    );
  };
}

/** The id of a rule of the bundle's own; one of the stock rules' may be meant, in a set that takes their place. */
export const ruleId = idWithin(1, mostId, "an id of a rule");

/** An id from which zopf may choose. */
export const localId = idWithin(localIds.least, localIds.most, "an id for a local rule");

export function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

/** One visible line of text. */
export function line(most: number): Decoder<string> {
  return refined(text, (value, field) => {
    const problem = lineProblem(value, most);
    return problem === null ? value : refuseText(field, problem);
  });
}

/** Reports why a text cannot be used; always null. */
export function refuseText(field: Field, problem: string): null {
  return field.report(codes.text(field.span(), `${field.label} cannot be used: ${problem}`));
}

/** An absolute path of plain characters, without a slash at its end: it is written into XML, Zeek and shell. */
export const path: Decoder<string> = refined(text, (value, field) => {
  if (/^(?:\/[A-Za-z0-9._+@-]+)+\/?$/.test(value) && value.length <= 200 && !/\/\.{1,2}(?:\/|$)/.test(value))
    return value.endsWith("/") ? value.slice(0, -1) : value;
  return field.report(
    codes.path(
      field.span(),
      `${field.label} is ${JSON.stringify(value.slice(0, 80))}, which is not a path that every system takes`,
      "write an absolute path of letters, digits and . _ + @ -, without blanks and without . or .. as a folder",
    ),
  );
});

/** A text of this form; `expected` says which. */
export function matching(form: RegExp, expected: string): Decoder<string> {
  return (field) =>
    typeof field.value === "string" && form.test(field.value) ? field.value : field.refuse(expected);
}

/** A name that one of the systems has to hold: a text of this form, else `bundle/name` with what is said of it. */
export function named(
  fits: (name: string) => boolean,
  says: (name: string, field: Field) => { readonly message: string; readonly help?: string },
): Decoder<string> {
  return refined(text, (name, field) => {
    if (fits(name)) return name;
    const { message, help } = says(name, field);
    return field.report(codes.name(field.span(), message, help));
  });
}

/** The name of a group of rules; OSSEC finds them by substring, so they are plain words. */
export const group = refined(text, (name, field) =>
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)
    ? name
    : field.refuse("a group name: letters, digits, _ . and -, at most 64, no comma"),
);
