import type { PrefixModel } from "../../model/model.js";
import { readDuration, showDuration } from "./duration.js";
import { child, describe, type Field, type LinkContext, readList, readObject } from "./field.js";
import { responseCodes } from "./response-codes.js";

/** `repeated_offenders` holds five numbers (spec/ossec.md 11). */
const mostSteps = 5;

/**
 * Minutes of the second, third … block: what `repeated_offenders` can hold, growing.
 *
 * @param first - seconds of the first block; null where it is not known
 */
export function readEscalate(
  context: LinkContext,
  field: Field,
  first: number | null,
): readonly number[] | null {
  if (field.value === undefined) return [];
  const entries = readList(context, field);
  if (entries === null) return null;
  const told = (at: Field, message: string, help: string): null => {
    context.diagnostics.push(responseCodes.escalate(at.span(), message, help));
    return null;
  };
  if (entries.length === 0 || entries.length > mostSteps)
    return told(
      field,
      `${field.label} has ${entries.length} lengths of time; OSSEC's repeated_offenders takes 1 to ${mostSteps}`,
      entries.length === 0 ? "leave it out, or name one" : "keep five: the last one stays",
    );
  const minutes: number[] = [];
  let last = first ?? 0;
  let wrong = false;
  for (const [index, entry] of entries.entries()) {
    const seconds = readDuration(context, entry);
    if (seconds === null) wrong = true;
    else if (seconds % 60 !== 0) {
      wrong = true;
      told(
        entry,
        `${entry.label} is ${showDuration(seconds)}; OSSEC counts repeated blocks in whole minutes`,
        `write "${Math.max(1, Math.round(seconds / 60))} min"`,
      );
    } else if (seconds < last || (index > 0 && seconds === last)) {
      wrong = true;
      told(
        entry,
        `${entry.label} is ${showDuration(seconds)}, but the block before it lasts ${showDuration(last)}: repeated blocks have to grow`,
        "put them in order, the shortest first",
      );
    } else {
      last = seconds;
      minutes.push(seconds / 60);
    }
  }
  return wrong ? null : minutes;
}

const families = [
  { key: "v4", least: 24, most: 32, kind: "IPv4" },
  { key: "v6", least: 48, most: 128, kind: "IPv6" },
] as const;

/** How many bits are blocked: null for single addresses, undefined where it cannot be read. */
export function readPrefix(context: LinkContext, field: Field): PrefixModel | null | undefined {
  if (field.value === undefined) return null;
  if (readObject(context, field) === null) return undefined;
  const lengths = families.map(({ key, least, most, kind }) => {
    const asked = child(context, field, key);
    const { value } = asked;
    if (value === undefined) return most;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    context.diagnostics.push(
      responseCodes.prefix(
        asked.span(),
        `${asked.label} is ${describe(value)}; an ${kind} prefix that is blocked has ${least} to ${most} bits`,
        `a shorter one would take in networks of many others; write ${key}: ${least === 24 ? 24 : 64}`,
      ),
    );
    return null;
  });
  const [v4 = null, v6 = null] = lengths;
  if (v4 === null || v6 === null) return undefined;
  return v4 === 32 && v6 === 128 ? null : { v4, v6 };
}
