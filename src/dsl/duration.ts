/** Units that Zeek knows (docs/reference/zeek.md#values): `week` does not exist. */
export type DurationUnit = "usec" | "msec" | "sec" | "min" | "hr" | "day";

/** A length of time as Zeek writes it: `"5 min"`, `"90 sec"`, `"1.5 hr"`, `"2 days"`. */
export type Duration =
  | `${number} ${DurationUnit}`
  | `${number} ${DurationUnit}s`
  | `${number}${DurationUnit}`;
