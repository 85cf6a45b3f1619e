import type { Duration } from "../../dsl/duration.js";
import { type LogPattern, osMatch, pcre2 } from "../../dsl/pattern.js";
import type { Level } from "../../dsl/rule.js";
import type { ServiceKind } from "../../dsl/service.js";

/** How a service writes a line: the program before it, and the messages that count. */
export interface ServiceForm {
  /** The program that writes it; null: no program name stands before the message. */
  readonly program: LogPattern | null;
  /** PCRE2 without letter case, each with one group: the address. */
  readonly messages: readonly string[];
}

/** Lines of a service that guessers and probers cause: plain data. */
export interface ServicePreset {
  readonly service: ServiceKind;
  readonly title: string;
  /** Which lines count. */
  readonly about: string;
  /** Which do not, and why: no address, an address that others could choose. */
  readonly limits: string;
  /** Why nobody may be blocked by them; absent: the address is the one that answered. */
  readonly forgeable?: string;
  /** Where the lines usually are. */
  readonly logs: readonly string[];
  readonly forms: readonly ServiceForm[];
  /** Lines that must count, with their address. */
  readonly samples: readonly (readonly [line: string, srcip: string])[];
  /** Lines that must not. */
  readonly notSamples: readonly string[];
  /** Fires on the event of this number within the time; 1: on each. */
  readonly events: number;
  readonly within: Duration;
  /** Where the two come from. */
  readonly source: string;
  /** What one line is: the description of its rule. */
  readonly line: string;
  /** The description of the burst's rule. */
  readonly description: string;
  readonly level: Level;
  /** Groups of both rules. */
  readonly groups: readonly string[];
}

const v4 = String.raw`(?:\d{1,3}\.){3}\d{1,3}`;
const v6 = "[0-9a-f]*:[0-9a-f:.]*[0-9a-f:]";

/** An address of either family, captured. A name is none: nobody can be blocked by it. */
export const address = `(${v4}|${v6})`;

/** The same in brackets that a service writes around IPv6 alone, or around both. */
export const bracketed = String.raw`\[${address}\]`;

/** What guessers of passwords get unless their service says otherwise. */
export const guessing = {
  events: 6,
  within: "10 min",
  source:
    "six in ten minutes: fail2ban's findtime, and one more than a person who has forgotten the password",
  level: 10,
} as const;

/** What probers get. */
export const probing = {
  events: 10,
  within: "10 min",
  source: "ten in ten minutes: broken links and bad clients cause a few",
  level: 8,
} as const;

/** One of these programs. */
export function named(...programs: readonly string[]): LogPattern {
  return osMatch(programs.map((program) => `^${program}$`).join("|"));
}

/** Whichever program, but for those that old versions of PAM write `su(pam_unix)`. */
export const anyProgram: LogPattern = pcre2(String.raw`^[^(]+\z`);
