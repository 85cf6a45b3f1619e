import type { BurstBase, BurstDetection, BurstKey, LastEventConditions } from "../../dsl/burst.js";
import type { Duration } from "../../dsl/duration.js";
import { showDuration } from "../../model/duration.js";
import { codes } from "../codes.js";
import { eventConditions, lineConditions, moments } from "./conditions.js";
import {
  type Accepts,
  type Decoder,
  exactlyOne,
  list,
  type Output,
  object,
  oneOf,
  optional,
  refined,
  text,
} from "./decoder.js";
import { detectionName } from "./names.js";
import { rule } from "./rule.js";
import { duration, integer, matching } from "./scalars.js";

/** The engine keeps five digits of a timeframe (docs/reference/ossec.md#rule-attributes). */
const longestTimeframe = 99_999;

export const within: Decoder<number, Duration> = refined(duration, (seconds, field) => {
  const whole = Number.isInteger(seconds);
  if (whole && seconds <= longestTimeframe) return seconds;
  const why = whole
    ? `OSSEC keeps five digits of a timeframe, so that it would become ${String(seconds).slice(0, 5)} seconds`
    : "OSSEC counts whole seconds";
  return field.report(
    codes.burst(
      field.span(),
      `${field.label} is ${showDuration(seconds)}: ${why}`,
      `use whole seconds, at most ${longestTimeframe} (27 hours)`,
    ),
  );
});

const manyEvents = integer(2, 1_000_000);
const events: Decoder<number> = (field) =>
  typeof field.value === "number" && field.value < 2
    ? field.report(
        codes.burst(
          field.span(),
          `${field.label} is ${field.value}: a burst has at least 2 events`,
          "for one event, respond to the detection itself",
        ),
      )
    : manyEvents(field);

/** In the order in which they stand in the file. */
export const burstKeys = [
  "source",
  "user",
  "id",
  "sourcePort",
  "destinationPort",
  "location",
  "agent",
  "destination",
  "sourceUser",
  "protocol",
  "action",
  "url",
  "data",
  "extra_data",
  "status",
  "system_name",
] as const satisfies readonly BurstKey[];

const key = oneOf(...burstKeys);
const ownField = object({
  field: matching(/^[A-Za-z@][A-Za-z0-9_.@-]{0,127}$/, "the name of a field of the decoder's own"),
});
/** Which of them the engine compares is for link. */
const anyKey: Decoder<BurstKey> = (field) => (typeof field.value === "object" ? ownField(field) : key(field));
const known = [...burstKeys, "all"].map((one) => JSON.stringify(one)).join(", ");
const keys = list(anyKey, { least: 1, most: 100, expected: `one of ${known}` });

/** What counted events have in common; `"all"`: nothing. */
export const per: Decoder<readonly BurstKey[] | "all", BurstDetection["per"]> = (field) => {
  if (field.value === undefined)
    return field.report(
      codes.burst(
        field.span(),
        `${field.label} is missing: OSSEC would add up the events of all sources and report the last one`,
        `say what the events have in common: ${known}`,
      ),
    );
  return field.value === "all" ? "all" : keysIn(field);
};

const keysIn: Decoder<readonly BurstKey[], BurstKey | readonly BurstKey[]> = (field) => {
  if (Array.isArray(field.value)) return keys(field);
  const one = anyKey(field);
  return one === null ? null : field.declare([one]);
};

/** Conditions on the event that completes a composite. */
export const lastEvent = {
  where: optional(eventConditions),
  match: optional(lineConditions),
  ...moments,
  different: optional(keysIn),
};
object(lastEvent) satisfies Accepts<LastEventConditions>;

export const burstBase = exactlyOne(
  'one of { detection: "Name" }, { rule: 5710 }, { group: "name" }',
  {
    detection: text,
    rule: integer(1, 999_999),
    group: matching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, "one group name: letters, digits, _ . and -"),
  },
  {},
) satisfies Accepts<BurstBase>;

export const burstDetection = object({
  kind: oneOf("burst"),
  name: detectionName,
  of: burstBase,
  events,
  within,
  per,
  ...lastEvent,
  sources: optional(integer(1, 100_000)),
  rule,
}) satisfies Accepts<BurstDetection>;

export type BurstDeclaration = Output<typeof burstDetection>;
