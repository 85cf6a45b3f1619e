import type { Duration } from "./duration.js";
import type { Level } from "./rule.js";

/** What starts a response: one detection (compiled to its rule id), or every rule from a level up. */
export type When<Name extends string> =
  | { readonly detection: Name }
  /** Also arms every other rule of that level or above on the host: the stock rule set has hundreds from 6 up. */
  | { readonly level: Level };

export interface BlockResponse<Name extends string> {
  readonly kind: "block";
  readonly when: When<Name>;
  /** How long the source stays blocked; OSSEC counts whole seconds. */
  readonly for: Duration;
}

export type Response<Name extends string = string> = BlockResponse<Name>;
